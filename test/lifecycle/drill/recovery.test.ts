import { describe, expect, it } from "@jest/globals";
import { refusalIn } from "../../../lifecycle/drill/admission";
import { momentOf, rebuiltFinding } from "../../../lifecycle/drill/recovery";

const summary = (...lines: string[]) =>
  ["Outputs:", "    x: 1", "", "Resources:", ...lines, "", "Duration: 1m"].join("\n");

describe("what the engine sums up", () => {
  it("passes where it made and kept, and says the counts", () => {
    expect(rebuiltFinding(summary("    + 616 created", "    ~ 1 updated", "    1394 unchanged"), false)).toEqual({
      name: "rebuild",
      ok: true,
      message: "616 created, 1 updated, 1394 unchanged; nothing was replaced or deleted",
    });
  });

  it.each(["    - 1 deleted", "    +-2 replaced"])("fails by `%s`", (line) => {
    expect(rebuiltFinding(summary("    + 1 created", line), true)).toMatchObject({ name: "replacements", ok: false });
  });
});

describe("a refusal", () => {
  const sentence = "spec.containers[0].image is x:latest, which moves: name a version or a digest";
  const webhook =
    'Error from server (Forbidden): admission webhook "validation.gatekeeper.sh" denied the request: [im-01] ';

  it("counts in the rule's words, by the webhook", () => {
    expect(refusalIn(webhook + sentence, [sentence])).toBe(sentence);
  });

  it.each([
    ["of another plug-in", `violates PodSecurity "restricted:v1.35": ${sentence}`],
    ["in other words", `${webhook}something else`],
    ["because nobody answers", 'failed calling webhook "validation.gatekeeper.sh": connection refused'],
  ])("does not count %s", (_, text) => {
    expect(refusalIn(text, [sentence])).toBeUndefined();
  });
});

describe("the moment of a kill", () => {
  it("is the same for the same seed, another for others, and always before the end", () => {
    expect(momentOf(7, 600)).toBe(momentOf(7, 600));
    const moments = Array.from({ length: 200 }, (_, seed) => momentOf(seed, 600));
    expect(new Set(moments).size).toBeGreaterThan(100);
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...moments)).toBeLessThanOrEqual(480);
  });
});
