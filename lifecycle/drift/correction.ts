/**
 * Puts back what drifted. The engine does what it can see, judged by the rules and in order; two things it cannot see: an
 * item that was put at the end of a list, and an object that somebody made again as it was. Those are applied by our name
 * once more, as the engine itself does.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { execa } from "execa";
import { IDENTITY } from "../../components/order";
import { FIELD_MANAGER } from "../../components/placed-objects";
import { instanceFolder } from "../../stacks/kubeconfig";
import { driftTargets, findDrift } from "../drift";
import { engineEnvironment, processEnvironment } from "../engine-environment";
import { runEngine } from "../engine-run";
import type { ProjectStack } from "../project-stacks";
import type { DriftTarget } from "./cluster-drift";
import { type DriftEntry, objectName } from "./drift-entry";
import { isSame } from "./field-path";

/** Something that could not be corrected: what the engine or the API server said. */
export class CorrectionError extends Error {
  override readonly name = "CorrectionError";
}

/** Without it the engine would end at the first field that another owner holds. */
const FORCE = "PULUMI_K8S_ENABLE_PATCH_FORCE";

/**
 * Corrects one stack. What carries our label and is known to nobody is left to a human: it may be somebody's work.
 *
 * @param found what drifted
 * @param say gets each command before it runs, as a line that does the same after `eval "$(fleetwright env …)"`
 * @throws EngineRunError, CorrectionError when something was refused
 */
export async function correct(
  stack: ProjectStack,
  root: string,
  found: readonly DriftEntry[],
  say: (line: string) => void,
): Promise<void> {
  const variables = new Map(engineEnvironment(stack.environment, { root, stack: stack.stack }));
  variables.set(FORCE, "true");
  // the program refuses a cluster with another mark, though it is the same cluster
  await applyWhere(await driftTargets(stack, root), found.filter(isMark), { root, variables, say });
  const words = ["up", "--refresh", "--yes", "--skip-preview", `--stack=${stack.stack}`];
  say(`$ ${FORCE}=true pulumi ${words.join(" ")}`);
  say(`  ${await runEngine({ root, variables, words })}`);
  const { drift } = await findDrift([stack], root);
  await applyWhere(await driftTargets(stack, root), drift, { root, variables, say });
}

/** How kubectl is run. */
interface Run {
  readonly root: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly say: (line: string) => void;
}

const isMark = ({ object }: DriftEntry) =>
  object.kind === "ConfigMap" && object.namespace === IDENTITY.namespace && object.name === IDENTITY.name;

async function applyWhere(targets: readonly DriftTarget[], drift: readonly DriftEntry[], run: Run): Promise<void> {
  for (const target of targets) {
    const { cluster, stack } = target.mark;
    const here = drift.filter(
      (one) => one.stack === stack && one.cluster === cluster && !NOT_APPLIED.includes(one.kind),
    );
    if (here.length > 0) await apply(target, here, run);
  }
}

/** What applying does not mend: only the engine makes objects, in their order. */
const NOT_APPLIED: readonly DriftEntry["kind"][] = ["deleted", "orphan"];

async function apply(
  { access, declared, mark }: DriftTarget,
  drift: readonly DriftEntry[],
  { root, say, variables }: Run,
): Promise<void> {
  const objects = declared.filter(({ object }) => drift.some((one) => isSame(one.object, objectName(object))));
  const file = join(root, instanceFolder(), "drift", `${mark.stack}-${mark.cluster}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const list = { apiVersion: "v1", kind: "List", items: objects.map(({ object }) => object) };
  writeFileSync(file, JSON.stringify(list, null, 2), { mode: 0o600 });
  const place = [`--kubeconfig=${access.kubeconfig}`, `--context=${access.context}`];
  const words = ["apply", "--server-side", "--force-conflicts", `--field-manager=${FIELD_MANAGER}`];
  const command = [...place, ...words, `--filename=${relative(root, file)}`];
  say(`$ kubectl ${command.join(" ")}`);
  const run = await execa(access.kubectl ?? "kubectl", command, {
    cwd: root,
    env: processEnvironment(variables),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  if (run.exitCode !== 0) throw new CorrectionError(`cluster ${mark.cluster}: ${run.stderr.trim()}`);
  say(`  ${objects.length} applied`);
}
