import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import type { Rule } from "../../../components/rights";
import { nodeAgentRights, serverRights } from "../../../components/velero/rights";

const READ = new Set(["get", "list", "watch"]);
const clusterRules = (objects: readonly KubeObject[]) =>
  objects.filter(({ kind }) => kind === "ClusterRole").flatMap(({ rules }) => rules as Rule[]);
const written = (objects: readonly KubeObject[]) =>
  clusterRules(objects)
    .filter(({ verbs }) => verbs.some((verb) => !READ.has(verb)))
    .flatMap(({ resources }) => resources);
const bound = (objects: readonly KubeObject[]) =>
  objects.filter(({ kind }) => kind === "ClusterRoleBinding").map(({ roleRef }) => (roleRef as { name: string }).name);

describe("Velero's rights", () => {
  const all = (restores: boolean) => [
    ...serverRights("velero", "velero", restores),
    ...nodeAgentRights("velero", "node-agent", restores),
  ];

  it("write nothing outside of its namespace but snapshots, and what becomes of the volumes of their copies", () => {
    const changed = ["volumesnapshots", "volumesnapshotcontents", "persistentvolumes"];
    expect(new Set(written(all(false)))).toEqual(new Set(changed));
    const ofVolumes = clusterRules(all(false)).filter(
      ({ resources, verbs }) => resources.includes("persistentvolumes") && !verbs.includes("get"),
    );
    expect(ofVolumes.map(({ verbs }) => verbs)).toEqual([["patch"]]);
    expect(bound(all(false))).toEqual(["velero-backup", "velero-node-agent"]);
  });

  it("are those of a cluster's administrator for as long as restores are allowed, the server's alone", () => {
    expect(bound(serverRights("velero", "velero", true))).toEqual(["velero-backup", "cluster-admin"]);
    expect(bound(nodeAgentRights("velero", "node-agent", true))).toEqual(["velero-node-agent"]);
    expect(written(nodeAgentRights("velero", "node-agent", true))).toContain("persistentvolumes");
  });

  it("let the node agent read no Secret outside of its namespace", () =>
    expect(
      clusterRules(nodeAgentRights("velero", "node-agent", true)).flatMap(({ resources }) => resources),
    ).not.toContain("secrets"));

  it("are of the ServiceAccount that they are for", () => {
    const subjects = all(true).flatMap(({ subjects: each }) => (each ?? []) as { name: string; namespace: string }[]);
    expect(new Set(subjects.map(({ name, namespace }) => `${namespace}/${name}`))).toEqual(
      new Set(["velero/velero", "velero/node-agent"]),
    );
  });
});
