import { describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { alertmanagerArgs, alertReceiver } from "../../stacks/alertmanager-args";
import { type Environment, loadEnvironment } from "../../stacks/environment";
import { metricsArgs } from "../../stacks/metrics-args";

const dev = loadEnvironment("dev", packageRoot());
const image = (of: string) => `registry.example/${of}`;
const set = (components: Partial<Environment["components"]>): Environment => ({
  ...dev,
  components: { ...dev.components, ...components },
});
const prometheus = (environment: Environment, cluster: string) => metricsArgs(environment, cluster, image).prometheus;

describe("what measures a cluster", () => {
  it("is made where it is managed, and nowhere else", () => {
    const args = metricsArgs(dev, "east", image);
    expect(Object.values(args).filter((value) => value === undefined)).toEqual([]);
    const management = "external" as const;
    const none = metricsArgs(
      set({
        prometheus: { ...dev.components.prometheus, management },
        kubeStateMetrics: { ...dev.components.kubeStateMetrics, management },
        nodeExporter: { management },
        metricsServer: { ...dev.components.metricsServer, management: "off" },
      }),
      "east",
      image,
    );
    expect(Object.values(none)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("leaves the aggregated API out where nodes are simulated, and only there", () => {
    expect(metricsArgs(dev, "hub", image).metricsServer?.withoutController).toBe(true);
    const { sandbox: _, ...real } = dev;
    expect(metricsArgs({ ...real, sandbox: undefined }, "hub", image).metricsServer?.withoutController).toBe(false);
  });

  it("knows the version of the image that the operator writes for", () => {
    expect(prometheus(dev, "hub")?.version).toBe("3.13.5");
  });

  it("keeps samples for longer where Thanos takes them: on the hub by its Service, from spokes by the load balancer", () => {
    const off = set({ thanos: { ...dev.components.thanos, management: "off" } });
    expect(prometheus(off, "east")?.remoteWrite).toBeUndefined();
    expect(prometheus(dev, "hub")?.remoteWrite).toMatchObject({
      url: "https://thanos-receive.thanos.svc:19291/api/v1/receive",
      to: { namespace: "thanos" },
    });
    expect(prometheus(dev, "east")?.remoteWrite).toMatchObject({
      url: "https://thanos.ingest.dev.internal:19291/api/v1/receive",
      serverName: "thanos.ingest.dev.internal",
    });
  });
});

describe("alerts", () => {
  it("go to every Alertmanager on the hub, and from spokes to the load balancer of the hub, by the name in its certificate", () => {
    expect(prometheus(dev, "hub")?.alertReceiver).toMatchObject({
      host: "alertmanager-pods.alertmanager.svc",
      serverName: "alertmanager.alertmanager.svc",
      everyAddress: true,
    });
    const fromSpoke = prometheus(dev, "east")?.alertReceiver;
    expect(fromSpoke).toMatchObject({ everyAddress: false, port: 9093 });
    expect(fromSpoke?.serverName).toBe(alertmanagerArgs(dev, "hub", image)?.ingest?.host);
    expect(fromSpoke?.host).toBe("alertmanager.ingest.dev.internal");
  });

  it("are brought to people by the hub alone", () => {
    expect(alertmanagerArgs(dev, "east", image)).toBeUndefined();
    const { hub } = dev.clusters;
    const alone = { ...dev, clusters: hub ? { hub } : {} };
    expect(alertmanagerArgs(alone, "hub", image)?.ingest).toBeUndefined();
    const off = set({ alertmanager: { ...dev.components.alertmanager, management: "off" } });
    expect(alertmanagerArgs(off, "hub", image)).toBeUndefined();
    expect(alertReceiver(off, "hub")).toBeUndefined();
  });

  it("reach a team as the environment says", () => {
    expect(alertmanagerArgs(dev, "hub", image)?.teams).toEqual({
      platform: { receiver: { kind: "pagerduty" }, escalation: undefined },
      payments: { receiver: { kind: "webhook" }, escalation: { team: "platform", afterMinutes: 30 } },
      search: { receiver: { kind: "slack", channel: "#search-alerts" }, escalation: undefined },
    });
  });
});
