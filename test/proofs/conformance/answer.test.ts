import { describe, expect, it } from "@jest/globals";
import { type Answer, denialOf, departure, difference, errorOf } from "../../../proofs/conformance/answer";

const violation = { path: "spec.hostNetwork", message: "spec.hostNetwork is true: leave it out" };
const denial = denialOf([violation], "deny");

describe("two answers", () => {
  it("are alike where verdict, level, paths and messages are, in whatever order they came", () => {
    const two = [violation, { path: "spec.hostPID", message: "spec.hostPID is true" }];
    expect(difference(denialOf(two), denialOf([...two].reverse()))).toBeUndefined();
    expect(difference(denialOf([]), { verdict: "allow", messages: [] })).toBeUndefined();
  });

  it.each<[string, Answer, string]>([
    ["verdict", denialOf([]), "deny and allow"],
    ["level", denialOf([violation], "warn"), "level deny and warn"],
    ["path", denialOf([{ ...violation, path: "spec" }], "deny"), "paths spec.hostNetwork and spec"],
    [
      "message",
      denialOf([{ ...violation, message: "spec.hostNetwork is on" }], "deny"),
      "messages spec.hostNetwork is true: leave it out and spec.hostNetwork is on",
    ],
    ["engine's health", errorOf(new Error("it broke")), "error: it broke"],
  ])("differ in %s, and it is said how", (_, other, how) => {
    expect(difference(denial, other)).toBe(how);
  });

  it("are compared in what both say: a lane without levels or paths differs from none by them", () => {
    expect(difference(denial, { verdict: "deny", messages: [violation.message] })).toBeUndefined();
  });

  it("are never alike when both are errors", () => {
    expect(difference(errorOf("one"), errorOf("one"))).toBe("error: one");
  });
});

describe("an answer", () => {
  const expected = { verdict: "deny", paths: ["spec.hostNetwork"] } as const;

  it("is the expected one when each message begins with one of the paths, and each path has one", () => {
    expect(departure(denial, expected)).toBeUndefined();
    expect(departure(denial, { verdict: "deny", paths: ["spec.hostNetwork", "spec.hostNetwork"] })).toMatch(/^says /);
    expect(departure(denial, { verdict: "deny", paths: ["spec.host"] })).toMatch(/^says /);
    expect(departure(denialOf([]), expected)).toBe("allow instead of deny");
  });
});
