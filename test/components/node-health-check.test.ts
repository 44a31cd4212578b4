import { beforeAll, describe, expect, it } from "@jest/globals";
import { checkFlow } from "../../components/flow";
import type { KubeObject } from "../../components/kube-object";
import { type NodeHealthCheckArgs, nodeHealthCheckPart } from "../../components/node-health-check";
import type { EscalationStep, Remediation } from "../../components/node-health-check/check";
import { ensureUpstream } from "../../components/upstream";
import { expectGolden } from "../support/golden";

beforeAll(() => ensureUpstream(), 300_000);

const image = `registry.example/node-healthcheck-operator:v0.12.0@sha256:${"a".repeat(64)}`;
const template = { apiVersion: "fence.example/v1", kind: "FenceTemplate", name: "reboot", namespace: "fence" };
const fenced: Remediation = { kind: "template", template };
const step = (kind: string, timeoutSeconds = 300): EscalationStep => ({ ...template, kind, timeoutSeconds });
const escalation = (...steps: EscalationStep[]): Remediation => ({ kind: "escalation", steps });

const args: NodeHealthCheckArgs = {
  management: { kind: "managed", image },
  issuer: { name: "platform-ca", awaited: true },
  remediation: fenced,
};
const part = (changed: Partial<NodeHealthCheckArgs> = {}) => nodeHealthCheckPart({ ...args, ...changed });
const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const find = (wanted: string, changed: Partial<NodeHealthCheckArgs> = {}): Rendered =>
  part(changed).objects.find((object) => key(object) === wanted);
const CHECK = "NodeHealthCheck/workers";
const MANAGER = "Deployment/node-healthcheck-controller-manager";

