import { describe, expect, it } from "@jest/globals";
import { compareEntries, type Entry, keyOf } from "../../../policies/audit/entries";

const AUDIT = "2026-11-22T03:00:00Z";
const EARLIER = "2026-11-22T02:59:59Z";

const resource = (name: string) => ({ group: "", kind: "Pod", namespace: "shop", name });
const entry = (name: string, message = "spec.containers[0].image is wrong"): Entry => ({
  resource: resource(name),
  message,
});
const live = (times: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries(times).map(([name, time]) => [
      keyOf(resource(name)),
      { metadata: { creationTimestamp: EARLIER, managedFields: [{ time }, { time: AUDIT, subresource: "status" }] } },
    ]),
  );
const named = (names: readonly { resource: { name: string } }[]) => names.map((one) => one.resource.name);

describe("violations of both sides", () => {
  it("agree where both have them, and are named where one has not", () => {
    const objects = live({ a: EARLIER, b: EARLIER, c: EARLIER });
    const listed = [entry("a"), entry("b")];
    const found = compareEntries({ listed, total: 2, denied: [entry("a"), entry("c")] }, objects, AUDIT);
    expect(found).toEqual({
      agreed: 1,
      differences: [
        { by: "gatekeeper", ...entry("b") },
        { by: "fleetwright", ...entry("c") },
      ],
      changed: [],
      reasons: [],
    });
  });

  it("are counted one by one: two of an object are not one", () => {
    const two = [entry("a", "first"), entry("a", "second")];
    const found = compareEntries(
      { listed: two, total: 2, denied: [entry("a", "second")] },
      live({ a: EARLIER }),
      AUDIT,
    );
    expect([found.agreed, found.differences]).toEqual([1, [{ by: "gatekeeper", ...entry("a", "first") }]]);
  });

  it("are the same where audit cut the message, also in the middle of a letter", () => {
    const whole = entry("a", `spec.image is ${"…".repeat(200)}`);
    const cut = entry("a", `spec.image is ${"…".repeat(79)}\ufffd...`);
    const found = compareEntries({ listed: [cut], total: 1, denied: [whole] }, live({ a: EARLIER }), AUDIT);
    expect([found.agreed, found.differences]).toEqual([1, []]);
  });

  it("are not compared where the object changed, came or went since, and the object is named; its status does not count", () => {
    const objects = live({ same: EARLIER, changed: AUDIT, new: "2026-11-22T03:00:05Z" });
    const listed = [entry("same"), entry("changed"), entry("gone")];
    const found = compareEntries({ listed, total: 3, denied: [entry("same"), entry("new")] }, objects, AUDIT);
    expect([found.agreed, found.differences, found.changed.map(({ name }) => name)]).toEqual([
      1,
      [],
      ["changed", "gone", "new"],
    ]);
  });

  it("agree by their number where audit lists only the first of them", () => {
    const names = Array.from({ length: 30 }, (_, index) => `pod-${index}`);
    const objects = live(Object.fromEntries(names.map((name) => [name, EARLIER])));
    const denied = names.map((name) => entry(name));
    const listed = denied.slice(0, 20);
    expect(compareEntries({ listed, total: 30, denied }, objects, AUDIT)).toEqual({
      agreed: 30,
      differences: [],
      changed: [],
      reasons: [],
    });
    const other = compareEntries({ listed, total: 31, denied }, objects, AUDIT);
    expect(other).toMatchObject({ agreed: 20, differences: [] });
    expect(other.reasons).toEqual([
      "audit lists 20 of the 31 violations that it counts, and 30 are found here now: the others cannot be compared",
    ]);
  });

  it("differ where audit lists one that is not found here, whatever it does not list", () => {
    const objects = live({ a: EARLIER, b: EARLIER });
    const found = compareEntries({ listed: [entry("a")], total: 9, denied: [entry("b")] }, objects, AUDIT);
    expect(named(found.differences)).toEqual(["a"]);
  });
});
