/**
 * Who is told of which alert, and how often.
 *
 *     alert ─┬─ Watchdog ───────────────────────▶ dead man's switch, every minute
 *            ├─ of another environment ─────────▶ owner of the platform, for it is a fault of its own
 *            ├─ critical, and lasts ────────────▶ the team that the team escalates to
 *            ├─ of a team ──────────────────────▶ the team: critical again each hour, else each twelve
 *            └─ of nobody ──────────────────────▶ owner of the platform
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#route
 */
import { stringify } from "yaml";
import { DEAD_MANS_SWITCH, type Receiver, receiver } from "./receivers";

/** How one team is told. */
export interface TeamAlerts {
  readonly receiver: Receiver;
  /** Who is told as well of a critical alert that is still there after so many minutes, 1–1440. @default nobody */
  readonly escalation?: { readonly team: string; readonly afterMinutes: number } | undefined;
}

export interface RoutingArgs {
  /** Name of the environment: the label `environment` of its alerts. */
  readonly environment: string;
  /** Team that is told where no other is. */
  readonly owner: string;
  /** Teams by name: the label `team` of their alerts. */
  readonly teams: Readonly<Record<string, TeamAlerts>>;
  /** Whether somebody outside raises an alarm when nothing arrives any more. */
  readonly deadMansSwitch: boolean;
}

/** The alerts of whole clusters, one name each: while one fires, nobody needs to hear of that cluster's parts. */
const CLUSTER_SILENT = "ClusterSilent.*";

const WATCHDOG = "Watchdog";

/** The configuration file of Alertmanager, as YAML. */
export function routing(args: RoutingArgs): string {
  const { deadMansSwitch, environment, owner, teams } = args;
  const { [owner]: _, ...others } = teams;
  return stringify(
    {
      route: {
        receiver: owner,
        // one notification per fault, and not one per pod
        group_by: ["alertname", "cluster", "namespace"],
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: "12h",
        routes: [
          {
            matchers: [`alertname="${WATCHDOG}"`],
            receiver: DEAD_MANS_SWITCH,
            group_by: ["cluster"],
            group_wait: "0s",
            group_interval: "1m",
            repeat_interval: "1m",
          },
          { matchers: [`environment!="${environment}"`], receiver: owner },
          ...Object.entries(teams).flatMap(([team, { escalation }]) =>
            escalation ? [escalated(team, escalation)] : [],
          ),
          ...Object.keys(teams).map(ofTeam),
        ],
      },
      receivers: [
        receiver(owner, teams[owner]?.receiver ?? { kind: "none" }),
        receiver(DEAD_MANS_SWITCH, { kind: deadMansSwitch ? "webhook" : "none" }),
        ...Object.entries(others).map(([team, alerts]) => receiver(team, alerts.receiver)),
      ],
      inhibit_rules: [
        {
          source_matchers: ['severity="critical"'],
          target_matchers: ['severity="warning"'],
          equal: ["alertname", "cluster", "namespace"],
        },
        {
          source_matchers: [`alertname=~"${CLUSTER_SILENT}"`],
          target_matchers: [`alertname!~"${CLUSTER_SILENT}|${WATCHDOG}"`],
          equal: ["cluster"],
        },
      ],
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

const ofTeam = (team: string) => ({
  matchers: [`team="${team}"`],
  receiver: team,
  routes: [{ matchers: ['severity="critical"'], receiver: team, group_wait: "10s", repeat_interval: "1h" }],
});

/** Each alert is a group of its own, whose first notification waits: what is resolved by then is never sent. */
const escalated = (team: string, { afterMinutes, team: next }: NonNullable<TeamAlerts["escalation"]>) => ({
  matchers: [`team="${team}"`, 'severity="critical"'],
  receiver: next,
  group_by: ["..."],
  group_wait: `${afterMinutes}m`,
  repeat_interval: "4h",
  // and its own team as well
  continue: true,
});
