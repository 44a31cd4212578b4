import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  type CertManagerArgs,
  CertManagerChart,
  certManagerDepartures,
  certManagerFlows,
  certManagerScrapeTargets,
} from "../../components/cert-manager";
import { checkFlow, describeFlow } from "../../components/flow";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { expectGolden } from "../support/golden";

beforeAll(() => ensureUpstream(), 300_000);

const image = (name: string) => `registry.example/${name}:v1.21.2@sha256:${"a".repeat(64)}`;
const images = {
  controller: image("controller"),
  webhook: image("webhook"),
  cainjector: image("cainjector"),
  acmesolver: image("acmesolver"),
};
const required: CertManagerArgs = { environment: "dev", cluster: "hub", management: { kind: "managed", images } };
const external: CertManagerArgs = { ...required, management: { kind: "external", namespace: "security" } };

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const render = (args: Partial<CertManagerArgs> = {}) => objectsOf(new CertManagerChart({ ...required, ...args }));
const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find((object) => key(object) === wanted);
const webhooks = (objects: readonly KubeObject[]): Rendered[] =>
  objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration"));

describe("cert-manager", () => {
  it("renders the reviewed manifests", () => expectGolden("cert-manager", render()));

  it("renders nothing but the issuers where someone else installs it", () => {
    const objects = objectsOf(new CertManagerChart(external));
    expect(objects.map(key)).toEqual([
      "ClusterIssuer/platform-bootstrap",
      "Certificate/platform-ca",
      "ClusterIssuer/platform-ca",
    ]);
    expect(find(objects, "Certificate/platform-ca").metadata.namespace).toBe("security");
    expect([
      ...certManagerFlows(external),
      ...certManagerScrapeTargets(external),
      ...certManagerDepartures(external),
    ]).toEqual([]);
  });

  it("fails closed for its own API groups and no other", () => {
    expect(webhooks(render()).map(({ webhooks: [hook] }) => [hook.failurePolicy, hook.rules[0].apiGroups])).toEqual([
      ["Fail", ["cert-manager.io"]],
      ["Fail", ["cert-manager.io", "acme.cert-manager.io"]],
    ]);
  });

  it("leaves the CA of its webhooks to cainjector", () => {
    for (const { metadata, webhooks: hooks } of webhooks(render())) {
      expect(metadata.annotations).toEqual({
        "cert-manager.io/inject-ca-from-secret": "cert-manager/cert-manager-webhook-ca",
      });
      expect(hooks.map(({ clientConfig }: Rendered) => Object.keys(clientConfig))).toEqual([["service"]]);
    }
    expect(render().filter(({ kind }) => kind === "Secret")).toEqual([]);
  });

  it("may do nothing in kube-system", () => expect(JSON.stringify(render())).not.toContain("kube-system"));

  it("runs two controllers, three webhooks and two cainjectors, or as many as asked for", () => {
    const counts = (args?: Partial<CertManagerArgs>) =>
      ["", "-webhook", "-cainjector"].map(
        (suffix) => find(render(args), `Deployment/cert-manager${suffix}`).spec.replicas,
      );
    expect(counts()).toEqual([2, 3, 2]);
    expect(counts({ controllerReplicas: 3, webhookReplicas: 4, cainjectorReplicas: 5 })).toEqual([3, 4, 5]);
  });

  it("gives each program its size, and the default to those without", () => {
    const memory = (suffix: string) =>
      find(render({ sizes: { webhook: { cpuMillicores: 100, memoryMiB: 1024 } } }), `Deployment/cert-manager${suffix}`)
        .spec.template.spec.containers[0].resources.limits.memory;
    expect(["", "-webhook", "-cainjector"].map(memory)).toEqual(["256Mi", "1Gi", "256Mi"]);
  });

  it("solves challenges with the image that is locked", () =>
    expect(find(render(), "Deployment/cert-manager").spec.template.spec.containers[0].args).toContain(
      `--acme-http01-solver-image=${images.acmesolver}`,
    ));

  it("makes a CA that outlives every intermediate of a year, and keeps its key when it is renewed", () => {
    const { spec } = find(render(), "Certificate/platform-ca");
    expect(spec).toMatchObject({
      isCA: true,
      duration: "43800h0m0s",
      renewBefore: "8760h0m0s",
      privateKey: { algorithm: "ECDSA", size: 384, rotationPolicy: "Never" },
      subject: { organizations: ["dev"], organizationalUnits: ["hub"] },
      issuerRef: { kind: "ClusterIssuer", name: "platform-bootstrap" },
    });
    expect(find(render(), "ClusterIssuer/platform-bootstrap").spec).toEqual({ selfSigned: {} });
    expect(find(render(), "ClusterIssuer/platform-ca").spec).toEqual({ ca: { secretName: spec.secretName } });
  });

  it("signs with the fleet's CA where somebody brings one", () => {
    const own = render({ caSecretName: "fleet-ca" }).filter(({ apiVersion }) => apiVersion === "cert-manager.io/v1");
    expect(own.map(key)).toEqual(["ClusterIssuer/platform-ca"]);
    expect(own[0]?.spec).toEqual({ ca: { secretName: "fleet-ca" } });
  });

  it("waits until the CA and its issuers are ready", () => {
    const own = render().filter(({ apiVersion }) => apiVersion === "cert-manager.io/v1");
    expect(own.map(({ metadata }) => metadata.annotations)).toEqual(
      own.map(() => ({ "pulumi.com/waitFor": "condition=Ready" })),
    );
  });

  it("has no webhook and waits for nothing where no controller runs", () => {
    const objects = render({ withoutController: true });
    expect(webhooks(objects)).toEqual([]);
    expect(objects.flatMap(({ metadata }) => metadata.annotations?.["pulumi.com/waitFor"] ?? [])).toEqual([]);
    expect(find(objects, "Deployment/cert-manager-webhook")).toBeDefined();
  });

  it("says who connects to it and whom it connects to", () => {
    for (const flow of certManagerFlows(required)) checkFlow(flow);
    expect(certManagerFlows(required).map(describeFlow)).toEqual([
      "cert-manager/cert-manager-controller → api-server TCP 443, TCP 6443",
      "control-plane → cert-manager/cert-manager-webhook TCP 10250",
      "cert-manager/cert-manager-webhook → api-server TCP 443, TCP 6443",
      "cert-manager/cert-manager-cainjector → api-server TCP 443, TCP 6443",
    ]);
  });

  it("says where its metrics are", () =>
    expect(
      certManagerScrapeTargets(required).map(({ pods, port }) => `${pods["app.kubernetes.io/component"]} ${port}`),
    ).toEqual(["controller 9402", "webhook 9402", "cainjector 9402"]));

  it("departs from the safe default only to use the API", () =>
    expect(certManagerDepartures(required).map(({ workload, departure }) => `${workload} ${departure}`)).toEqual([
      "cert-manager/cert-manager apiToken",
      "cert-manager/cert-manager-webhook apiToken",
      "cert-manager/cert-manager-cainjector apiToken",
    ]));
});

