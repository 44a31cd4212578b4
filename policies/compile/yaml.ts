import { stringify } from "yaml";

/** YAML for kubectl and gator. They read YAML 1.1, where an unquoted `yes` is true. */
export function toYaml(object: object): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}
