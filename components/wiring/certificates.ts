/** Who signs certificates. */
import type { ClusterIndex } from "./cluster-index";
import { isSecret } from "./pod-references";
import { ABSENT, at, type Dangling, fieldsOf, namedFieldsIn, textOf } from "./reference";

export function certificateReferences(index: ClusterIndex): Dangling[] {
  return [
    ...index.ofKind("Certificate").flatMap((from): Dangling[] => {
      const { group = "cert-manager.io", kind = "Issuer", name } = fieldsOf(at(from, "spec", "issuerRef"));
      const namespace = kind === "Issuer" ? from.metadata.namespace : undefined;
      if (group !== "cert-manager.io" || index.has(String(kind), String(name), namespace)) return [];
      return [{ from, field: "spec.issuerRef", target: `${kind} ${name}`, problem: ABSENT }];
    }),
    // a CA's Secret stands beside the Issuer, and for a ClusterIssuer where cert-manager's controller looks
    ...index.ofKind("Issuer", "ClusterIssuer").flatMap((from) =>
      namedFieldsIn(from.spec, ["ca"], "spec").flatMap(({ path, value }): Dangling[] => {
        const name = textOf(at(value, "secretName"));
        const places = from.metadata.namespace !== undefined ? [from.metadata.namespace] : controllerNamespaces(index);
        if (name === undefined || places.length === 0 || places.some((place) => isSecret(index, name, place)))
          return [];
        return [{ from, field: `${path}.secretName`, target: `Secret ${places[0]}/${name}`, problem: ABSENT }];
      }),
    ),
  ];
}

/** Where Certificates of a ClusterIssuer's own CA would be: the namespace of cert-manager. */
function controllerNamespaces(index: ClusterIndex): string[] {
  const controllers = index.pods.filter(
    ({ labels }) =>
      labels["app.kubernetes.io/name"] === "cert-manager" && labels["app.kubernetes.io/component"] === "controller",
  );
  return [...new Set(controllers.map(({ namespace }) => namespace))];
}
