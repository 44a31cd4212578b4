import { describe, expect, it } from "@jest/globals";
import { admissionObjects } from "../../policies/admission";
import { catalogue } from "../../policies/engine/catalogue";
import type { Level, PolicyParameters } from "../../policies/parameters";

const PARAMETERS: Readonly<Record<string, Record<string, unknown>>> = {
  "AR-04": { namespaces: ["shop"] },
  "CH-01": { maxSeconds: 600 },
  "CH-02": { namespaces: ["shop"] },
  "CH-03": { maxPercent: 50 },
  "DP-01": { minor: "1.35" },
  "IM-03": { registries: ["registry.k8s.io", "ghcr.io/acme"] },
  "IM-04": { repositories: ["ghcr.io/acme"] },
  "IM-05": { images: { "ghcr.io/acme/app": ["1.0"] } },
  "NS-02": { namespaces: ["kube-system"] },
  "NW-02": { namespaces: ["istio-ingress"] },
  "SC-01": { provisioners: ["ebs.csi.aws.com"] },
  "SC-03": { zonalProvisioners: ["ebs.csi.aws.com"] },
  "SC-04": { mode: "none", zonalProvisioners: [], topologyKeys: {}, zones: ["a"] },
  "SC-05": { expandable: [] },
  "SC-07": { defaultClass: "gp3" },
  "SC-08": { encrypted: { "ebs.csi.aws.com": { key: "encrypted", value: "true" } } },
  "SC-10": { classes: ["gp3"], defaultClass: "gp3" },
};
const rules = Object.fromEntries(
  catalogue().rules.map(({ id }) => [
    id,
    { level: id === "IM-02" ? ("warn" as const) : ("deny" as const), parameters: PARAMETERS[id] ?? {} },
  ]),
);

const withLevels = (levels: Record<string, Level>): PolicyParameters => ({
  clusters: {
    "prod/eu-1": {
      environment: "prod",
      rules: Object.fromEntries(
        Object.entries(rules).map(([id, { level, parameters }]) => [id, { level: levels[id] ?? level, parameters }]),
      ),
    },
  },
});
const admitted = catalogue().rules.filter(({ points }) => points.includes("admission"));
const none = { excludedNamespaces: [] };

describe("admissionObjects", () => {
  const objects = admissionObjects(withLevels({}), "prod/eu-1", { excludedNamespaces: ["kube-system"] });

  it("has a template and a constraint for every rule of admission", () => {
    const names = admitted.map((rule) => rule.kind.toLowerCase());
    expect(objects.templates.map(({ metadata }) => metadata.name)).toEqual(names);
    expect(objects.constraints.map(({ kind, metadata }) => [kind.toLowerCase(), metadata.name])).toEqual(
      admitted.map((rule, index) => [names[index], rule.id.toLowerCase()]),
    );
  });

  it("has nothing of a rule that previews alone can judge", () =>
    expect(objects.constraints.map(({ metadata }) => metadata.name)).not.toContain("dp-01"));

  it("lets a template be waited for, because a constraint can be made only when its kind is there", () => {
    expect(objects.templates.map(({ metadata }) => metadata.annotations["pulumi.com/waitFor"])).toEqual(
      objects.templates.map(() => "jsonpath={.status.created}=true"),
    );
  });

  it("makes a constraint of the cluster's level and parameters", () => {
    expect(objects.constraints.find(({ metadata }) => metadata.name === "im-03")).toEqual({
      apiVersion: "constraints.gatekeeper.sh/v1beta1",
      kind: "FleetwrightImageRegistry",
      metadata: {
        name: "im-03",
        annotations: { "metadata.gatekeeper.sh/title": "Images come from the allowed registries." },
      },
      spec: {
        enforcementAction: "deny",
        match: {
          kinds: [
            { apiGroups: [""], kinds: ["Pod", "PodTemplate", "ReplicationController"] },
            { apiGroups: ["apps"], kinds: ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"] },
            { apiGroups: ["argoproj.io"], kinds: ["Rollout", "AnalysisTemplate", "ClusterAnalysisTemplate"] },
            { apiGroups: ["batch"], kinds: ["CronJob", "Job"] },
            { apiGroups: ["chaos-mesh.org"], kinds: ["Schedule", "Workflow"] },
            {
              apiGroups: ["monitoring.coreos.com"],
              kinds: ["Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"],
            },
            { apiGroups: ["opentelemetry.io"], kinds: ["OpenTelemetryCollector"] },
          ],
          excludedNamespaces: ["kube-system"],
        },
        parameters: { registries: ["registry.k8s.io", "ghcr.io/acme"] },
      },
    });
  });

  it("gives a constraint the exemptions of its rule, but for those that have ended", () => {
    const exemption = { owner: "shop", reason: "a reason", group: "", kind: "Pod", namespace: "shop", name: "app" };
    const [left, ended] = [
      { ...exemption, expires: "2026-11-22" },
      { ...exemption, expires: "2026-11-21" },
    ];
    const parameters = withLevels({});
    const { rules: all = {}, environment = "" } = parameters.clusters["prod/eu-1"] ?? {};
    const exempt = { ...all, "IM-01": { level: "deny" as const, parameters: { exemptions: [left, ended] } } };
    const { constraints } = admissionObjects(
      { clusters: { "prod/eu-1": { environment, rules: exempt } } },
      "prod/eu-1",
      {
        ...none,
        now: new Date("2026-11-22T12:00:00Z"),
      },
    );
    const parametersOf = (name: string) =>
      Object(constraints.find(({ metadata }) => metadata.name === name)?.spec).parameters;
    expect(parametersOf("im-01")).toEqual({ exemptions: [left] });
    expect(parametersOf("im-02")).toBeUndefined();
  });

  it("warns where the level is warn", () => {
    const levels = objects.constraints.map(({ metadata, spec }) => [metadata.name, Object(spec).enforcementAction]);
    expect(levels.filter(([, level]) => level !== "deny")).toEqual([["im-02", "warn"]]);
  });

  it("has neither template nor constraint of a rule that is off", () => {
    const isImage = (id: string) => id.startsWith("IM-");
    const off = Object.fromEntries(Object.keys(rules).flatMap((id) => (isImage(id) ? [] : [[id, "off" as const]])));
    const images = admissionObjects(withLevels(off), "prod/eu-1", none);
    expect(images.templates).toHaveLength(4);
    expect(images.constraints.map(({ metadata }) => metadata.name)).toEqual(["im-01", "im-02", "im-03", "im-04"]);
  });

  it("names the cluster that the parameters do not speak of", () => {
    expect(() => admissionObjects(withLevels({}), "prod/eu-2", none)).toThrow(
      "policy parameters: no cluster prod/eu-2, only prod/eu-1",
    );
  });

  it("names the rule and the parameter that is missing, rather than to judge without it", () => {
    const parameters = withLevels({});
    const { "IM-03": _, ...others } = parameters.clusters["prod/eu-1"]?.rules ?? {};
    const cluster = (more: object) => ({
      clusters: { "prod/eu-1": { environment: "prod", rules: { ...others, ...more } } },
    });
    expect(() => admissionObjects(cluster({}), "prod/eu-1", none)).toThrow(
      "policy parameters: prod/eu-1 says nothing of IM-03: give it a level",
    );
    expect(() => admissionObjects(cluster({ "IM-03": { level: "deny", parameters: {} } }), "prod/eu-1", none)).toThrow(
      "policy parameters: IM-03 of prod/eu-1 lacks registries",
    );
  });
});
