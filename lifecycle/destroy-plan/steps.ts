/** The commands of a safe destroy in their order: what would hang is ended first, then the engine runs, then what stays is looked at. */
import type { Finding, Verdict } from "./finding";

export interface Step {
  /** `before` the engine deletes anything, `destroy`, or `after` it. */
  readonly when: "before" | "destroy" | "after";
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
    ...cures("before", "end what answers nobody", others.filter(isDeaf), ["hangs", "unknown"]),
    ...cures(
      "before",
      "end what would hang",
      others.filter((one) => !isDeaf(one)),
      ["hangs", "unknown"],
    ),
    unreachable.length === 0
      ? { when: "destroy", purpose: "destroy", command: destroy }
      : { when: "destroy", purpose: "destroy what can be reached", command: `${destroy} --continue-on-error` },
    ...cures("after", "strike out a cluster that is gone for good", unreachable, ["unknown"]),
    ...cures("after", "delete what stays, if nobody needs it", others, ["left"]),
  ];
}

const isDeaf = ({ object: { kind } }: Finding) => kind === "APIService" || kind.endsWith("WebhookConfiguration");

function cures(
  when: Step["when"],
  purpose: string,
  findings: readonly Finding[],
  verdicts: readonly Verdict[],
): Step[] {
  const commands = findings.flatMap(({ cure, verdict }) => (cure && verdicts.includes(verdict) ? [cure] : []));
  return joined([...new Set(commands)]).map((command) => ({ when, purpose, command }));
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
