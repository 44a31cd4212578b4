/** From an environment to the Jaeger of one of its clusters. */
import type { JaegerArgs } from "../components/jaeger";
import type { JaegerStorage } from "../components/jaeger/storage";
import type { Environment } from "./environment";
import { platformIssuer } from "./sandbox-controllers";

/** Whether the hub keeps traces: it is to, and there is a place for them. */
export const keepsTraces = (environment: Environment): boolean =>
  environment.components.jaeger.management === "managed" && storageOf(environment) !== undefined;

/**
 * @param senders namespaces of the cluster whose pods begin traces
 * @param image reference of an image of the lock, by its name
 * @returns undefined where Jaeger is somebody else's, or off
 */
export function jaegerArgs(
  environment: Environment,
  name: string,
  senders: readonly string[],
  image: (of: string) => string,
): JaegerArgs | undefined {
  const { collectorReplicas, management, queryReplicas, sampling } = environment.components.jaeger;
  const cluster = environment.clusters[name];
  if (management !== "managed" || !cluster) return undefined;
  const storage = cluster.role === "hub" ? storageOf(environment) : undefined;
  return {
    image: image("jaeger"),
    issuer: platformIssuer(environment),
    askers: senders,
    ...(storage ? { storage } : {}),
    collectorReplicas,
    queryReplicas,
    sampling,
  };
}

function storageOf({ components, name, sandbox }: Environment): JaegerStorage | undefined {
  const { storage } = components.jaeger;
  if (storage === undefined) {
    if (sandbox === undefined) return undefined;
    return { kind: "memory", traces: 50_000, reason: "the sandbox's traces may be lost with the pod that keeps them" };
  }
  const { caSecretName, cidrs, storeNamespace, ...rest } = storage;
  const shared = {
    ...(caSecretName === undefined ? {} : { caSecretName }),
    ...(cidrs === undefined ? {} : { cidrs }),
    ...(storeNamespace === undefined ? {} : { storeNamespace }),
  };
  if (rest.kind === "cassandra") return { ...rest, ...shared };
  return { ...rest, ...shared, indexPrefix: rest.indexPrefix ?? name };
}
