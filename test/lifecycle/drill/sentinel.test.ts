import { describe, expect, it } from "@jest/globals";
import { livedFinding, newSentinel, restoredFinding } from "../../../lifecycle/drill/sentinel";

const startedAt = "2026-11-30T12:00:00.000Z";
const sentinel = newSentinel("drill-2", new Date("2026-11-30T12:00:05.000Z"));

describe("what was restored", () => {
  const finding = (found: Parameters<typeof restoredFinding>[2]) =>
    restoredFinding("east", "object", found, sentinel, startedAt);

  it("passes when it is what this drill wrote", () => {
    expect(finding(sentinel).ok).toBe(true);
  });

  it("fails when it is older than the drill, however whole it is", () => {
    const old = newSentinel("drill-1", new Date("2026-06-10T00:00:00.000Z"));
    expect(finding(old)).toEqual({
      name: "data of east, object",
      ok: false,
      message:
        "what was restored was written 2026-06-10T00:00:00.000Z, before this drill began at 2026-11-30T12:00:00.000Z: the restore brought old data",
    });
  });

  it.each([
    ["is not there", undefined, "was not restored"],
    ["says no time", { nonce: sentinel.nonce }, "before this drill began"],
    [
      "is young and somebody else's",
      newSentinel("drill-3", new Date("2026-11-30T12:00:06.000Z")),
      "not what this drill wrote",
    ],
  ])("fails when it %s", (_, found, message) => {
    expect(finding(found)).toMatchObject({ ok: false, message: expect.stringContaining(message) });
  });
});

describe("what was to be lost", () => {
  const found = (object: object | undefined) => ({ object, volume: undefined });

  it("is lost only when what was written before is gone", () => {
    expect(livedFinding("east", false, found(undefined), sentinel).ok).toBe(true);
    expect(livedFinding("east", false, found(sentinel), sentinel).ok).toBe(false);
    // of an earlier drill: then it was not wiped either
    expect(livedFinding("east", false, found(newSentinel("drill-1")), sentinel).ok).toBe(false);
  });

  it("lives on only when what was written before is there", () => {
    expect(livedFinding("east", true, found(sentinel), sentinel).ok).toBe(true);
    expect(livedFinding("east", true, found(undefined), sentinel).ok).toBe(false);
  });
});
