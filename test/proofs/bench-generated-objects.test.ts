import { describe, expect, it } from "@jest/globals";
import { keyOf } from "../../components/kube-object";
import { check } from "../../policies/check";
import { generatedObjects } from "../../proofs/bench/generated-objects";

describe("generatedObjects", () => {
  it("are as many as asked for, each another one, four ConfigMaps to one Deployment", () => {
    const objects = generatedObjects(500);
    expect(new Set(objects.map(keyOf)).size).toBe(500);
    expect(objects.filter(({ kind }) => kind === "Deployment")).toHaveLength(100);
    expect(objects.filter(({ kind }) => kind === "ConfigMap")).toHaveLength(400);
  });

  it("are waited for by nobody, and owned by one field manager whoever makes them", () => {
    for (const { metadata } of generatedObjects(10)) {
      expect(metadata.annotations).toMatchObject({
        "pulumi.com/skipAwait": "true",
        "pulumi.com/patchFieldManager": "fleetwright",
      });
    }
  });

  it("are refused by no rule", () => {
    const { results } = check(generatedObjects(10), {
      parameters: { "IM-03": { registries: ["ghcr.io/acme"] } },
    });
    expect(results.filter(({ verdict }) => verdict === "deny")).toEqual([]);
    expect(results.some(({ verdict }) => verdict === "allow")).toBe(true);
  });
});
