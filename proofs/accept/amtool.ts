/** `amtool` on the routing of alerts: that it is accepted, and that each alert reaches whom the environment means. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Environment } from "../../stacks/environment";
import { containersOf } from "./container";
import { type FileVerdict, type Program, sentenceOf } from "./program";

const CONFIG = "--config.file=";

/** Alertmanager's own tool. */
export const amtool: Program = {
  tool: "amtool",
  image: "alertmanager",
  judge: async (path, { environment, imageRef, name, objects }, folder) => {
    const verdicts: FileVerdict[] = [];
    for (const container of containersOf(objects, imageRef("alertmanager"))) {
      const mounted = container.args.find((arg) => arg.startsWith(CONFIG))?.slice(CONFIG.length) ?? "";
      const place = join(folder, container.name);
      mkdirSync(place, { recursive: true });
      const file = join(place, "alertmanager.yaml");
      writeFileSync(file, container.files.get(mounted) ?? "");
      const faults = await firstFaults(path, file, routesMeant(environment));
      verdicts.push({ file: `${name}/${container.name}`, ...(faults ? { message: faults } : {}) });
    }
    return verdicts;
  },
};

/** Labels of an alert, and the receivers that it must reach. */
export interface Route {
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly string[];
}

/** The routing table as the environment states it: who owns what, and who is told when it lasts. */
export function routesMeant({ name, owner, teams }: Pick<Environment, "name" | "owner" | "teams">): Route[] {
  const here = { environment: name, cluster: "any", alertname: "Any" };
  return [
    { labels: { ...here, alertname: "Watchdog", severity: "none", team: owner }, receivers: ["dead-mans-switch"] },
    { labels: { ...here, severity: "critical", team: "nobody" }, receivers: [owner] },
    { labels: { ...here, severity: "critical" }, receivers: [owner] },
    { labels: { ...here, severity: "warning", team: owner }, receivers: [owner] },
    ...Object.entries(teams).flatMap(([team, { alerts }]) => [
      { labels: { ...here, severity: "warning", team }, receivers: [team] },
      {
        labels: { ...here, severity: "critical", team },
        receivers: alerts.escalateTo === undefined ? [team] : [alerts.escalateTo, team],
      },
      { labels: { ...here, environment: `not-${name}`, severity: "critical", team }, receivers: [owner] },
    ]),
  ];
}

async function firstFaults(path: string, file: string, routes: readonly Route[]): Promise<string | undefined> {
  const checked = await execa(path, ["check-config", file], { all: true, reject: false });
  if (checked.failed) return sentenceOf(checked.all);
  const faults: string[] = [];
  for (const { labels, receivers } of routes) {
    const said = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    const test = ["config", "routes", "test", `--config.file=${file}`, `--verify.receivers=${receivers.join(",")}`];
    const { all, failed } = await execa(path, [...test, ...said], { all: true, reject: false });
    if (failed) faults.push(`{${said.join(", ")}} must reach ${receivers.join(", ")}: ${all.trim()}`);
  }
  return faults.length === 0 ? undefined : faults.join("\n");
}
