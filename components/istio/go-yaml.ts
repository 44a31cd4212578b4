/** YAML as Go programs read it: words such as `OFF` or `yes`, which YAML 1.1 takes for booleans, are quoted. */
import { stringify } from "yaml";

/** One line per value, however long: a template in it must not be broken. */
export const goYaml = (value: object): string => stringify(value, { compat: "yaml-1.1", lineWidth: 0 });
