import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { readImageLock } from "../../components/images";
import { admissionObjects } from "../../policies/admission";
import { catalogue } from "../../policies/engine/catalogue";
import { graphRules } from "../../policies/graph/graph-rules";
import { packConfiguration } from "../../policies/pack/policy";
import { policyParametersSchema } from "../../policies/parameters";
import { isOfInfrastructure } from "../../policies/rule";
import { parseEnvironment } from "../../stacks/environment";
import { parametersOn, policyParameters } from "../../stacks/policy-parameters";
import { sandboxEnvironment } from "../support/environments";

const base = sandboxEnvironment("hub", "east");
const parametersOf = (change: object = {}) =>
  policyParameters(parseEnvironment(stringify({ ...base, ...change }), "environments/prod.yaml"));
const rulesOf = (cluster: string, change: object = {}) => parametersOf(change).clusters[`prod/${cluster}`]?.rules ?? {};

describe("policy parameters", () => {
  it("speak of every cluster by its identifier, and of every rule", () => {
    const { clusters } = policyParametersSchema.parse(parametersOf());
    expect(Object.keys(clusters)).toEqual(["prod/hub", "prod/east"]);
    for (const { environment, rules } of Object.values(clusters)) {
      expect(environment).toBe("prod");
      const ofClusters = [...catalogue().rules.filter((rule) => !isOfInfrastructure(rule)), ...graphRules()];
      expect(Object.keys(rules)).toEqual(ofClusters.map(({ id }) => id));
    }
  });

  it("are the same for one cluster as among all of them", () => {
    const environment = parseEnvironment(stringify(base), "environments/prod.yaml");
    const { clusters } = policyParameters(environment);
    expect(parametersOn(environment, ["east"]).clusters).toEqual({ "prod/east": clusters["prod/east"] });
    expect(parametersOn(environment, ["west"]).clusters).toEqual({});
  });

  it("speak once of what belongs to no cluster, by the rules that look at it", () => {
    const { infrastructure } = policyParametersSchema.parse(parametersOf({ policy: { levels: { "AW-03": "warn" } } }));
    expect(infrastructure?.environment).toBe("prod");
    const levels = Object.entries(infrastructure?.rules ?? {}).map(([id, { level }]) => `${id} ${level}`);
    expect(levels).toEqual(["AW-01 deny", "AW-02 deny", "AW-03 warn", "AW-04 deny"]);
  });

  it("allow claims the classes of their cluster, one of which is the default", () => {
    const storageClasses = { standard: { default: true }, fast: { driver: "aws", clusters: ["east"] } };
    const [hub, east] = ["hub", "east"].map((cluster) => rulesOf(cluster, { storageClasses }));
    expect(hub?.["SC-10"]?.parameters).toEqual({ classes: ["standard"], defaultClass: "standard" });
    expect(east?.["SC-10"]?.parameters).toEqual({ classes: ["standard", "fast"], defaultClass: "standard" });
    expect(east?.["SC-07"]?.parameters).toEqual({ defaultClass: "standard" });
  });

  it("allow of each locked repository, and of its place in the mirror, the tags and digests of the lock", () => {
    const { tag, digest } = readImageLock()["cert-manager-webhook"] ?? {};
    const pinned = [`${tag}@${digest}`];
    const images = Object(rulesOf("hub")["IM-05"]?.parameters.images);
    expect(images["quay.io/jetstack/cert-manager-webhook"]).toEqual(pinned);
    expect(images["docker.io/openpolicyagent/gatekeeper"]).toEqual([readImageLock().gatekeeper?.tag]);
    const mirrored = rulesOf("hub", { images: { registries: ["ghcr.io/acme"], mirror: "mirror.example:5000/all" } });
    expect(mirrored["IM-05"]?.parameters.images).toMatchObject({
      "quay.io/jetstack/cert-manager-webhook": pinned,
      "mirror.example:5000/all/jetstack/cert-manager-webhook": pinned,
    });
  });

  it("are in the pack's configuration what they are in the constraints", () => {
    const parameters = parametersOf();
    expect(packConfiguration(parameters)).toEqual({ rules: parameters });
    const { constraints } = admissionObjects(parameters, "prod/hub", { excludedNamespaces: [] });
    expect(constraints.length).toBeGreaterThan(0);
    for (const { metadata, spec } of constraints) {
      const settings = rulesOf("hub")[metadata.name.toUpperCase()];
      const stated = spec as { enforcementAction: string; parameters?: object };
      expect([stated.enforcementAction, stated.parameters ?? {}]).toEqual([settings?.level, settings?.parameters]);
    }
  });

  it.each([
    ["production", {}, "deny"],
    ["development", {}, "warn"],
    ["production", { undetermined: "warn" }, "warn"],
    ["development", { undetermined: "deny" }, "deny"],
  ] as const)("say what is left open: in %s with %j it is %s", (purpose, policy, expected) => {
    const text = stringify({ ...base, policy: { ...base.policy, ...policy } });
    const environment = { ...parseEnvironment(text, "environments/prod.yaml"), purpose };
    expect(policyParameters(environment).clusters["prod/hub"]?.undetermined).toBe(expected);
  });

  it("allow the environment's registries, and the repositories of the platform's images or their mirror", () => {
    const { platform, registries } = rulesOf("hub")["IM-03"]?.parameters ?? {};
    expect(registries).toEqual(base.images.registries);
    expect(platform).toContain("docker.io/openpolicyagent/gatekeeper");
    expect(platform).not.toContain("docker.io/openpolicyagent");
    const images = { registries: ["ghcr.io/acme"], mirror: "mirror.example:5000/all" };
    expect(rulesOf("hub", { images })["IM-03"]?.parameters).toEqual({
      registries: ["ghcr.io/acme"],
      platform: ["mirror.example:5000/all"],
    });
  });

  it("allow a cluster the provisioners of its own classes, and no others", () => {
    const storageClasses = {
      standard: { default: true },
      fast: { driver: "aws", clusters: ["east"] },
      shared: { driver: "ceph", clusters: ["east"], parameters: { clusterID: "a", pool: "b" } },
    };
    const [hub, east] = ["hub", "east"].map((cluster) => rulesOf(cluster, { storageClasses }));
    expect(hub?.["SC-01"]?.parameters).toEqual({ provisioners: ["local.csi.fleetwright.dev"] });
    expect(east?.["SC-01"]?.parameters).toEqual({
      provisioners: ["local.csi.fleetwright.dev", "ebs.csi.aws.com", "rbd.csi.ceph.com"],
    });
    expect(east?.["SC-03"]?.parameters).toEqual({
      zonalProvisioners: ["local.csi.fleetwright.dev", "ebs.csi.aws.com"],
    });
    const { mode, topologyKeys, zones } = (east?.["SC-04"]?.parameters ?? {}) as Record<string, object>;
    expect([mode, zones]).toEqual(["sound", base.clusters.east?.zones]);
    expect(Object.entries(topologyKeys ?? {}).map(([provisioner, keys]) => [provisioner, keys[0]])).toEqual([
      ["local.csi.fleetwright.dev", "topology.kubernetes.io/zone"],
      ["ebs.csi.aws.com", "topology.kubernetes.io/zone"],
      ["rbd.csi.ceph.com", "topology.rbd.csi.ceph.com/zone"],
    ]);
    expect(east?.["SC-05"]?.parameters).toEqual({ expandable: Object.keys(topologyKeys ?? {}) });
    expect(Object.keys((east?.["SC-08"]?.parameters.encrypted ?? {}) as object)).toContain("ebs.csi.aws.com");
  });

  it("say each cluster's own minor of Kubernetes", () =>
    expect(rulesOf("east")["DP-01"]?.parameters).toEqual({ minor: base.clusters.east?.kubernetes }));
});

describe("the level of a rule", () => {
  it("is its own for the environment's purpose: an image without a digest is refused in production, reported in development", () => {
    expect(rulesOf("hub", { purpose: "production" })["IM-02"]?.level).toBe("deny");
    expect(rulesOf("hub", { purpose: "development" })["IM-02"]?.level).toBe("warn");
    for (const purpose of ["production", "development"]) {
      const rules = rulesOf("hub", { purpose });
      expect([rules["IM-01"]?.level, rules["IM-03"]?.level]).toEqual(["deny", "deny"]);
    }
  });

  it("is the environment's where it says one", () => {
    const rules = rulesOf("hub", { policy: { levels: { "IM-02": "deny", "SC-01": "off" } } });
    expect([rules["IM-01"]?.level, rules["IM-02"]?.level, rules["SC-01"]?.level]).toEqual(["deny", "deny", "off"]);
  });
});
