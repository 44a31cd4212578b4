/** The objects that are registered, applied, compared and deleted: many, small, and waited for by nobody. */
import { deletedAtOnce } from "../../components/deletion";
import type { KubeObject } from "../../components/kube-object";

/**
 * Name of the environment, the stack, the cluster, and the namespace of all objects. The namespace stands before the first
 * measurement: deleting one takes seconds, whoever asks.
 */
export const BENCH = "bench";

/** The objects as one List, in the project's folder: kubectl applies it, the program reads it. */
export const OBJECTS_FILE = "objects.json";

/** One object in so many is a Deployment, the others are ConfigMaps: about the share of a platform's own objects. */
const DEPLOYMENT_EVERY = 5;

/**
 * `skipAwait` is there for the engine: kubectl waits for no Deployment either. The field manager is the one that every
 * object of the platform names.
 */
const ANNOTATIONS = { "pulumi.com/skipAwait": "true", "pulumi.com/patchFieldManager": "fleetwright" };

/**
 * `count` objects: four ConfigMaps to one Deployment. The Deployments want no replicas, so that neither side pays for
 * pods that it did not ask about.
 */
export function generatedObjects(count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `bench-${String(index).padStart(5, "0")}`;
    // as the bridge registers them, so that kubectl finds no difference
    return deletedAtOnce((index + 1) % DEPLOYMENT_EVERY === 0 ? deployment(name) : configMap(name));
  });
}

function configMap(name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(name),
    data: { "settings.yaml": `name: ${name}\n` },
  };
}

/** With an image that every rule of the pack allows. */
function deployment(name: string): KubeObject {
  const selected = { "app.kubernetes.io/name": name };
  const image = `ghcr.io/acme/bench:1.0.0@sha256:${"0".repeat(64)}`;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(name),
    spec: {
      replicas: 0,
      selector: { matchLabels: selected },
      template: { metadata: { labels: selected }, spec: { containers: [{ ...CONTAINER, image }] } },
    },
  };
}

/** As the rules want one: a preview with a thousand warnings would measure those. */
const CONTAINER = {
  name: "bench",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  },
  resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "16Mi" } },
  readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
  livenessProbe: { httpGet: { path: "/live", port: 8080 } },
};

const metadata = (name: string): KubeObject["metadata"] => ({
  name,
  namespace: BENCH,
  labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "fleetwright" },
  annotations: ANNOTATIONS,
});
