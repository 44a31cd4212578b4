import { beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { ensureUpstream } from "../../components/upstream";
import { clusterArgs } from "../../stacks/cluster-args";
import { type Environment, parseEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { environmentWiring } from "../../stacks/wiring";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

/** An environment of clusters `hub`, `east` and `west` with a mesh, and with these settings of its components. */
function environment(components: object = {}, change: object = {}): Environment {
  const all = { istio: { management: "managed" }, ...components };
  const file = { ...sandboxEnvironment("hub", "east", "west"), ...change, components: all };
  return parseEnvironment(stringify(file), "environments/test.yaml");
}

const istioOf = (of: Environment, cluster = "hub") => clusterArgs(of, cluster, "test").istio;

/** What may speak of Istio where there is none: each names kinds, images or metrics, and needs none of them to exist. */
const HARMLESS: ReadonlySet<string> = new Set([
  // where images may come from
  "FleetwrightImageRegistry/im-03",
  // rights, and what a tenant may deliver: of kinds that nobody serves there is nothing to write
  "AppProject/shop",
  "ClusterRole/argocd-manager",
  "ClusterRole/argo-rollouts",
  "ClusterRole/argo-rollouts-canaries",
  // kinds that Argo CD watches on clusters which serve them
  "ConfigMap/argocd-cm",
  // a field and a flag of upstream's, for Rollouts that say so
  "CustomResourceDefinition/rollouts.argoproj.io",
  "Deployment/argo-rollouts",
  // panels that stay empty without a mesh, and show somebody else's
  "ConfigMap/grafana-dashboards",
]);

describe("a cluster's mesh", () => {
  it.each(["external", "off"])("leaves nothing behind where it is %s", (management) => {
    const { clusters } = sandboxEnvironment("hub", "east");
    const without = environment({ istio: { management } }, { clusters });
    const objects = renderedObjects(without);
    expect(objects.length).toBeGreaterThan(100);
    const left = objects.filter(
      ({ component, object }) =>
        component === "istio" ||
        [object.apiVersion, object.metadata.namespace, object.metadata.name].some((name) => name?.includes("istio")) ||
        (JSON.stringify(object).includes("istio") && !HARMLESS.has(`${object.kind}/${object.metadata.name}`)),
    );
    expect(left.map(({ object }) => `${object.kind}/${object.metadata.name}`)).toEqual([]);
    expect(environmentWiring(without)).toEqual([]);
  });

  it("is there where it is managed", () => {
    const { clusters } = sandboxEnvironment("hub");
    expect(renderedObjects(environment({}, { clusters })).some(({ component }) => component === "istio")).toBe(true);
  });

  it("knows the other clusters and their networks, whichever stack deploys them", () => {
    expect(istioOf(environment(), "east")).toMatchObject({
      environment: "test",
      cluster: "east",
      network: "east",
      peers: [
        { cluster: "hub", network: "hub", apiServerCidrs: ["127.0.0.1/32"] },
        { cluster: "west", network: "west", apiServerCidrs: ["127.0.0.1/32"] },
      ],
    });
  });

  it("knows every tenant of the mesh, and which of their namespaces are here", () => {
    const tenants = {
      shop: { team: "payments", namespaces: { shop: { cpu: "1", memory: "1Gi" } } },
      jobs: { team: "payments", clusters: ["east"], namespaces: { jobs: { cpu: "1", memory: "1Gi" } } },
    };
    const all = [
      { name: "shop", namespaces: ["shop"] },
      { name: "jobs", namespaces: ["jobs"] },
    ];
    expect(istioOf(environment({}, { tenants }))).toMatchObject({ tenants: all, tenantNamespaces: ["shop"] });
    expect(istioOf(environment({}, { tenants }), "east")).toMatchObject({
      tenants: all,
      tenantNamespaces: ["shop", "jobs"],
    });
  });

  it("has the settings of its environment", () => {
    const istio = {
      trustDomain: "acme.example",
      revision: "canary",
      minReplicas: 3,
      maxReplicas: 6,
      egressHosts: ["api.example.com"],
      gateways: {
        ingress: { minReplicas: 4, maxReplicas: 8, serviceAnnotations: { a: "b" }, sourceRanges: ["10.0.0.0/8"] },
      },
    };
    expect(istioOf(environment({ istio }))).toMatchObject({
      trustDomain: "acme.example",
      revision: "canary",
      replicas: { min: 3, max: 6 },
      egressHosts: ["api.example.com"],
      gateways: {
        ingress: { replicas: { min: 4, max: 8 }, serviceAnnotations: { a: "b" }, sourceRanges: ["10.0.0.0/8"] },
        egress: { replicas: { min: 2, max: 5 }, serviceAnnotations: {}, sourceRanges: [] },
      },
    });
  });

  it("waits for its intermediate, and has webhooks, only where their programs run", () => {
    const running = (withoutController: string[]) => istioOf(environment({}, { sandbox: { withoutController } }));
    expect(running(["cert-manager", "istio"])).toMatchObject({ certificatesIssued: false, withoutController: true });
    expect(running(["istio"])).toMatchObject({ certificatesIssued: true, withoutController: true });
    expect(running([])).toMatchObject({ certificatesIssued: true, withoutController: false });
  });

  it("finds network plug-ins where its cloud's nodes have them", () => {
    const on = (cloud: string) => {
      const file = sandboxEnvironment();
      const clusters = { hub: { ...file.clusters.hub, cloud } };
      return istioOf(environment({}, { clusters, storageClasses: { standard: { default: true } } }))?.pluginFolder;
    };
    expect([on("gcp"), on("aws")]).toEqual(["/home/kubernetes/bin", "/opt/cni/bin"]);
  });

  it("is signed by the platform's issuer, and its root can be the fleet's", () => {
    expect(istioOf(environment())?.issuer).toBe("platform-ca");
    const { certManager } = clusterArgs(environment({ certManager: { caSecretName: "fleet-ca" } }), "hub", "test");
    expect(certManager.caSecretName).toBe("fleet-ca");
  });
});
