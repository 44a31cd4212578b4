import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { EnvironmentError, parseEnvironment } from "../../stacks/environment";
import { thanosArgs } from "../../stacks/thanos-args";
import { sandboxEnvironment } from "../support/environments";

const image = (of: string) => `registry.example/${of}`;
const environment = (clusters: string[], thanos: object = {}, change: object = {}) =>
  parseEnvironment(
    stringify({ ...sandboxEnvironment(...clusters), ...change, components: { thanos } }),
    "environments/test.yaml",
  );

describe("the hub's Thanos", () => {
  it("is on the hub only, and nowhere where it is somebody else's or off", () => {
    const made = (cluster: string, thanos: object = {}) =>
      thanosArgs(environment(["hub", "east"], thanos), cluster, image) !== undefined;
    expect([made("hub"), made("east")]).toEqual([true, false]);
    expect([made("hub", { management: "external" }), made("hub", { management: "off" })]).toEqual([false, false]);
  });

  it("is reached by the spokes at the environment's own name, if there are spokes", () => {
    const ingest = { sourceRanges: ["10.0.0.0/8"], serviceAnnotations: { a: "b" } };
    expect(thanosArgs(environment(["hub", "east"], { ingest }), "hub", image)).toMatchObject({
      clusters: ["hub", "east"],
      ingest: { hosts: ["thanos.ingest.test.internal"], ...ingest },
    });
    expect(thanosArgs(environment(["hub"], { ingest }), "hub", image)?.ingest).toBeUndefined();
  });

  it("waits for certificates only where somebody signs them", () => {
    const awaited = (withoutController: string[]) =>
      thanosArgs(environment(["hub"], {}, { sandbox: { withoutController } }), "hub", image)?.issuer.awaited;
    expect([awaited([]), awaited(["cert-manager"])]).toEqual([true, false]);
  });

  it("cannot be managed without a bucket outside of the sandbox", () => {
    const prod = (management: string) => () => environment(["hub"], { management }, { sandbox: undefined });
    expect(prod("managed")).toThrow(EnvironmentError);
    expect(prod("managed")).toThrow("objectStore.buckets.thanos: is missing");
    expect(prod("off")).not.toThrow("objectStore");
  });

  it("keeps no resolution for less long than a finer one", () => {
    expect(() => environment(["hub"], { retentionDays: { raw: 200 } })).toThrow("raw <= fiveMinutes <= oneHour");
  });

  it("leaves its namespace to no tenant", () => {
    const tenants = { shop: { team: "payments", namespaces: { thanos: { cpu: "1", memory: "1Gi" } } } };
    expect(() => environment(["hub"], {}, { tenants })).toThrow("is a namespace of Kubernetes or of the platform");
  });
});
