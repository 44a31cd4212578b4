/** Roles that bindings give, and accounts that they give them to. */
import type { ClusterIndex } from "./cluster-index";
import { ABSENT, at, type Dangling, entriesOf } from "./reference";

export function accountReferences(index: ClusterIndex): Dangling[] {
  return index.ofKind("RoleBinding", "ClusterRoleBinding").flatMap((from) => {
    const kind = String(at(from, "roleRef", "kind"));
    const name = String(at(from, "roleRef", "name"));
    const namespace = kind === "Role" ? from.metadata.namespace : undefined;
    const role = index.has(kind, name, namespace) || name.startsWith("system:");
    const target = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
    return [
      ...(role ? [] : [{ from, field: "roleRef", target, problem: ABSENT }]),
      ...entriesOf(from.subjects).flatMap((subject, position): Dangling[] => {
        if (subject.kind !== "ServiceAccount") return [];
        const [account, where] = [String(subject.name), String(subject.namespace ?? from.metadata.namespace)];
        if (index.isForeign(where) || index.has("ServiceAccount", account, where)) return [];
        return [
          { from, field: `subjects[${position}]`, target: `ServiceAccount ${where}/${account}`, problem: ABSENT },
        ];
      }),
    ];
  });
}
