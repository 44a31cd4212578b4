import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { alertmanagerArgs } from "../../stacks/alertmanager-args";
import { parseEnvironment } from "../../stacks/environment";
import { sandboxEnvironment } from "../support/environments";

const args = (components: object, cloud = "local") => {
  const { clusters, ...rest } = sandboxEnvironment("hub", "east");
  const environment = { ...rest, clusters: { ...clusters, hub: { ...clusters.hub, cloud } }, components };
  return alertmanagerArgs(parseEnvironment(stringify(environment), "environments/test.yaml"), "hub", (of) => of);
};

describe("the hub's Alertmanager", () => {
  it("is asked by those that there are, and waits for the certificate of nobody else", () => {
    const all = ["prometheus.prometheus.svc", "thanos.internal", "grafana.grafana.svc"];
    const off = { management: "off" };
    expect(args({})?.clients).toEqual(all);
    expect(args({ grafana: off })?.clients).toEqual(all.slice(0, 2));
    expect(args({ thanos: off })?.clients).toEqual([all[0], all[2]]);
    expect(args({ prometheus: off })?.clients).toEqual(all.slice(1));
  });

  it("asks no load balancer of AWS to keep senders to one pod: none would be made", () => {
    expect(args({})?.ingest?.keepsSenders).toBe(true);
    expect(args({}, "aws")?.ingest?.keepsSenders).toBe(false);
  });
});
