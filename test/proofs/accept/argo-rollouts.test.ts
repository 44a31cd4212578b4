import { beforeAll, describe, expect, it } from "@jest/globals";
import { ArgoRolloutsChart } from "../../../components/argo-rollouts";
import { type KubeObject, objectsOf } from "../../../components/kube-object";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { argoRollouts } from "../../../proofs/accept/argo-rollouts";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../../stacks/environment";

beforeAll(() => ensureUpstream(), 300_000);

interface PodController {
  readonly template: { readonly spec: { readonly containers: readonly { readonly args: string[] }[] } };
}

const image = "registry.example/argo-rollouts";
const environment = loadEnvironment("dev", packageRoot());
const built = installedTools().find(({ tool }) => tool === "argo-rollouts");

(built ? describe : describe.skip)("Argo Rollouts' controller (skipped where it is not built)", () => {
  const render = () =>
    objectsOf(new ArgoRolloutsChart({ management: { kind: "managed", image }, tenantNamespaces: ["shop"] }));
  const judge = (objects: readonly KubeObject[]) =>
    argoRollouts.judge(built?.path ?? "", { name: "hub", objects, environment, imageRef: () => image }, "");
  /** The render with one more argument. */
  const withArgument = (argument: string) =>
    render().map((object) => {
      if (object.kind !== "Deployment") return object;
      const copy = structuredClone(object) as KubeObject & { spec: PodController };
      copy.spec.template.spec.containers[0]?.args.push(argument);
      return copy;
    });
  const file = "hub/argo-rollouts/argo-rollouts/controller";

  it("accepts the command line that is rendered", async () => {
    expect(await judge(render())).toEqual([{ file }]);
  });

  it.each([
    ["a misspelt flag", "--leader-elected=true", "unknown flag: --leader-elected"],
    ["a value that a flag cannot have", "--rollout-threads=many", 'invalid argument "many"'],
  ])("refuses %s, and names it", async (_, argument, message) => {
    expect(await judge(withArgument(argument))).toEqual([{ file, message: expect.stringContaining(message) }]);
  });
});
