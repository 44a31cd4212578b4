import { describe, expect, it } from "@jest/globals";
import { deletedAtOnce, longestDeletion } from "../../components/deletion";
import type { KubeObject } from "../../components/kube-object";

const POLICY = "pulumi.com/deletionPropagationPolicy";
const object = (apiVersion: string, kind: string, annotations?: Record<string, string>): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: "one", ...(annotations && { annotations }) },
});

describe("deletedAtOnce", () => {
  it("lets what owns nothing go without the garbage collector", () => {
    const { metadata } = deletedAtOnce(object("v1", "ConfigMap", { note: "kept" }));
    expect(metadata).toEqual({ name: "one", annotations: { note: "kept", [POLICY]: "background" } });
    expect(deletedAtOnce(object("rbac.authorization.k8s.io/v1", "Role")).metadata.annotations).toEqual({
      [POLICY]: "background",
    });
  });

  it("lets every constraint go, whatever rule it is of", () => {
    const { metadata } = deletedAtOnce(object("constraints.gatekeeper.sh/v1beta1", "AcmeHostNetwork"));
    expect(metadata.annotations).toEqual({ [POLICY]: "background" });
  });

  it.each([
    ["apps/v1", "Deployment"],
    ["v1", "Namespace"],
    ["v1", "Service"],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    ["templates.gatekeeper.sh/v1", "ConstraintTemplate"],
    ["cert-manager.io/v1", "Certificate"],
    ["monitoring.coreos.com/v1", "Prometheus"],
    ["example.org/v1", "Secret"],
  ])("leaves %s %s as it is, which may own others", (apiVersion, kind) => {
    const owner = object(apiVersion, kind);
    expect(deletedAtOnce(owner)).toBe(owner);
  });

  it("lets go at once what nobody waits for, so that it can be replaced", () => {
    const skipAwait = { "pulumi.com/skipAwait": "true" };
    expect(deletedAtOnce(object("apps/v1", "Deployment", skipAwait)).metadata.annotations).toEqual({
      ...skipAwait,
      [POLICY]: "background",
    });
  });

  it("does not overrule an object's own annotation", () => {
    const own = object("v1", "ConfigMap", { [POLICY]: "orphan" });
    expect(deletedAtOnce(own).metadata.annotations).toEqual({ [POLICY]: "orphan" });
  });
});

describe("longestDeletion", () => {
  it("waits for a definition as long as the API server needs, and for all else as long as a cloud may", () => {
    expect(longestDeletion(object("apiextensions.k8s.io/v1", "CustomResourceDefinition"))).toBe("2m");
    expect(longestDeletion(object("v1", "Namespace"))).toBe("5m");
  });
});
