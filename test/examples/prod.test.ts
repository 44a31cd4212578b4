/** The production example: what its data becomes, and what it promises. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { imageRef, readImageLock } from "../../components/images";
import { keyOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { check } from "../../policies/check";
import { type Environment, loadEnvironment } from "../../stacks/environment";
import { policyParameters } from "../../stacks/policy-parameters";
import { renderedObjects } from "../../stacks/render";
import { expectGolden } from "../support/golden";
import { imagesOf } from "../support/images-of";
import { renderedSummary } from "./rendered-summary";

const project = join(__dirname, "..", "..", "examples", "prod");
let prod: Environment;
let rendered: ReturnType<typeof renderedObjects>;

beforeAll(async () => {
  await ensureUpstream();
  prod = loadEnvironment("prod", project);
  rendered = renderedObjects(prod);
}, 60_000);

const ofKind = (kind: string) => rendered.filter(({ object }) => object.kind === kind);
const namesOf = (kind: string, cluster: string) =>
  ofKind(kind)
    .filter((one) => one.cluster === cluster)
    .map(({ object }) => object.metadata.name);

describe("examples/prod", () => {
  it("becomes these components and kinds on each cluster", () => {
    expectGolden("examples/prod", renderedSummary(rendered));
  });

  it("makes each object once per cluster", () => {
    const keys = rendered.map(({ cluster, object }) => `${cluster} ${keyOf(object)}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("is refused for the images whose digest is unresolved, and for nothing else", () => {
    const unresolved = Object.entries(readImageLock()).filter(([, { digest }]) => digest === "unresolved");
    const refs = unresolved.map(([name]) => imageRef(name, { registryMirror: prod.images.mirror }));
    const expected = rendered.flatMap(({ object }) => imagesOf(object).filter((image) => refs.includes(image)));
    const { results, summary } = check(
      rendered.map(({ object }) => object),
      { parameters: {}, environment: policyParameters(prod) },
    );
    const refused = results.filter(({ level, verdict }) => verdict === "deny" && level === "deny");
    expect(refused.map(({ id }) => id)).toEqual(expected.map(() => "IM-02"));
    expect(summary.undetermined).toBe(0);
    expect(summary.allow).toBeGreaterThan(0);
    // what the example's page says of today: the images that run here, those that proxies are made of among them
    const text = JSON.stringify(rendered.map(({ object }) => object));
    const page = readFileSync(join(project, "README.md"), "utf8");
    const listed = unresolved.map(([name]) => name).filter((name) => page.includes(`\`${name}\``));
    const running = unresolved.map(([name]) => name).filter((_, index) => text.includes(refs[index] ?? ""));
    expect(running).not.toEqual([]);
    expect(listed).toEqual(running);
  });

  it("has a name of its own for each load balancer by which spokes reach the hub, in its certificate", () => {
    const names = ofKind("Certificate")
      .filter(({ cluster }) => cluster === "hub")
      .flatMap(({ object }) => (object.spec as { dnsNames?: string[] }).dnsNames ?? []);
    for (const service of ["otlp", "thanos", "alertmanager"])
      expect(names).toContain(`${service}.ingest.prod.acme.example`);
  });

  it("judges digests by refusing, and lets the platform's images come from the account's mirror and nowhere else", () => {
    for (const { rules } of Object.values(policyParameters(prod).clusters)) {
      expect(rules["IM-02"]?.level).toBe("deny");
      expect(rules["IM-03"]?.parameters).toEqual({
        registries: prod.images.registries,
        platform: [prod.images.mirror],
      });
      expect(Object.values(rules).map(({ level }) => level)).not.toContain("off");
    }
  });

  it("takes every image from the mirror, and pins it by digest where the lock has one", () => {
    const images = rendered.flatMap(({ object }) => imagesOf(object));
    const resolved = Object.values(readImageLock()).filter(({ digest }) => digest !== "unresolved");
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) {
      expect(image).toMatch(/^registry\.acme\.example\/mirror\//);
      const lock = resolved.find(({ repository }) => image.includes(repository.slice(repository.indexOf("/"))));
      if (lock) expect(image).toMatch(new RegExp(`:${lock.tag}@${lock.digest}$`));
    }
  });

  it("keeps what a deleted claim held, encrypts every volume, and makes it where its pod is", () => {
    const classes = ofKind("StorageClass");
    expect(classes.map(({ cluster, object }) => `${cluster}/${object.metadata.name}: ${object.reclaimPolicy}`)).toEqual(
      Object.keys(prod.clusters).flatMap((cluster) =>
        namesOf("StorageClass", cluster).map(
          (name) => `${cluster}/${name}: ${name === "scratch" ? "Delete" : "Retain"}`,
        ),
      ),
    );
    for (const { object } of classes) {
      expect(object).toMatchObject({
        provisioner: "ebs.csi.aws.com",
        parameters: { encrypted: "true" },
        volumeBindingMode: "WaitForFirstConsumer",
      });
    }
  });

  it("names a KMS key of the cluster's own region, or none", () => {
    for (const { cluster, object } of ofKind("StorageClass")) {
      const key = (object.parameters as Record<string, string>).kmsKeyId;
      if (key) expect(key).toContain(`arn:aws:kms:${prod.clusters[cluster]?.region}:`);
    }
    expect(namesOf("StorageClass", "hub")).toContain("vault-central");
    expect(namesOf("StorageClass", "eu-2")).toContain("vault-west");
    expect(namesOf("StorageClass", "eu-2")).not.toContain("vault-central");
  });

  it.each(["hub", "eu-1", "eu-2"])("has every webhook on %s, each by its Service", (cluster) => {
    expect(namesOf("ValidatingWebhookConfiguration", cluster).sort()).toEqual([
      "cert-manager-webhook",
      "gatekeeper-validating-webhook-configuration",
      "istio-validator-istio-system",
      "istiod-default-validator",
      "node-health-check",
    ]);
    expect(namesOf("MutatingWebhookConfiguration", cluster).sort()).toEqual([
      "cert-manager-webhook",
      "istio-sidecar-injector",
    ]);
    const webhooks = rendered
      .filter((one) => one.cluster === cluster && /WebhookConfiguration$/.test(one.object.kind))
      .flatMap(({ object }) => object.webhooks as { clientConfig: object; failurePolicy: string }[]);
    for (const { clientConfig, failurePolicy } of webhooks) {
      expect(Object.keys(clientConfig)).toEqual(["service"]);
      expect(failurePolicy).toBe("Fail");
    }
  });

  it("has nothing of the sandbox", () => {
    expect(prod.sandbox).toBeUndefined();
    // rules name the loopback to judge by it
    const own = rendered.filter(({ object }) => object.kind !== "ConstraintTemplate");
    const text = JSON.stringify(own.map(({ object }) => object));
    for (const word of ["local.csi.fleetwright.dev", "127.0.0.1", "local-hub", "kwok"])
      expect(text).not.toContain(word);
  });

  it("pins Pod Security to each cluster's own minor", () => {
    for (const { cluster, object } of ofKind("Namespace")) {
      expect(object.metadata.labels?.["pod-security.kubernetes.io/enforce-version"]).toBe(
        `v${prod.clusters[cluster]?.kubernetes}`,
      );
    }
  });

  it("puts a tenant's namespaces on its own clusters only", () => {
    const placed = ofKind("Namespace").map(({ cluster, object }) => `${cluster}/${object.metadata.name}`);
    expect(placed).toEqual(expect.arrayContaining(["eu-1/shop", "eu-2/shop", "eu-1/catalogue"]));
    expect(placed).not.toContain("hub/shop");
    expect(placed).not.toContain("eu-2/catalogue");
  });
});
