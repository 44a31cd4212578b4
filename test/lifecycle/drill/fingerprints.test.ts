import { describe, expect, it } from "@jest/globals";
import { type ClusterPicture, differences } from "../../../lifecycle/drill/fingerprints";

const picture = (objects: Record<string, [string, string]>, pods: Record<string, string> = {}): ClusterPicture => ({
  objects: new Map(Object.entries(objects).map(([name, [uid, content]]) => [name, { uid, content }])),
  pods: new Map(Object.entries(pods)),
});
const before = picture(
  { "core ConfigMap a/b": ["1", "x"], "apps Deployment a/c": ["2", "generation 1"] },
  { "a/c-1": "9, 0 restarts" },
);

describe("what became of a cluster", () => {
  it("is nothing where all is as it was", () => {
    expect(differences(before, before)).toEqual([]);
  });

  it("is told of each object that was made anew, changed, added or lost", () => {
    const after = picture(
      { "core ConfigMap a/b": ["7", "x"], "core ConfigMap a/d": ["3", "y"] },
      { "a/c-1": "9, 0 restarts" },
    );
    expect(differences(before, after)).toEqual([
      "core ConfigMap a/b was made anew",
      "apps Deployment a/c is gone",
      "core ConfigMap a/d is new",
    ]);
    const changed = picture(
      { "core ConfigMap a/b": ["1", "z"], "apps Deployment a/c": ["2", "generation 2"] },
      { "a/c-1": "9, 0 restarts" },
    );
    expect(differences(before, changed)).toEqual(["core ConfigMap a/b was changed", "apps Deployment a/c was changed"]);
  });

  it("is told of each pod that was restarted or is gone, and of none that is new", () => {
    const of = (pods: Record<string, string>) =>
      differences(before, { ...before, pods: new Map(Object.entries(pods)) });
    expect(of({ "a/c-1": "9, 1 restarts" })).toEqual(["pod a/c-1 was restarted"]);
    expect(of({ "a/c-1": "10, 0 restarts" })).toEqual(["pod a/c-1 was restarted"]);
    expect(of({ "a/c-2": "11, 0 restarts" })).toEqual(["pod a/c-1 is gone"]);
  });
});
