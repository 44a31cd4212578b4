import { describe, expect, it } from "@jest/globals";
import { conformancePage } from "../../../proofs/conformance/page";
import type { ConformanceReport } from "../../../proofs/conformance/report";
import { linesOf, percent } from "../../../proofs/conformance/report-lines";
import { missedTargets } from "../../../proofs/conformance/targets";

const good: ConformanceReport = {
  cases: 10,
  verdicts: 1200,
  agreement: 1,
  engineErrors: 0,
  psa: { missed: 0, falselyDenied: 0, fixtures: 3, verdicts: 30 },
  mutationScore: 0.9,
  sabotage: { seeded: 2, caught: 2, missed: [], kinds: { "a constraint is not there": 2 } },
  seed: 7,
  possibleVerdicts: 14_300,
  comparisons: 3000,
  disagreements: [],
  errors: [],
  forms: [{ form: "authored", lane: "preview", verdicts: 1200, denied: 500, undetermined: 3 }],
  excluded: [{ lane: "audit", reason: "no API server ever sees an unknown value", verdicts: 40 }],
  filled: 1,
  mutation: {
    score: 0.9,
    mutants: 12,
    killed: 9,
    survived: 1,
    equivalent: 1,
    reworded: 0,
    stillborn: 1,
    survivors: ["lib/a.rego:3 == becomes !=: a == b"],
  },
  rules: "0".repeat(64),
};

describe("the targets of conformance", () => {
  it("are met by a report without a fault", () => expect(missedTargets(good)).toEqual([]));

  it.each<[string, Partial<ConformanceReport>]>([
    ["agreement", { agreement: 0.9999 }],
    ["engineErrors", { engineErrors: 1 }],
    ["psa.missed", { psa: { ...good.psa, missed: 1 } }],
    ["psa.falselyDenied", { psa: { ...good.psa, falselyDenied: 1 } }],
    ["mutationScore", { mutationScore: 0.899 }],
    ["sabotage.caught", { sabotage: { ...good.sabotage, caught: 1 } }],
  ])("are missed by %s alone, in a sentence that names it", (name, fault) => {
    const missed = missedTargets({ ...good, ...fault });
    expect(missed).toHaveLength(1);
    expect(missed[0]).toMatch(new RegExp(`^${name} is `));
  });

  it("are told with how much of the proof was run, and by which seed", () => {
    expect(linesOf(good)[0]).toBe("conformance: 1,200 of 14,300 verdicts, seed 7");
  });

  it("say 100 % only of what is whole", () => {
    expect([1, 0.99999, 0.9, 0.956].map(percent)).toEqual(["100 %", "99.99 %", "90 %", "95.6 %"]);
  });

  it("stand on the page with what was found, and what was not asked", () => {
    const page = conformancePage(good);
    expect(page).toContain("| agreement | 100 % | 100 % |");
    expect(page).toContain("| audit | 40 | no API server ever sees an unknown value |");
    expect(page).toContain("- `lib/a.rego:3 == becomes !=: a == b`");
  });
});
