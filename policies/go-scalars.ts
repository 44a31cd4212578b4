/**
 * Plain scalars as kubectl and Gatekeeper's tools read them: YAML 1.1 by go-yaml v2, which departs from the specification.
 * `1:30` and `2026-01-01` are texts, `e1` is no number, `0o7` is one.
 *
 * @see https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/resolve.go
 */
import type { ScalarTag, Tags } from "yaml";

const INT = "tag:yaml.org,2002:int";
const FLOAT = "tag:yaml.org,2002:float";
/** Of the library, which makes dates and buffers of them. */
const OTHERS = ["tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:binary"];

const isNumber = (value: unknown) => typeof value === "number";
const digitsOf = (text: string) => text.replaceAll("_", "");

const octal: ScalarTag = {
  tag: INT,
  default: true,
  identify: isNumber,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => (text.startsWith("-") ? -1 : 1) * Number(digitsOf(text).replace(/^[-+]/, "")),
};

const float: ScalarTag = {
  tag: FLOAT,
  default: true,
  identify: isNumber,
  test: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
  resolve: (text) => Number(digitsOf(text)),
};

const binary: ScalarTag = {
  tag: "tag:yaml.org,2002:binary",
  identify: () => false,
  resolve: (text) => Buffer.from(text, "base64").toString("utf8"),
};

/** For `customTags` of the library, in place of the tags of YAML 1.1. */
export function goScalars(tags: Tags): Tags {
  return [...tags.filter((tag) => typeof tag === "string" || !isOfYaml(tag as ScalarTag)), octal, float, binary];
}

/** Numbers in base 60, dates, and the library's own idea of a float; `.nan` and `.inf` stay. */
function isOfYaml({ format, tag, test }: ScalarTag): boolean {
  if (format === "TIME" || format === "EXP" || OTHERS.includes(tag)) return true;
  return tag === FLOAT && test !== undefined && !test.test(".nan") && !test.test(".inf");
}
