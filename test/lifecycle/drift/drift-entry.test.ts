import { describe, expect, it } from "@jest/globals";
import { type DriftEntry, deletionOf, fieldEntries, worstFirst } from "../../../lifecycle/drift/drift-entry";

const about = (kind = "RoleBinding", apiVersion = "v1") => ({
  ...{ stack: "dev", cluster: "hub", component: "cluster-base" },
  object: { apiVersion, kind, namespace: "shop", name: "x" },
});
const owner = { manager: "kubectl-edit", operation: "Update" as const, time: "2026-11-30T12:00:00Z" };
const short = (entries: readonly DriftEntry[]) =>
  entries.map(({ expected, found, kind, path }) => [kind, path, expected, found]);
const list = (expected: unknown, found: unknown) =>
  short(fieldEntries(about(), { path: [{ field: "subjects" }], expected, found, owner }));

describe("a field that differs", () => {
  it.each<[string, unknown, unknown, unknown[][]]>([
    ["one item more", [1, 2], [1, 3, 2], [["added", "subjects[1]", undefined, 3]]],
    ["one item less", [1, 2, 3], [1, 3], [["removed", "subjects[1]", 2, undefined]]],
    ["the same item twice", [{ a: 1 }], [{ a: 1 }, { a: 1 }], [["added", "subjects[1]", undefined, { a: 1 }]]],
    ["another item", [1, 2], [1, 3], [["changed", "subjects", [1, 2], [1, 3]]]],
    ["another order", [1, 2], [2, 1], [["changed", "subjects", [1, 2], [2, 1]]]],
    ["nothing", [1], undefined, [["removed", "subjects", [1], undefined]]],
    ["another value", "a", "b", [["changed", "subjects", "a", "b"]]],
  ])("has %s", (_, expected, found, entries) => expect(list(expected, found)).toEqual(entries));

  it("says who wrote it, how and when", () => {
    const [entry] = fieldEntries(about(), { path: [{ field: "a" }], expected: 1, found: 2, owner });
    expect(entry).toMatchObject(owner);
  });

  it("of a Secret shows nothing of what it holds", () => {
    const field = { path: [{ field: "data" }, { field: "password" }], expected: "cGFzcw==", found: "b3RoZXI=", owner };
    expect(short(fieldEntries(about("Secret"), field))).toEqual([["changed", "data.password", "(hidden)", "(hidden)"]]);
    expect(JSON.stringify(fieldEntries(about("Secret"), field))).not.toMatch(/cGFz|b3Ro/);
    const whole = { path: [{ field: "data" }], expected: { password: "cGFzcw==" }, found: undefined, owner: undefined };
    expect(short(fieldEntries(about("Secret"), whole))).toEqual([["removed", "data", "(hidden)", undefined]]);
    expect(short(fieldEntries(about("ConfigMap"), field))[0]?.[2]).toBe("cGFzcw==");
  });
});

describe("findings", () => {
  it("are listed worst first", () => {
    const entry = (kind: DriftEntry["kind"], name: string): DriftEntry => ({
      ...about(),
      object: { ...about().object, name },
      path: "",
      kind,
    });
    const mixed = [
      entry("orphan", "a"),
      entry("changed", "b"),
      entry("deleted", "d"),
      entry("deleted", "c"),
      entry("replaced", "e"),
    ];
    expect(worstFirst(mixed).map(({ kind, object }) => `${kind} ${object.name}`)).toEqual([
      "deleted c",
      "deleted d",
      "replaced e",
      "changed b",
      "orphan a",
    ]);
  });

  it("count what is on its way out as deleted, and say what holds it", () => {
    const namespace = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop", deletionTimestamp: "2026-11-30T12:00:00Z", finalizers: ["acme.example/held"] },
      spec: { finalizers: ["kubernetes"] },
    };
    expect(deletionOf(namespace)).toBe(
      "being deleted since 2026-11-30T12:00:00Z, held by acme.example/held, kubernetes",
    );
    expect(deletionOf({ ...namespace, metadata: { name: "shop" } })).toBeUndefined();
  });
});
