/** What stays when the stack is gone, and would not be there without it. */
import { about, type ClusterScene } from "./cluster-scene";
import { type Finding, some } from "./finding";
import { type LiveObject, managersOf } from "./live-object";

/** Under which names programs of the platform write, by the namespace they run in: the rest of an object's fields is theirs alone. */
const WRITERS: readonly { readonly namespace: string; readonly writer: RegExp }[] = [
  { namespace: "argocd", writer: /^argocd-/ },
  { namespace: "cert-manager", writer: /^(cert-manager|cainjector|controller|webhook)(-|$)/ },
  { namespace: "chaos-mesh", writer: /^chaos-/ },
  { namespace: "gatekeeper-system", writer: /^gatekeeper/ },
  { namespace: "istio-system", writer: /^(pilot-discovery|istiod)$/ },
  { namespace: "velero", writer: /^velero/ },
];

const TRACKED = "argocd.argoproj.io/tracking-id";

/** One finding per object that stays: marked as the platform's and unknown to the state, or written by its programs alone. */
export function leftObjects(scene: ClusterScene): Finding[] {
  const { going, snapshot } = scene;
  const writers = WRITERS.filter(({ namespace }) => going.namespaceWave(namespace) !== undefined);
  const stays = snapshot.objects.filter((object) => !going.of(object));
  const retained = new Set(
    going.stackObjects.flatMap((one) => (one.retained ? [`${one.kind}/${one.namespace}/${one.name}`] : [])),
  );
  return stays.flatMap((object) => {
    const cure = scene.commands.delete([object]);
    const left = (why: string) => [about(scene, object, { verdict: "left", why, cure })];
    if (retained.has(`${object.kind}/${object.namespace}/${object.name}`)) {
      return [
        about(scene, object, { verdict: "left", why: "the program says retainOnDelete: the engine only forgets it" }),
      ];
    }
    if (object.metadata.labels?.["app.kubernetes.io/managed-by"] === "fleetwright") {
      return left("it carries the platform's mark, and the state of this stack does not know it");
    }
    const tracked = object.metadata.annotations?.[TRACKED];
    if (tracked !== undefined && going.namespaceWave("argocd") !== undefined) {
      return left(`Argo CD made it for Application ${tracked.split(":")[0]}, and nobody looks after it any more`);
    }
    const writer = writers.find((one) => isWrittenBy(object, one.writer));
    return writer ? left(`a program of namespace ${writer.namespace} made it (${some(managersOf(object))})`) : [];
  });
}

function isWrittenBy(object: LiveObject, writer: RegExp): boolean {
  const managers = managersOf(object);
  return managers.length > 0 && managers.every((manager) => writer.test(manager));
}
