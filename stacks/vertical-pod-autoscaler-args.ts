/** From an environment to the recommended sizes of its clusters. */
import type { VerticalPodAutoscalerArgs } from "../components/vertical-pod-autoscaler";
import type { Environment } from "./environment";

/**
 * @param image reference of an image of the lock, by its name
 * @returns undefined where nobody asks for recommendations
 */
export function verticalPodAutoscalerArgs(
  { components }: Environment,
  image: (of: string) => string,
): Omit<VerticalPodAutoscalerArgs, "objects"> | undefined {
  const { management, replicas } = components.verticalPodAutoscaler;
  if (management === "off") return undefined;
  return {
    management: management === "managed" ? { kind: "managed", image: image("vpa-recommender") } : { kind: "external" },
    replicas,
  };
}
