/** A rule to begin with: a folder whose rule compiles, with one case of each verdict to change. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { policiesPath } from "./folder";
import { ownNameFaults } from "./own-rules";
import { ruleIdSchema } from "./parameters";
import { packageOf, RULE_NAME, type Rule } from "./rule";

/** What must hold for a new rule, and does not; nothing was written. */
export class NewRuleError extends Error {
  override readonly name = "NewRuleError";
}

/**
 * Writes `policies/rules/<name>/` and gives the paths of its files.
 *
 * @param name lower-case words with dashes between them: `host-network`
 * @param id two letters of the rule's family and a number that no other rule has: `PS-90`
 * @param rules folder that holds a folder for each rule
 * @param known rules of others, whose families and names are theirs. @default none: the folder is the package's own
 * @throws NewRuleError with all that is wrong
 */
export function newRule(
  name: string,
  id: string,
  rules = policiesPath("rules"),
  known: readonly Rule[] = [],
): string[] {
  const faults = [...nameFaults(name, rules), ...idFaults(id, rules), ...ownNameFaults({ id, name }, known)];
  if (faults.length > 0) throw new NewRuleError(faults.join("\n"));
  return Object.entries(files(name, id)).map(([path, text]) => {
    const file = join(rules, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}

function nameFaults(name: string, rules: string): string[] {
  if (!RULE_NAME.test(name)) return [`the name "${name}": use lower-case words, as in host-network`];
  return existsSync(join(rules, name)) ? [`the name "${name}": policies/rules/${name} is there already`] : [];
}

function idFaults(id: string, rules: string): string[] {
  const { error } = ruleIdSchema.safeParse(id);
  if (error) return [`the id "${id}": ${error.issues[0]?.message}`];
  const owner = (existsSync(rules) ? readdirSync(rules) : []).find(
    (folder) => idOf(join(rules, folder, "meta.yaml")) === id,
  );
  return owner ? [`the id ${id}: policies/rules/${owner} has it`] : [];
}

function idOf(meta: string): unknown {
  return existsSync(meta) ? (parse(readFileSync(meta, "utf8")) as { id?: unknown }).id : undefined;
}

/** The rule that `docs/how-to/write-a-rule.md` begins with: every part is there, and each is to be changed. */
function files(name: string, id: string): Record<string, string> {
  return {
    "meta.yaml": `id: ${id}
title: Say here what holds, as a sentence.
description: >-
  Say here why it matters and how to comply.
severity: medium
levels: { prod: warn, dev: warn }
points: [preview, admission, audit]
# sets of policies/lib/kinds.yaml, or kinds: { group: batch, kind: Job }
match: [workloads]
# what a value that a preview does not know may turn out to be: one that is refused, one that is allowed
unknown:
  shape: value
  values: [true, false, { hostNetwork: true }, { hostNetwork: false }]
sources: [https://kubernetes.io/docs/concepts/security/pod-security-standards/]
`,
    "rule.rego": `package ${packageOf(name)}

import data.lib.workload

violation contains {"msg": msg, "details": {"path": path}} if {
	some pod in workload.pod_specs(input.review.object)
	pod.spec.hostNetwork == true
	path := concat(".", [pod.path, "hostNetwork"])
	msg := concat("", [path, " is true: leave it out, and reach the node by a Service"])
}
`,
    "cases/first.yaml": `# At least four objects that are allowed and four that are denied: those that a careless rule would get wrong.
name: what is denied
object: { apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { hostNetwork: true, containers: [] } }
expect: { verdict: deny, paths: [spec.hostNetwork] }
---
name: what is allowed
object: { apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { containers: [] } }
expect: { verdict: allow }
---
name: what is not known in a preview
object: { apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { containers: [] } }
unknown: [spec.hostNetwork]
expect: { verdict: undetermined, paths: [spec.hostNetwork] }
`,
  };
}
