import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type AlertmanagerArgs, AlertmanagerChart } from "../../../components/alertmanager";
import { objectsOf } from "../../../components/kube-object";
import { packageRoot } from "../../../components/package-root";
import { amtool, routesMeant } from "../../../proofs/accept/amtool";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { alertmanagerArgs } from "../../../stacks/alertmanager-args";
import { type Environment, loadEnvironment } from "../../../stacks/environment";

const dev = loadEnvironment("dev", packageRoot());
const image = "registry.example/alertmanager";

describe("the routes that an environment means", () => {
  it("lead to each team, to whom it escalates to, and else to the owner", () => {
    const said = routesMeant(dev).map(({ labels: { alertname, environment, severity, team }, receivers }) =>
      [alertname, environment, severity, team, "→", ...receivers].join(" "),
    );
    expect(said).toEqual([
      "Watchdog dev none platform → dead-mans-switch",
      "Any dev critical nobody → platform",
      "Any dev critical  → platform",
      "Any dev warning platform → platform",
      "Any dev warning platform → platform",
      "Any dev critical platform → platform",
      "Any not-dev critical platform → platform",
      "Any dev warning payments → payments",
      "Any dev critical payments → platform payments",
      "Any not-dev critical payments → platform",
      "Any dev warning search → search",
      "Any dev critical search → search",
      "Any not-dev critical search → platform",
    ]);
  });
});

const built = installedTools().find(({ tool }) => tool === "amtool");

(built ? describe : describe.skip)("amtool (skipped where it is not built)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (changed: Partial<AlertmanagerArgs> = {}, environment: Environment = dev) => {
    const args = alertmanagerArgs(dev, "hub", () => image);
    if (!args) throw new Error("the hub has an Alertmanager");
    const objects = objectsOf(new AlertmanagerChart({ ...args, ...changed }));
    return amtool.judge(built?.path ?? "", { name: "hub", objects, environment, imageRef: () => image }, folder);
  };
  const file = "hub/alertmanager/alertmanager/server";

  it("accepts the routing, and finds that each alert reaches whom the environment means", async () => {
    expect(await judge()).toEqual([{ file }]);
  });

  it("finds an alert that reaches somebody else", async () => {
    const teams = Object.fromEntries(
      Object.keys(dev.teams).map((team) => [team, { receiver: { kind: "none" as const } }]),
    );
    const [verdict] = await judge({ teams });
    expect(verdict?.message).toMatch(/team=payments\} must reach platform, payments/);
    expect(verdict?.message).not.toMatch(/team=search/);
  });

  it("finds an alert of another environment that reaches a team", async () => {
    const [verdict] = await judge({ environment: "not-dev" });
    expect(verdict?.message).toMatch(/environment=not-dev/);
  });

  it("refuses a configuration that its program would refuse", async () => {
    const [verdict] = await judge({
      teams: { search: { receiver: { kind: "slack", channel: "#a" } } },
      owner: "search",
    });
    expect(verdict?.message).toMatch(/must reach/);
    const objects = objectsOf(
      new AlertmanagerChart({ ...(alertmanagerArgs(dev, "hub", () => image) as AlertmanagerArgs) }),
    ).map((object) =>
      object.kind === "ConfigMap" ? { ...object, data: { "alertmanager.yaml": "route: { reciever: a }" } } : object,
    );
    const [refused] = await amtool.judge(
      built?.path ?? "",
      { name: "hub", objects, environment: dev, imageRef: () => image },
      folder,
    );
    expect(refused?.message).toMatch(/reciever/);
  });
});
