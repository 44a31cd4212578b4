/** Entries as kube-apiserver 1.35 wrote them. */
import { describe, expect, it } from "@jest/globals";
import { spelt } from "../../../lifecycle/drift/field-path";
import { Ownership, ownedByOthers } from "../../../lifecycle/drift/ownership";

const deployment = {
  metadata: {
    managedFields: [
      {
        manager: "fleetwright",
        operation: "Apply",
        time: "2026-11-30T10:00:00Z",
        fieldsV1: {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": {
            "f:selector": {},
            "f:template": {
              "f:spec": {
                "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:name": {}, "f:resources": {} } },
                "f:volumes": { 'k:{"name":"tmp"}': { ".": {}, "f:name": {}, "f:emptyDir": {} } },
              },
            },
          },
        },
      },
      {
        manager: "kubectl-edit",
        operation: "Update",
        time: "2026-11-30T11:00:00Z",
        fieldsV1: {
          "f:metadata": { "f:labels": { "f:team": {} } },
          "f:spec": {
            "f:template": {
              "f:spec": {
                "f:containers": { 'k:{"name":"app"}': { "f:image": {} } },
                "f:volumes": { 'k:{"name":"tmp"}': { "f:emptyDir": { "f:sizeLimit": {} } } },
              },
            },
          },
        },
      },
      { manager: "kubectl", operation: "Update", subresource: "scale", fieldsV1: { "f:spec": { "f:replicas": {} } } },
      {
        manager: "kube-controller-manager",
        operation: "Update",
        subresource: "status",
        fieldsV1: { "f:status": { "f:replicas": {} } },
      },
    ],
  },
};
const at = (...raws: readonly string[]) => raws.reduce((place, raw) => place.below(raw), Ownership.of(deployment));
const container = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"app"}'];

describe("the owner of a field", () => {
  it("is who wrote it last", () => {
    expect(at("f:metadata", "f:labels", "f:app").isOurs).toBe(true);
    expect(at(...container, "f:image").owners.map(({ manager }) => manager)).toEqual(["kubectl-edit"]);
    expect(at("f:spec", "f:replicas").owners).toEqual([
      { manager: "kubectl", operation: "Update", subresource: "scale" },
    ]);
    expect(at("f:spec", "f:paused").owners).toEqual([]);
  });

  it("of a list or map that is never merged owns all below it", () => {
    expect(at("f:spec", "f:selector").isWhole).toBe(true);
    expect(at("f:spec", "f:selector", "f:matchLabels", "f:app").isOurs).toBe(true);
    expect(at("f:spec").isWhole).toBe(false);
  });

  it("of an empty map that is merged owns nothing that others put there", () => {
    const emptyDir = ["f:spec", "f:template", "f:spec", "f:volumes", 'k:{"name":"tmp"}', "f:emptyDir"];
    expect(at(...emptyDir).isWhole).toBe(false);
    expect(at(...emptyDir).isOurs).toBe(true);
    expect(at(...emptyDir, "f:sizeLimit").isOurs).toBe(false);
  });

  it("is nobody where an object has none", () => {
    expect(Ownership.of({ metadata: {} }).ownersWithin).toEqual([]);
    expect(Ownership.of({ metadata: { managedFields: [{}] } }).below("f:spec").owners).toEqual([]);
  });
});

describe("what others own", () => {
  it("is each field that is not ours, the observed ones left out", () => {
    expect(ownedByOthers(deployment).map(({ owner, path }) => [owner.manager, spelt(path)])).toEqual([
      ["kubectl-edit", "metadata.labels.team"],
      ["kubectl-edit", "spec.template.spec.containers[name=app].image"],
      ["kubectl-edit", "spec.template.spec.volumes[name=tmp].emptyDir.sizeLimit"],
      ["kubectl", "spec.replicas"],
    ]);
  });
});
