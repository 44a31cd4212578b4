/**
 * What must be alive before anything is lost, each asked and none assumed: what a rebuild is made of, and what must open
 * it. A drill that lacks one would prove nothing, or lose what it cannot bring back.
 */
import { readFileSync, statSync } from "node:fs";
import { ensureUpstream } from "../../components/upstream";
import { toolFaults } from "../../sandbox/toolchain/tools";
import { credentialInventory } from "../../stacks/credential-inventory";
import type { Environment } from "../../stacks/environment";
import { ClusterUnreachable, LiveCluster } from "../../stacks/live-cluster";
import { readIdentity } from "../../stacks/ownership";
import { clusterAccess } from "../cluster-access";
import { listCredentials } from "../credentials/list";
import { findInterruption } from "../interrupted-run";
import { askAdmission } from "./admission";
import type { Precondition } from "./report";
import { type Revision, revisionFault } from "./revision";
import type { Runbook } from "./runbook";
import { runLine, type Shell } from "./shell-line";

export interface PreconditionArgs {
  readonly environment: Environment;
  readonly root: string;
  readonly stack: string;
  readonly clusters: readonly string[];
  readonly revision: Revision | undefined;
  readonly runbook: Runbook;
  readonly shell: Shell;
  /** File that the state is backed up to. */
  readonly backup: string;
  /** Why data could not be restored, a sentence; undefined where it could, or is not wanted. */
  readonly unrestorable: string | undefined;
}

/** Longest that admission is asked before anything is lost: it answers now, or not at all. */
const ADMISSION_SECONDS = 10;

/** Asks for everything, whatever the answers; none changes anything but the backup's file and caches. */
export async function provePreconditions(args: PreconditionArgs): Promise<Precondition[]> {
  const { environment, revision, root, stack } = args;
  const fault = revisionFault(revision, environment.sandbox !== undefined);
  const interruption = environment.sandbox && findInterruption({ root, stack });
  const clusters = await Promise.all(Object.keys(environment.clusters).map((cluster) => provedCluster(args, cluster)));
  return [
    fault
      ? { name: "revision", ok: false, ...fault }
      : { name: "revision", ok: true, message: revisionMessage(revision as Revision) },
    await proved("tools", "run `fleetwright sandbox up`, which installs what is missing", async () => {
      const faults = await toolFaults("core");
      if (faults.length > 0) throw new Error(faults.map(({ tool, message }) => `${tool}: ${message}`).join("; "));
      return "the pinned engine, its plugins and the control plane's programs are here, each as it was installed";
    }),
    await proved(
      "registry",
      "connect to a Go module proxy, or set FLEETWRIGHT_UPSTREAM to a folder that mirrors the files",
      async () => {
        await ensureUpstream();
        return "every upstream manifest of upstream.lock.yaml is cached; a sandbox pulls no image";
      },
    ),
    interruption
      ? {
          name: "last run",
          ok: false,
          message: interruption.message,
          cure: `evaluate \`eval "$(fleetwright env)"\` again`,
        }
      : { name: "last run", ok: true, message: "ended by itself" },
    await provedBackup(args),
    await provedKeys(environment, root),
    ...clusters,
    ...(args.unrestorable
      ? [{ name: "data", ok: false, message: args.unrestorable, cure: "drill without --restore" }]
      : []),
    ...(await provedAdmission(args)),
  ];
}

const revisionMessage = ({ commit = "", pushed, remotes }: Revision) =>
  `commit ${commit.slice(0, 12)}, nothing beside it${pushed ? `, pushed to ${remotes.join(", ")}` : remotes.length > 0 ? ", not pushed yet" : ", no remote"}`;

