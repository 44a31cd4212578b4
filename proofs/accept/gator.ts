/**
 * `gator test` on all that one cluster gets: its templates and constraints must be ones that Gatekeeper's engine takes, and
 * none of them may deny an object that is deployed beside it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { groupOf, type KubeObject } from "../../components/kube-object";
import { type FileVerdict, type Program, sentenceOf } from "./program";

/** What `gator test --output=json` says of one object, as far as it is read. */
interface Violation {
  readonly msg: string;
  readonly enforcementAction: string;
  readonly constraint: KubeObject;
  readonly violatingObject: KubeObject;
}

export const gator: Program = {
  tool: "gator",
  image: "gatekeeper",
  judge: async (path, { name, objects }, folder) => {
    const file = join(folder, "objects.yaml");
    writeFileSync(file, objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n"));
    const policies = objects.filter(isPolicy);
    if (policies.length === 0) return [];
    // it would wait for further objects on a standard input that stays open
    const options = { reject: false, stdin: "ignore" } as const;
    const { stderr, stdout } = await execa(path, ["test", `--filename=${file}`, "--output=json"], options);
    // it names the object that it cannot take, and judges nothing then
    if (!stdout.startsWith("[") && stdout.trim() !== "null")
      return [{ file: `${name}/gatekeeper`, message: sentenceOf(stderr || stdout) }];
    const violations: Violation[] = JSON.parse(stdout) ?? [];
    const denials = violations.filter(({ enforcementAction }) => enforcementAction === "deny");
    return policies.map((policy) => verdict(`${name}/gatekeeper/${nameOf(policy)}`, policy, denials));
  },
};

const POLICY_GROUPS = ["templates.gatekeeper.sh", "constraints.gatekeeper.sh"];
const isPolicy = (object: KubeObject) => POLICY_GROUPS.includes(groupOf(object));

const nameOf = ({ kind, metadata }: KubeObject) =>
  [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join("/");

function verdict(file: string, policy: KubeObject, denials: readonly Violation[]): FileVerdict {
  const own = denials.filter(({ constraint }) => nameOf(constraint) === nameOf(policy));
  const message = own.map(({ msg, violatingObject }) => `${nameOf(violatingObject)}: ${msg}`).join("\n");
  return { file, ...(message ? { message } : {}) };
}
