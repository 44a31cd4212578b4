import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { prometheusOperator } from "../../../proofs/accept/prometheus-operator";
import { installedTools } from "../../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../../stacks/environment";
import { render as renderStacks } from "../../../stacks/render";
import { alert, alertReceiver, type Rendered, remoteWrite, render } from "../../components/prometheus/rendered";

beforeAll(() => ensureUpstream(), 300_000);

const environment = loadEnvironment("dev", packageRoot());
const toolOf = (name: string) => installedTools().find(({ tool }) => tool === name);
const built = toolOf("prometheus-operator-generate");
const canRun = built !== undefined && toolOf("promtool") !== undefined;

(canRun ? describe : describe.skip)("prometheus-operator (skipped where it or promtool is not built)", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-accept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = (objects: readonly KubeObject[]) =>
    prometheusOperator.judge(
      built?.path ?? "",
      { name: "east", objects, environment, imageRef: (name) => name },
      folder,
    );
  const refusals = async (objects: readonly KubeObject[]) =>
    (await judge(objects)).filter(({ message }) => message !== undefined);
  /** The small render in which one object is another. */
  const changed = (kind: string, name: string, change: (object: Rendered) => object): KubeObject[] =>
    render({ alertReceiver, remoteWrite }).map((object) =>
      object.kind === kind && object.metadata.name === name ? ({ ...object, ...change(object) } as KubeObject) : object,
    );

  it("takes every monitor and rule of hub and spoke, and makes a configuration of them that promtool accepts", async () => {
    const clusters = renderStacks(environment);
    for (const name of ["hub", "east"]) {
      const objects = [...(clusters.get(name)?.values() ?? [])].flat();
      const verdicts = await judge(objects);
      expect(verdicts.filter(({ message }) => message !== undefined)).toEqual([]);
      const judged = objects.filter(({ kind }) => ["PodMonitor", "PrometheusRule"].includes(kind));
      expect(judged.length).toBeGreaterThan(30);
      expect(verdicts).toHaveLength(judged.length + 1);
      expect(verdicts.at(-1)?.file).toBe("east/prometheus/prometheus/configuration");
    }
  });

  it("has nothing to say where there is no Prometheus", async () => {
    expect(await judge(render().filter(({ kind }) => kind !== "Prometheus"))).toEqual([]);
  });

  it("refuses a Service that names pods by labels which the operator does not set", async () => {
    const refused = await refusals(
      changed("Service", "prometheus-pods", ({ spec }) => ({
        spec: { ...spec, selector: { ...spec.selector, "app.kubernetes.io/component": "server" } },
      })),
    );
    expect(refused).toMatchObject([{ file: "east/prometheus/Prometheus/prometheus" }]);
    expect(refused[0]?.message).toContain("custom governing service prometheus/prometheus-pods");
  });

  it("refuses a monitor that relabels by no expression, and one with a certificate that nobody makes", async () => {
    const withEndpoint = (more: object) => (monitor: Rendered) => ({
      spec: { ...monitor.spec, podMetricsEndpoints: [{ ...monitor.spec.podMetricsEndpoints[0], ...more }] },
    });
    const relabelings = [{ sourceLabels: ["pod"], targetLabel: "pod", regex: "(", action: "replace" }];
    expect(await refusals(changed("PodMonitor", "cart-cart-8080", withEndpoint({ relabelings })))).toMatchObject([
      { file: "east/prometheus/PodMonitor/cart-cart-8080", message: expect.stringContaining("relabelConfigs") },
    ]);
    const tlsConfig = { ca: { secret: { name: "cart-tls", key: "ca.crt" } } };
    expect(await refusals(changed("PodMonitor", "cart-cart-8443", withEndpoint({ tlsConfig })))).toMatchObject([
      { file: "east/prometheus/PodMonitor/cart-cart-8443", message: expect.stringContaining("cart-tls") },
    ]);
  });

  it("refuses a rule that does not parse, and a monitor that no Prometheus reads", async () => {
    const broken = render({}, [{ name: "cart", alerts: [{ ...alert, expr: "sum by (pod cart_items" }] }]);
    expect(await refusals(broken)).toMatchObject([{ file: "east/prometheus/PrometheusRule/cart" }]);
    const elsewhere = changed("PodMonitor", "cart-cart-8080", ({ metadata }) => ({
      metadata: { ...metadata, namespace: "cart" },
    }));
    expect(await refusals(elsewhere)).toEqual([
      { file: "east/cart/PodMonitor/cart-cart-8080", message: "no Prometheus of this cluster selects it" },
    ]);
  });

  it("refuses a configuration that Prometheus would not read", async () => {
    const refused = await refusals(
      changed("Secret", "prometheus-additional", ({ data }) => ({
        data: {
          ...data,
          "scrape-configs.yaml": Buffer.from("- job_name: kubelet\n  sheme: https\n").toString("base64"),
        },
      })),
    );
    expect(refused).toMatchObject([
      { file: "east/prometheus/prometheus/configuration", message: expect.stringContaining("sheme") },
    ]);
  });
});