describe("cert-manager refuses", () => {
  it.each<[string, Partial<CertManagerArgs>, string]>([
    [
      "one controller",
      { controllerReplicas: 1 },
      "cert-manager: controllerReplicas is 1, must be a whole number of 2–5: one must be left when a node is drained",
    ],
    ["six webhooks", { webhookReplicas: 6 }, "cert-manager: webhookReplicas is 6, must be a whole number of 2–5"],
    [
      "half a cainjector",
      { cainjectorReplicas: 2.5 },
      "cert-manager: cainjectorReplicas is 2.5, must be a whole number",
    ],
    ["a cluster that is no name", { cluster: "Hub" }, 'cert-manager: cluster is "Hub", must be a DNS label'],
    ["an environment that is no name", { environment: "" }, 'cert-manager: environment is "", must be a DNS label'],
    ["a Secret that cannot exist", { caSecretName: "a/b" }, 'cert-manager: caSecretName is "a/b", must be a DNS label'],
    [
      "a namespace that cannot exist",
      { management: { kind: "external", namespace: "a b" } },
      'cert-manager: management.namespace is "a b", must be a DNS label',
    ],
    [
      "an empty image",
      { management: { kind: "managed", images: { ...images, webhook: "" } } },
      "cert-manager: management.images.webhook is empty, must be registry/repository:tag@sha256:digest",
    ],
    [
      "a size of nothing",
      { sizes: { controller: { cpuMillicores: 0, memoryMiB: 64 } } },
      "cert-manager/cert-manager/controller: size.cpuMillicores is 0, must be a whole number of at least 1",
    ],
  ])("%s", (_, args, message) => expect(() => render(args)).toThrow(message));
});
