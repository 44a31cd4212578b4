import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { LiveCluster } from "../../stacks/live-cluster";
import { findReplacements, missingMeanwhile } from "../../stacks/replacements";
import { FakeCluster } from "../support/fake-cluster";

const storageClass = (name: string, reclaimPolicy: string, isDefault = false): KubeObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: {
    name,
    ...(isDefault && { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } }),
  },
  provisioner: "ebs.csi.aws.com",
  reclaimPolicy,
});
const configMap: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "b" },
  data: {},
};

describe("replacements", () => {
  let fake: FakeCluster;
  beforeAll(() => {
    fake = new FakeCluster({
      "/apis/storage.k8s.io/v1": { resources: [{ name: "storageclasses", kind: "StorageClass" }] },
      "/apis/storage.k8s.io/v1/storageclasses/same": storageClass("same", "Delete"),
      "/apis/storage.k8s.io/v1/storageclasses/other": storageClass("other", "Retain"),
    });
  });
  afterAll(() => fake.dispose());

  it("are those objects whose immutable fields the cluster holds with another value; no others are even read", async () => {
    const cluster = await LiveCluster.open({ kubeconfig: "kubeconfig", context: "hub" });
    const desired = [...["same", "other", "absent"].map((name) => storageClass(name, "Delete")), configMap];
    const unknownKind = { ...configMap, apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", handler: "runc" };
    expect([...(await findReplacements(cluster, [...desired, unknownKind]))]).toEqual([
      "storage.k8s.io/StorageClass//other",
    ]);
    cluster.close();
  });
});

describe("what is missing meanwhile", () => {
  it("is the default, where the class that is replaced is the default one", () => {
    const classes = [storageClass("standard", "Delete", true), storageClass("durable", "Retain")];
    expect(missingMeanwhile(classes, new Set(classes.map(keyOf)))).toEqual([
      "StorageClass standard is the default and is replaced: there is none meanwhile, and a claim that names no class waits",
    ]);
  });

  it("is nothing where the default class stays", () => {
    const classes = [storageClass("standard", "Delete", true), storageClass("durable", "Retain")];
    expect(missingMeanwhile(classes, new Set(["storage.k8s.io/StorageClass//durable"]))).toEqual([]);
  });
});
