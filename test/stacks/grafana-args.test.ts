import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { ensureUpstream } from "../../components/upstream";
import { parseEnvironment } from "../../stacks/environment";
import { grafanaArgs } from "../../stacks/grafana-args";
import { renderedObjects } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";

const image = (of: string) => `registry.example/${of}`;
const environment = (components: object = {}, change: object = {}) =>
  parseEnvironment(
    stringify({ ...sandboxEnvironment("hub", "east"), ...change, components }),
    "environments/test.yaml",
  );

describe("the hub's Grafana", () => {
  it("is on the hub only, and nowhere where it is somebody else's or off", () => {
    const made = (cluster: string, management = "managed") =>
      grafanaArgs(environment({ grafana: { management } }), cluster, image) !== undefined;
    expect([made("hub"), made("east"), made("hub", "external"), made("hub", "off")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("asks the stores that there are", () => {
    const kinds = (thanos: string) =>
      Object.keys(grafanaArgs(environment({ thanos: { management: thanos } }), "hub", image)?.sources ?? {});
    expect(kinds("managed")).toContain("metrics");
    expect(kinds("off")).not.toContain("metrics");
  });

  it("has sources for every tenant of the fleet, wherever its namespaces are", () => {
    const tenants = {
      shop: { team: "payments", clusters: ["east"], namespaces: { shop: { cpu: "1", memory: "1Gi" } } },
    };
    expect(grafanaArgs(environment({}, { tenants }), "hub", image)?.tenants).toEqual(["shop"]);
  });

  it("may be several where it has a database, which it then may reach", () => {
    const database = { host: "db.acme.example:6432", cidrs: ["10.9.0.0/24"] };
    expect(grafanaArgs(environment({ grafana: { database, replicas: 3 } }), "hub", image)).toMatchObject({
      replicas: 3,
      database: {
        host: "db.acme.example:6432",
        name: "grafana",
        user: "grafana",
        secretName: "grafana-database",
        to: { cidrs: ["10.9.0.0/24"] },
        ports: [{ port: 6432, protocol: "TCP" }],
      },
    });
    expect(() => environment({ grafana: { replicas: 3 } })).toThrow("must be absent without a database");
  });

  it("is rendered with its database, whose Secret the team's store has", async () => {
    await ensureUpstream();
    const database = { host: "db.acme.example:6432", cidrs: ["10.9.0.0/24"] };
    const objects = renderedObjects(environment({ grafana: { database } })).map(({ object }) => object);
    const found = objects.find(
      ({ kind, metadata }) => kind === "ExternalSecret" && metadata.name === "grafana-database",
    );
    expect(found?.spec).toMatchObject({
      data: [
        { secretKey: "password", remoteRef: { property: "password" } },
        { secretKey: "ca.crt", remoteRef: { property: "ca" } },
      ],
    });
  });

  it("leaves its namespace to no tenant", () => {
    const tenants = { shop: { team: "payments", namespaces: { grafana: { cpu: "1", memory: "1Gi" } } } };
    expect(() => environment({}, { tenants })).toThrow("is a namespace of Kubernetes or of the platform");
  });
});
