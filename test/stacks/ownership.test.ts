import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { type Findings, judgeOwnership } from "../../stacks/ownership";

const mine = { environment: "prod", cluster: "eu-1", stack: "prod-eu-1" };
const nothing: Findings = { identity: undefined, foreignNamespaces: [], foreignObjects: [] };
const object = (apiVersion: string, kind: string, name: string, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace && { namespace }) },
});
const theirs = [
  object("storage.k8s.io/v1", "StorageClass", "standard"),
  object("v1", "ConfigMap", "identity", "fleetwright-system"),
  object("v1", "Namespace", "shop"),
];
const judge = (findings: Partial<Findings>, adopt = false, replaced: readonly string[] = []) =>
  judgeOwnership(mine, { ...nothing, ...findings }, { adopt, context: "arn:eu-1", replaced: new Set(replaced) });

describe("a cluster", () => {
  it("is ours when it is empty, or carries our own mark", () => {
    expect(judge({})).toEqual([]);
    expect(judge({ identity: mine, foreignNamespaces: ["shop"] })).toEqual([]);
  });

  it.each([
    ["environment", { ...mine, environment: "staging" }, "cluster eu-1 of environment staging (stack prod-eu-1)"],
    ["cluster", { ...mine, cluster: "eu-2" }, "cluster eu-2 of environment prod (stack prod-eu-1)"],
    ["stack", { ...mine, stack: "prod" }, "cluster eu-1 of environment prod (stack prod)"],
  ])("with the mark of another %s is refused, even to whoever adopts", (_, identity, named) => {
    for (const adopt of [false, true]) {
      expect(() => judge({ identity }, adopt)).toThrow(
        `context arn:eu-1 leads to ${named}, and this stack is cluster eu-1 of environment prod (stack prod-eu-1): nothing was changed.`,
      );
    }
  });

  it("in use without a mark is refused; the sentence names its namespaces, five at most, and the way out", () => {
    const foreignNamespaces = ["a", "b", "c", "d", "e", "f", "g"];
    expect(() => judge({ foreignNamespaces })).toThrow(
      /^context arn:eu-1 leads to a cluster that is in use \(namespaces a, b, c, d, e and 2 more\) and carries no mark of cluster eu-1 of environment prod .*: nothing was changed\. Mend the context, or say `adopt: true`/,
    );
  });

  it("with objects that someone else made is refused, and names them", () => {
    expect(() => judge({ identity: mine, foreignObjects: theirs })).toThrow(
      "cluster eu-1 already has 3 of the platform's objects, made by someone else (core ConfigMap fleetwright-system/identity, core Namespace shop, storage.k8s.io StorageClass standard): nothing was changed.",
    );
  });

  it("is adopted where the environment says so, and what is taken over is listed in order", () => {
    expect(judge({ foreignNamespaces: ["shop"], foreignObjects: theirs }, true)).toEqual([
      "core ConfigMap fleetwright-system/identity",
      "core Namespace shop",
      "storage.k8s.io StorageClass standard",
    ]);
  });

  it("is not adopted where an object differs in what cannot be changed; the sentence names the fields and the way out", () => {
    expect(() => judge({ foreignObjects: theirs }, true, ["storage.k8s.io/StorageClass//standard"])).toThrow(
      "cluster eu-1: storage.k8s.io StorageClass standard: provisioner or parameters or reclaimPolicy or volumeBindingMode differs and cannot be changed: nothing was changed. Delete what someone else made, then try again",
    );
  });

  it("has objects of its own that must be replaced, and is ours all the same", () => {
    expect(judge({ identity: mine }, true, ["storage.k8s.io/StorageClass//standard"])).toEqual([]);
  });
});
