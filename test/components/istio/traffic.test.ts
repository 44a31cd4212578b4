import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { ensureUpstream } from "../../../components/upstream";
import { find, key, render } from "./mesh";

beforeAll(() => ensureUpstream(), 300_000);

describe("the mesh's traffic", () => {
  it("stays near, and leaves what fails, unless a service says otherwise", () => {
    const { metadata, spec } = find(render(), "DestinationRule/mesh-default");
    // Istio takes the defaults of the whole mesh from its root namespace
    expect(metadata.namespace).toBe("istio-system");
    expect(spec.host).toBe("*.local");
    expect(spec.trafficPolicy.loadBalancer.localityLbSetting).toEqual({ enabled: true });
    expect(spec.trafficPolicy.outlierDetection).toMatchObject({
      consecutive5xxErrors: 5,
      baseEjectionTime: "30s",
      maxEjectionPercent: 50,
    });
    // a mode here would take the place of Istio's own choice, and break services outside of the mesh
    expect(spec.trafficPolicy).not.toHaveProperty("tls");
  });

  it("is measured, and logged where it fails", () => {
    const { metadata, spec } = find(render(), "Telemetry/mesh-default");
    expect(metadata.namespace).toBe("istio-system");
    expect(spec.metrics).toEqual([{ providers: [{ name: "prometheus" }] }]);
    expect(spec.accessLogging).toEqual([
      {
        providers: [{ name: "envoy" }],
        filter: { expression: "response.code >= 500 || response.code == 0" },
      },
    ]);
  });

  it("is traced where somebody takes the spans, and the provider that it names exists", () => {
    const without = render();
    expect(find(without, "Telemetry/mesh-default").spec).not.toHaveProperty("tracing");
    expect(parse(find(without, "ConfigMap/istio").data.mesh)).not.toHaveProperty("extensionProviders");
    const tracing = { service: "otel.telemetry.svc.cluster.local", port: 4317, samplingPercent: 5 };
    const traced = render({ tracing });
    const [{ providers, randomSamplingPercentage }] = find(traced, "Telemetry/mesh-default").spec.tracing;
    expect(randomSamplingPercentage).toBe(5);
    expect(parse(find(traced, "ConfigMap/istio").data.mesh).extensionProviders).toEqual([
      { name: providers[0].name, opentelemetry: { service: "otel.telemetry.svc.cluster.local", port: 4317 } },
    ]);
  });

  it("crosses to other networks unopened", () => {
    const { metadata, spec } = find(render(), "Gateway/cross-network-gateway");
    expect(metadata.namespace).toBe("istio-eastwest");
    expect(spec.servers).toEqual([
      { port: { number: 15_443, name: "tls", protocol: "TLS" }, tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.local"] },
    ]);
  });

  it("reaches each host that is named, by the egress gateway and by its own name", () => {
    const objects = render({ egressHosts: ["b.example.com", "a.example.com"] });
    const gateway = find(objects, "Gateway/egress").spec;
    const rule = find(objects, "DestinationRule/egress").spec;
    expect(gateway.servers.map(({ hosts }: { hosts: string[] }) => hosts)).toEqual([
      ["a.example.com"],
      ["b.example.com"],
    ]);
    for (const host of ["a.example.com", "b.example.com"]) {
      expect(find(objects, `ServiceEntry/${host}`).spec).toMatchObject({ hosts: [host], resolution: "DNS" });
      const { tcp, tls } = find(objects, `VirtualService/${host}`).spec;
      const [{ destination }] = tls[0].route;
      expect(tls[0].match[0]).toEqual({ gateways: ["mesh"], port: 443, sniHosts: [host] });
      expect(destination.host).toBe("istio-egressgateway.istio-egress.svc.cluster.local");
      expect(tcp[0].route[0].destination).toEqual({ host, port: { number: 443 } });
      // the gateway tells hosts apart by the name that the mutual TLS asks for
      const subset = rule.subsets.find(({ name }: { name: string }) => name === destination.subset);
      expect(subset.trafficPolicy.portLevelSettings).toEqual([
        { port: { number: 443 }, tls: { mode: "ISTIO_MUTUAL", sni: host } },
      ]);
    }
  });

  it("has no way out where no host is named", () => {
    const kinds = render().map(key);
    expect(kinds.filter((name) => /^(ServiceEntry|VirtualService)\/|\/egress$/.test(name))).toEqual([]);
  });
});
