import { beforeAll, describe, expect, it } from "@jest/globals";
import { ensureUpstream } from "../../../components/upstream";
import { type RunbookNames, runbookOf, SCENARIOS } from "../../../lifecycle/drill/runbook";
import { runbookLines } from "../../../proofs/reference-pages/runbooks-page";
import { documentedCommands } from "../../support/documented-commands";

beforeAll(() => ensureUpstream(), 300_000);

const pods = { refused: "{}", allowed: "{}", sentences: ["no"] };
const cluster = (name: string) => ({ name, context: `${name}-admin`, pods });
const names = (change: Partial<RunbookNames> = {}): RunbookNames => ({
  environment: "test",
  stack: "test",
  project: "team",
  instance: "default",
  clusters: [cluster("east")],
  movedTo: (of) => `https://${of}.example`,
  ...change,
});
const lines = (scenario: (typeof SCENARIOS)[number], change?: Partial<RunbookNames>) => {
  const { loss, recovery } = runbookOf(scenario, names(change));
  return [...loss, ...recovery].map(({ line }) => line);
};

describe("the lines of the page", () => {
  it("are those that a drill of the development environment runs, and no others", () => {
    const shown = documentedCommands().filter(({ page }) => page === "docs/how-to/runbooks.md");
    expect([...new Set(shown.map(({ command }) => command))].sort()).toEqual(
      runbookLines()
        .filter((line) => !line.startsWith("eval") || shown.some(({ command }) => command === line))
        .sort(),
    );
  });
});

describe("a runbook", () => {
  it.each(SCENARIOS)("of %s ends with admission, asked twice, and a preview that finds nothing", (scenario) => {
    const { recovery } = runbookOf(scenario, names());
    const [refused, allowed, clean] = recovery.slice(-3);
    expect([refused?.refusedWith, allowed?.admitted, clean?.line]).toEqual([
      ["no"],
      true,
      "pulumi preview --expect-no-changes",
    ]);
  });

  it("strikes the lost clusters out of the state, by one line, and no other", () => {
    const struck = lines("cluster-lost", { clusters: [cluster("east"), cluster("hub")], stack: "all" });
    const urn = "urn:pulumi:all::team::fleetwright:components:ClusterPlatform::";
    expect(struck.filter((line) => line.startsWith("pulumi state delete"))).toEqual([
      `pulumi state delete --yes --target-dependents '${urn}east' '${urn}hub'`,
    ]);
    expect(lines("state-lost").filter((line) => line.startsWith("pulumi state delete"))).toEqual([]);
  });

  it("names the instance, the stack and the context where they are not what they are called by default", () => {
    expect(lines("cluster-lost")[0]).toBe("fleetwright sandbox wipe east");
    expect(lines("cluster-lost", { instance: "trial" })[0]).toBe("fleetwright sandbox wipe east --instance trial");
    expect(lines("state-lost", { stack: "test-east" })).toContain('eval "$(fleetwright env test --stack test-east)"');
    expect(lines("state-lost").some((line) => line.includes("kubectl --context east-admin create"))).toBe(true);
  });
});
