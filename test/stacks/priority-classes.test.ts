/** Every pod of the platform has a rank: what is rendered for the development environment, and for production. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { PRIORITY_CLASSES } from "../../components/cluster-base/priority-classes";
import { clusterObjects } from "../../components/cluster-parts";
import type { KubeObject } from "../../components/kube-object";
import { isWorkload, selectedBy } from "../../components/pod-configuration";
import { ensureUpstream } from "../../components/upstream";
import { clusterArgs } from "../../stacks/cluster-args";
import { loadEnvironment } from "../../stacks/environment";

beforeAll(() => ensureUpstream(), 300_000);

interface Webhook {
  readonly failurePolicy: string;
  readonly clientConfig: { readonly service?: { readonly namespace: string; readonly name: string } };
}

const environment = loadEnvironment("dev");
const clusters = Object.keys(environment.clusters);
// Kubernetes' own, which every cluster has
const SYSTEM_RANKS = ["system-cluster-critical", "system-node-critical"];
const ranks = [...PRIORITY_CLASSES.map(({ name }) => name), ...SYSTEM_RANKS];
// as in production: with the webhooks that the sandbox leaves out
const inProduction = { ...environment, sandbox: { withoutController: [] } };
/** Whose kinds the platform can do without for a while: no experiment begins. */
const DISPENSABLE = ["chaos-mesh"];
const rendered = (cluster: string): KubeObject[] =>
  clusterObjects(clusterArgs(inProduction, cluster, "dev")).map(({ object }) => object);
const rankOf = ({ spec }: KubeObject) =>
  (spec as { template: { spec: { priorityClassName?: string } } }).template.spec.priorityClassName;
const nameOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace}/${metadata.name}`;

describe.each(clusters)("pods of cluster %s", (cluster) => {
  const objects = () => rendered(cluster);

  it("each have a rank, of the cluster base or of Kubernetes itself", () => {
    const workloads = objects().filter(isWorkload);
    expect(workloads.length).toBeGreaterThan(10);
    expect(workloads.filter((workload) => !ranks.includes(rankOf(workload) ?? "")).map(nameOf)).toEqual([]);
  });

  it("have the first rank where no object can be stored without them", () => {
    const all = objects();
    const failClosed = all
      .filter(({ kind }) => kind.endsWith("WebhookConfiguration"))
      .flatMap(({ webhooks }) => webhooks as Webhook[])
      .filter(({ failurePolicy }) => failurePolicy === "Fail")
      .flatMap(({ clientConfig: { service } }) => service ?? [])
      .filter(({ namespace }) => !DISPENSABLE.includes(namespace))
      .map(({ name, namespace }) => `${namespace}/${name}`);
    expect(failClosed.length).toBeGreaterThan(2);
    const services = all.filter(
      ({ kind, metadata }) => kind === "Service" && failClosed.includes(`${metadata.namespace}/${metadata.name}`),
    );
    const behind = services.flatMap((service) =>
      all.filter(
        (object) =>
          isWorkload(object) && object.metadata.namespace === service.metadata.namespace && selectedBy(service, object),
      ),
    );
    expect(behind.length).toBeGreaterThan(2);
    const first = ["platform-critical", ...SYSTEM_RANKS];
    expect(behind.filter((workload) => !first.includes(rankOf(workload) ?? "")).map(nameOf)).toEqual([]);
  });
});
