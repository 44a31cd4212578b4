/** A spoke in which prometheus-operator runs: a real API server with all that the operator and Prometheus' pods need of a cluster. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { V1ConfigMap, V1PodTemplateSpec, V1Secret, V1StatefulSet } from "@kubernetes/client-node";
import { clusterObjects } from "../../../components/cluster-parts";
import type { KubeObject } from "../../../components/kube-object";
import type { Placed } from "../../../components/order";
import { packageRoot } from "../../../components/package-root";
import { clusterArgs } from "../../../stacks/cluster-args";
import { loadEnvironment } from "../../../stacks/environment";
import { eventually } from "../../support/eventually";
import { TestProject } from "../../support/project";
import { makeCertificates } from "../opentelemetry-collector/running";
import { podFiles } from "./pod-files";
import { type RunningOperator, startOperator } from "./running-operator";

export const SPOKE = "east";
export const NAMESPACE = "prometheus";
export const MONITORING = "monitoring.coreos.com";

/** What the dev environment says of the spoke. */
export const spokeArgs = () => clusterArgs(loadEnvironment("dev", packageRoot()), SPOKE, "dev");

export class OperatedSpoke {
  readonly project = new TestProject();
  /** What was rendered and applied. */
  readonly objects: readonly KubeObject[] = applied(clusterObjects(spokeArgs()));
  private running: RunningOperator | undefined;

  /**
   * Applies the objects, starts the operator and waits until it has done its work.
   *
   * @param program path of the operator
   */
  async start(program: string): Promise<void> {
    const { objects, project } = this;
    await project.start(SPOKE);
    const first = ({ kind }: KubeObject) => ["CustomResourceDefinition", "Namespace", "PriorityClass"].includes(kind);
    await this.apply(objects.filter(first));
    await project.read(SPOKE, "wait --for=condition=Established crd --all --timeout=60s");
    await this.apply([...objects.filter((object) => !first(object)), this.certificate()]);
    await project.read(SPOKE, `-n ${NAMESPACE} rollout status deployment prometheus-operator --timeout=90s`);
    this.running = await startOperator(program, project.root, SPOKE);
    await eventually(() => this.conditions(), ["Available", "Reconciled"], 120);
  }

  /** Ends the operator and the cluster. */
  async stop(): Promise<void> {
    await this.running?.stop();
    await this.project.dispose();
  }

  get operator(): RunningOperator {
    if (this.running) return this.running;
    throw new Error("prometheus-operator does not run");
  }

  /** Rendered objects of a kind of the operator's. */
  ofKind(kind: string): KubeObject[] {
    return this.objects.filter((object) => object.kind === kind && object.apiVersion.startsWith(MONITORING));
  }

  async apply(objects: readonly object[]): Promise<void> {
    const refusals = await this.project.refusals(SPOKE, objects);
    if (refusals.length > 0) throw new Error(refusals.join(""));
  }

  /** What Prometheus' namespace holds. */
  async read<T>(words: string): Promise<T> {
    return JSON.parse(await this.project.read(SPOKE, `-n ${NAMESPACE} get ${words} -o json`));
  }

  /** Why the events in Prometheus' namespace came about. */
  async reasons(): Promise<string[]> {
    const { items } = await this.read<{ items: { reason: string }[] }>("events");
    return items.map(({ reason }) => reason);
  }

  /** How many objects of a kind the operator says that it `selected` or `rejected`. */
  async told(kind: string, state: "selected" | "rejected"): Promise<number> {
    const metric = `prometheus_operator_managed_resources{controller="prometheus",resource="${kind}",state="${state}"}`;
    const line = (await this.operator.metrics()).split("\n").find((one) => one.startsWith(metric));
    return Number(line?.slice(metric.length) ?? Number.NaN);
  }

  /** The pods that the operator makes, and what they find in their file system. */
  async pods(): Promise<{ set: V1StatefulSet; template: V1PodTemplateSpec; files: ReadonlyMap<string, Buffer> }> {
    const set = await this.read<V1StatefulSet>("statefulset prometheus-prometheus");
    const template = set.spec?.template;
    if (!template?.spec) throw new Error("the StatefulSet has no template");
    const { items: secrets } = await this.read<{ items: V1Secret[] }>("secrets");
    const { items: configMaps } = await this.read<{ items: V1ConfigMap[] }>("configmaps");
    return { set, template, files: podFiles(template.spec, "prometheus", { secrets, configMaps }) };
  }

  /** What cert-manager makes of the Certificate. */
  private certificate(): object {
    const folder = join(this.project.root, "tls");
    makeCertificates(folder);
    const encoded = (file: string) => readFileSync(join(folder, file)).toString("base64");
    const data = Object.fromEntries(["ca.crt", "tls.crt", "tls.key"].map((file) => [file, encoded(file)]));
    return { apiVersion: "v1", kind: "Secret", metadata: { name: "prometheus-tls", namespace: NAMESPACE }, data };
  }

  private async conditions(): Promise<string[]> {
    type Status = { status?: { conditions?: { type: string; status: string; message?: string }[] } };
    const { status } = await this.read<Status>("prometheus prometheus");
    return (status?.conditions ?? [])
      .map(({ message = "", status: is, type }) => (is === "True" ? type : `${type} is ${is}: ${message}`))
      .sort();
  }
}

/** What is applied: all that stands in Prometheus' namespace or is its own elsewhere, and what its pods need of the cluster. */
function applied(placed: readonly Placed[]): KubeObject[] {
  const groups = placed.flatMap(({ object: { kind, spec } }) =>
    kind === "CustomResourceDefinition" ? [(spec as { readonly group: string }).group] : [],
  );
  return placed
    .filter(
      ({ component, object: { kind, metadata } }) =>
        component === NAMESPACE ||
        metadata.namespace === NAMESPACE ||
        ["Namespace", "PriorityClass", "StorageClass"].includes(kind),
    )
    .map(({ object }) => object)
    .filter(({ apiVersion }) => {
      const [group = ""] = apiVersion.split("/");
      return group === MONITORING || !groups.includes(group); // the definitions of others are not here
    });
}
