/** The commands of a safe destroy in their order: what would hang is ended first, then the engine runs, then what stays is looked at. */
import type { Finding, Verdict } from "./finding";

export interface Step {
  /** What the line does, in a few words. */
  readonly purpose: string;
  readonly command: string;
}

interface StackToEnd {
  readonly stack: string;
  /** Whether the state holds nothing. */
  readonly isEmpty: boolean;
}

/** Empty where there is nothing to destroy. */
export function safeSteps(findings: readonly Finding[], { isEmpty, stack }: StackToEnd): Step[] {
  if (isEmpty) return [];
  const unreachable = findings.filter(({ object, verdict }) => verdict === "unknown" && object.kind === "Cluster");
  const others = findings.filter((finding) => !unreachable.includes(finding));
  const destroy = `pulumi destroy --stack ${stack}`;
  return [
    // a webhook or an API that answers nobody holds up the cures of everything else
    ...cures("end what answers nobody", others, ["hangs", "unknown"], isDeaf),
    ...cures("end what would hang", others, ["hangs", "unknown"], (finding) => !isDeaf(finding)),
    unreachable.length === 0
      ? { purpose: "destroy", command: destroy }
      : { purpose: "destroy what can be reached", command: `${destroy} --continue-on-error` },
    ...cures("strike out a cluster that is gone for good", unreachable, ["unknown"]),
    ...cures("delete what stays, if nobody needs it", others, ["left"]),
  ];
}

const isDeaf = ({ object: { kind } }: Finding) => kind === "APIService" || kind.endsWith("WebhookConfiguration");

function cures(
  purpose: string,
  findings: readonly Finding[],
  verdicts: readonly Verdict[],
  isMeant: (finding: Finding) => boolean = () => true,
): Step[] {
  const meant = findings.filter((finding) => verdicts.includes(finding.verdict) && isMeant(finding));
  return joined([...new Set(meant.flatMap(({ cure }) => cure ?? []))]).map((command) => ({ purpose, command }));
}

/** Deletions of one kind and namespace, which end with a name each, as one command. */
function joined(commands: readonly string[]): string[] {
  const lines = new Map<string, string>();
  for (const command of commands) {
    const [, head, name] = /^(.* delete \S+) ([^- ]\S*)$/.exec(command) ?? [];
    const before = head && lines.get(head);
    lines.set(head ?? command, before && name ? `${before} ${name}` : command);
  }
  return [...lines.values()];
}
