/** A rule as Gatekeeper reads it: a ConstraintTemplate with the same Rego. */
import { withExemptions } from "../exemption";
import { asLibrary, gateModule } from "./gate";
import type { RuleSource } from "./rule-folders";

/**
 * The object, ready to be written as YAML.
 *
 * Rego v1 must stand under `code`: `targets[].rego` is read as v0 and would win over it (Gatekeeper 3.19 and later).
 */
export function constraintTemplate({ rule, rego, libraries }: RuleSource): object {
  const source = { version: "v1", rego: gateModule(rule.name), libs: [...libraries, asLibrary(rule.name, rego)] };
  return {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: {
      name: rule.kind.toLowerCase(),
      annotations: {
        "metadata.gatekeeper.sh/title": `${rule.id} ${rule.title}`,
        description: rule.description,
        // a constraint can be made only when Gatekeeper has made its kind
        "pulumi.com/waitFor": "jsonpath={.status.created}=true",
      },
    },
    spec: {
      crd: {
        spec: {
          names: { kind: rule.kind },
          validation: { openAPIV3Schema: withExemptions(rule.parameters) },
        },
      },
      targets: [{ target: "admission.k8s.gatekeeper.sh", code: [{ engine: "Rego", source }] }],
    },
  };
}