/** The backup, read back, and opened with what keeps the stack's secrets. */
async function provedBackup({ backup, shell, stack }: PreconditionArgs): Promise<Precondition> {
  return proved("state backup", "look at PULUMI_BACKEND_URL, and at what opens the stack's secrets", async () => {
    const exported = await runLine(shell, `pulumi stack export --stack ${stack} --file '${backup}'`, "export");
    if (exported.exitCode !== 0) throw new Error(exported.text.trim());
    const { deployment } = JSON.parse(readFileSync(backup, "utf8")) as {
      readonly deployment?: {
        readonly resources?: readonly unknown[];
        readonly secrets_providers?: { readonly type?: string };
      };
    };
    const resources = deployment?.resources?.length ?? 0;
    if (resources === 0) throw new Error(`stack ${stack} holds nothing: run \`pulumi up\` first`);
    // opens every secret of the backup and keeps none: what it prints is counted, not written down
    const opened = await runLine(shell, `pulumi stack export --stack ${stack} --show-secrets | wc -c`, "opened");
    const bytes = Number(opened.text.trim().split("\n").at(-1));
    if (opened.exitCode !== 0 || !(bytes > 2)) throw new Error(`its secrets cannot be opened: ${opened.text.trim()}`);
    const kibibytes = Math.ceil(statSync(backup).size / 1024);
    const by = deployment?.secrets_providers?.type ?? "no secrets provider";
    return `${resources} resources, ${kibibytes} KiB, read back and opened with its ${by}: ${backup}`;
  });
}

async function provedKeys(environment: Environment, root: string): Promise<Precondition> {
  return proved("keys", "run `fleetwright credentials issue`, or restore the store", async () => {
    if (credentialInventory(environment).length === 0) return "nothing of this environment is kept in a secret store";
    const credentials = await listCredentials(environment, root);
    // tokens die with their cluster and are issued again; the others nobody can bring back
    const lasting = credentials.filter(({ kind }) => kind !== "token");
    const lacking = lasting.filter(({ state }) => state === "missing" || state === "expired");
    if (lacking.length > 0) {
      throw new Error(lacking.map(({ entry, name, state }) => `${name} is ${state} (${entry})`).join(", "));
    }
    const authority = lasting.find(({ kind }) => kind === "authority");
    const valid = authority?.expires ? `, the CA until ${authority.expires.slice(0, 10)}` : "";
    return `the store opens, and has all ${lasting.length} entries that a rebuild reads${valid}`;
  });
}

async function provedCluster(
  { clusters, environment, root, stack }: PreconditionArgs,
  cluster: string,
): Promise<Precondition> {
  const access = clusterAccess(environment, root, cluster);
  return proved(`cluster ${cluster}`, "mend `context` or the kubeconfig, or start the cluster", async () => {
    const live = await LiveCluster.open(access);
    try {
      const identity = await readIdentity(live);
      const found =
        identity && `cluster ${identity.cluster} of environment ${identity.environment} (stack ${identity.stack})`;
      if (identity?.environment !== environment.name || identity.cluster !== cluster) {
        throw new Error(
          `context ${access.context} leads to ${found ?? "a cluster that carries no mark"}: it is not ours to lose`,
        );
      }
      if (clusters.includes(cluster) && identity.stack !== stack)
        throw new Error(`it is of stack ${identity.stack}, not ${stack}`);
      return `answers, and is ${found}`;
    } finally {
      live.close();
    }
  });
}

/** What must hold again afterwards holds now; else nothing would be proved by it. */
async function provedAdmission({ runbook, shell }: PreconditionArgs): Promise<Precondition[]> {
  const steps = runbook.recovery.filter(({ admitted, refusedWith }) => admitted || refusedWith);
  return Promise.all(
    steps.map(async (step) => {
      const name = `admission of ${/--context (\S+)/.exec(step.line)?.[1]}, ${step.admitted ? "allowed" : "forbidden"} Pod`;
      const { message, ok } = await askAdmission(shell, step, ADMISSION_SECONDS);
      return ok
        ? { name, ok, message }
        : { name, ok, message, cure: "run `pulumi up`, then look at Gatekeeper's pods" };
    }),
  );
}

async function proved(name: string, cure: string, ask: () => Promise<string>): Promise<Precondition> {
  try {
    return { name, ok: true, message: await ask() };
  } catch (error) {
    if (!(error instanceof Error) || (error.constructor !== Error && !EXPECTED.has(error.name))) throw error;
    return { name, ok: false, message: error.message, cure };
  }
}

/** What clusters, stores, tools and files throw; whatever else is a bug. */
const EXPECTED = new Set([
  ClusterUnreachable.name,
  "CredentialsInvalid",
  "StoreUnavailable",
  "SandboxError",
  "ToolError",
  "UpstreamError",
  "SyntaxError",
]);