describe("node health checks", () => {
  it("renders the reviewed manifests", () => expectGolden("node-health-check", part().objects));

  it("looks after workers, and lets one be lost at a time for five minutes", () => {
    const { spec } = find(CHECK);
    expect(spec.selector.matchExpressions).toEqual([
      { key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" },
    ]);
    expect(spec.maxUnhealthy).toBe("1");
    expect(spec.minHealthy).toBeUndefined();
    expect(spec.unhealthyConditions).toEqual([
      { type: "Ready", status: "False", duration: "300s" },
      { type: "Ready", status: "Unknown", duration: "300s" },
    ]);
    expect(spec.stormCooldownDuration).toBe("300s");
  });

  it("takes the bounds it is given", () =>
    expect(find(CHECK, { maxUnhealthy: "30%", unhealthySeconds: 90 }).spec).toMatchObject({
      maxUnhealthy: "30%",
      unhealthyConditions: [{ duration: "90s" }, { duration: "90s" }],
    }));

  it("checks nothing where nothing would be done, and has the operator ready", () => {
    const { remediation: _, ...without } = args;
    for (const off of [nodeHealthCheckPart(without), part({ remediation: { kind: "off" } })]) {
      expect(off.objects.map(key)).not.toContain(CHECK);
      expect(off.objects.map(key)).toContain(MANAGER);
    }
  });

  it("escalates step by step, in the order given", () => {
    const remediation = escalation(step("RebootTemplate", 120), step("ReplaceTemplate", 600));
    const { spec } = find(CHECK, { remediation });
    expect(spec.remediationTemplate).toBeUndefined();
    expect(
      spec.escalatingRemediations.map(({ order, remediationTemplate, timeout }: Record<string, { kind: string }>) => [
        order,
        remediationTemplate?.kind,
        timeout,
      ]),
    ).toEqual([
      [0, "RebootTemplate", "120s"],
      [1, "ReplaceTemplate", "600s"],
    ]);
  });

  it("fails closed for its own kind and no other, behind a certificate of the platform's CA", () => {
    const { metadata, webhooks } = find("ValidatingWebhookConfiguration/node-health-check");
    expect(webhooks).toHaveLength(1);
    expect(webhooks[0]).toMatchObject({
      failurePolicy: "Fail",
      rules: [{ apiGroups: ["remediation.medik8s.io"], resources: ["nodehealthchecks"] }],
    });
    const [namespace, name] = metadata.annotations["cert-manager.io/inject-ca-from"].split("/");
    const certificate = find(`Certificate/${name}`);
    const { service } = webhooks[0].clientConfig;
    expect(certificate.metadata.namespace).toBe(namespace);
    expect(certificate.spec.dnsNames).toEqual([`${service.name}.${service.namespace}.svc`]);
    expect(certificate.spec.issuerRef).toMatchObject({ kind: "ClusterIssuer", name: "platform-ca" });
    expect(find(MANAGER).spec.template.spec.volumes).toEqual([
      { name: "tls", secret: expect.objectContaining({ secretName: certificate.spec.secretName }) },
    ]);
    expect(find(`Service/${service.name}`).spec.ports).toEqual([expect.objectContaining({ port: service.port })]);
  });

  it("has no webhook where no operator runs", () =>
    expect(part({ withoutController: true }).objects.filter(({ kind }) => kind.endsWith("Configuration"))).toEqual([]));

  it("may write no role but the one that gathers what remediators may do", () => {
    const { rules } = find("ClusterRole/node-healthcheck-controller-manager");
    const writes = rules.filter(
      ({ apiGroups, verbs }: { apiGroups: string[]; verbs: string[] }) =>
        apiGroups.includes("rbac.authorization.k8s.io") &&
        verbs.some((verb) => !["get", "list", "watch"].includes(verb)),
    );
    expect(writes).toEqual([
      expect.objectContaining({
        resources: ["clusterroles"],
        resourceNames: ["node-healthcheck-operator-aggregation"],
        verbs: ["update", "escalate"],
      }),
      expect.objectContaining({
        resources: ["clusterrolebindings"],
        resourceNames: ["node-healthcheck-operator-aggregation"],
        verbs: ["update"],
      }),
    ]);
    expect(JSON.stringify(rules)).not.toContain('"*"');
    // its rules are the API server's to fill in
    expect(find("ClusterRole/node-healthcheck-operator-aggregation").rules).toBeUndefined();
  });

  it("is first to be placed when nodes are lost", () =>
    expect(find(MANAGER).spec.template.spec.priorityClassName).toBe("platform-critical"));

  it("makes only the check where someone else runs the operator", () => {
    const external = part({ management: { kind: "external" } });
    expect(external.objects.map(key)).toEqual([CHECK]);
    expect([external.namespaces, external.flows, external.alerts]).toEqual([[], [], []]);
  });

  it("says who connects to it", () => {
    for (const flow of part().flows) checkFlow(flow);
    expect(part().flows.map(({ from }) => from)).toContain("control-plane");
  });

  it.each([
    [{ maxUnhealthy: "0" }, 'maxUnhealthy is "0"'],
    [{ maxUnhealthy: "51%" }, 'maxUnhealthy is "51%"'],
    [{ maxUnhealthy: "100%" }, 'maxUnhealthy is "100%"'],
    [{ unhealthySeconds: 59 }, "unhealthySeconds is 59"],
    [{ unhealthySeconds: 3601 }, "unhealthySeconds is 3601"],
    [{ replicas: 1 }, "replicas is 1"],
    [{ management: { kind: "managed", image: "" } as const }, "management.image is empty"],
    [{ remediation: escalation(step("FenceTemplate")) }, "remediation.steps has 1, must be at least 2"],
    [{ remediation: escalation(step("ATemplate"), step("ATemplate")) }, 'has "ATemplate" twice'],
    [{ remediation: escalation(step("ATemplate", 59), step("BTemplate")) }, "steps[0].timeoutSeconds is 59"],
    [{ remediation: { kind: "template", template: { ...template, kind: "Fence" } } as const }, "must end in Template"],
    [{ remediation: { kind: "template", template: { ...template, apiVersion: "v1" } } as const }, "group/version"],
  ])("refuses %j", (changed, sentence) => expect(() => part(changed)).toThrow(sentence));
});
