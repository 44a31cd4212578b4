import { describe, expect, it } from "@jest/globals";
import { catalogue } from "../../../policies/engine/catalogue";
import { type Answer, denialOf } from "../../../proofs/conformance/answer";
import { type Answered, compareLanes } from "../../../proofs/conformance/comparison";
import type { LaneName } from "../../../proofs/conformance/lane";
import { Settings } from "../../../proofs/conformance/question";
import { holdsForCompletions, keepsSecrets } from "../../../proofs/conformance/relation";

const denial = denialOf([{ path: "spec.image", message: "spec.image is quay.io/canary" }]);
const allowance = denialOf([]);

const answered = (answers: Partial<Record<LaneName, Answer>>): Answered => ({
  question: {
    id: "case",
    origin: "case",
    form: "completion",
    setting: new Settings().of(catalogue().rule("IM-01"), {}, "deny"),
    object: { apiVersion: "v1", kind: "Pod" },
    unknown: [],
    secret: [],
  },
  answers: new Map(Object.entries(answers) as [LaneName, Answer][]),
  excluded: new Map(),
});

describe("lanes", () => {
  it("are compared in pairs, so that two that say more than the first are compared in that", () => {
    const first: Answer = { verdict: "deny", messages: denial.messages };
    const elsewhere = { ...denial, paths: ["spec"] };
    const { made, disagreements } = compareLanes([answered({ preview: first, audit: denial, witness: elsewhere })]);
    expect(made).toBe(3);
    expect(disagreements.map(({ between }) => between)).toEqual(["audit, witness"]);
  });
});

describe("a certain verdict on what is not known whole", () => {
  it("must be that of each completion", () => {
    const completions = [
      answered({ preview: denial, audit: denial }),
      answered({ preview: allowance, audit: allowance }),
    ];
    const wrong = holdsForCompletions([{ open: answered({ preview: denial }), completions }]);
    expect(wrong.disagreements.map(({ between, how }) => `${between}: ${how}`)).toEqual([
      "certain although unknown, audit: deny in the preview, allow once known",
    ]);
    const open = answered({ preview: { verdict: "undetermined", messages: [] } });
    expect(holdsForCompletions([{ open, completions }])).toEqual({ made: 0, disagreements: [] });
  });
});

describe("a secret", () => {
  it("may stand in no message; what is too short to tell from other words is not looked for", () => {
    expect(keepsSecrets(answered({ preview: denial }), ["quay.io/canary"]).disagreements).toHaveLength(1);
    expect(keepsSecrets(answered({ preview: denial }), ["is"]).disagreements).toEqual([]);
  });
});
