/** cert-manager's own programs, as their own ServiceAccounts, behind a real API server: certificates are really issued. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { CertManagerChart } from "../../components/cert-manager";
import { priorityClasses } from "../../components/cluster-base/priority-classes";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { TestProject } from "../support/project";

jest.setTimeout(900_000);

const project = new TestProject();
const kubectl = (words: string, objects?: readonly object[]) => project.kubectl("hub", words, objects);
const apply = async (objects: readonly object[]) => {
  const { exitCode, text } = await kubectl("apply --server-side -f -", objects);
  if (exitCode !== 0) throw new Error(text);
};

async function certificateIn(secret: string, key = "tls\\.crt"): Promise<X509Certificate> {
  const encoded = await project.read("hub", `-n cert-manager get secret ${secret} -o jsonpath={.data.${key}}`);
  return new X509Certificate(Buffer.from(encoded, "base64"));
}

const certificate = (name: string, spec: object) => ({
  apiVersion: "cert-manager.io/v1",
  kind: "Certificate",
  metadata: { name, namespace: "cert-manager" },
  spec: { secretName: name, issuerRef: { kind: "ClusterIssuer", name: "platform-ca" }, ...spec },
});

beforeAll(async () => {
  await ensureUpstream();
  await project.start("hub");
  const image = `registry.example/x:v1@sha256:${"a".repeat(64)}`;
  const images = { controller: image, webhook: image, cainjector: image, acmesolver: image };
  const objects = objectsOf(
    new CertManagerChart({ environment: "dev", cluster: "hub", management: { kind: "managed", images } }),
  );
  const isDefinition = ({ kind }: KubeObject) => kind === "CustomResourceDefinition";
  const isWebhook = ({ kind }: KubeObject) => kind.endsWith("WebhookConfiguration");
  const isOwn = ({ apiVersion }: KubeObject) => apiVersion === "cert-manager.io/v1";
  await apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "cert-manager" } },
    ...priorityClasses(),
    ...objects.filter(isDefinition),
  ]);
  await project.read("hub", "wait --for=condition=Established crd --all --timeout=20s");
  await apply(objects.filter((object) => !isDefinition(object) && !isWebhook(object) && !isOwn(object)));
  for (const name of ["cert-manager", "cert-manager-webhook", "cert-manager-cainjector"]) {
    await project.read("hub", `-n cert-manager rollout status deployment ${name} --timeout=60s`);
  }
  await apply(objects.filter(isOwn));
  await project.read("hub", "wait --for=condition=Ready clusterissuer --all --timeout=30s");
  await apply(objects.filter(isWebhook));
}, 180_000);

afterAll(() => project.dispose(), 30_000);

describe("cert-manager", () => {
  it("issues the platform's CA, of the environment and cluster, for five years", async () => {
    await project.read("hub", "-n cert-manager wait --for=condition=Ready certificate/platform-ca --timeout=30s");
    const ca = await certificateIn("platform-ca");
    expect(ca.subject).toBe("O=dev\nOU=hub\nCN=platform CA");
    expect(ca.ca).toBe(true);
    expect(ca.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "secp384r1" });
    expect((Date.parse(ca.validTo) - Date.parse(ca.validFrom)) / 3_600_000).toBe(43_800);
  });

  it("signs an intermediate with the platform's CA", async () => {
    const spec = { isCA: true, commonName: "mesh", duration: "8760h", privateKey: { algorithm: "ECDSA", size: 256 } };
    await apply([certificate("mesh", spec)]);
    await project.read("hub", "-n cert-manager wait --for=condition=Ready certificate/mesh --timeout=30s");
    const [intermediate, ca] = [await certificateIn("mesh"), await certificateIn("platform-ca")];
    expect([intermediate.ca, intermediate.checkIssued(ca), intermediate.verify(ca.publicKey)]).toEqual([
      true,
      true,
      true,
    ]);
    expect((await certificateIn("mesh", "ca\\.crt")).fingerprint256).toBe(ca.fingerprint256);
  });

  it("checks certificates by its webhook, whose CA cainjector has written", async () => {
    const { exitCode, text } = await kubectl("apply --server-side -f -", [certificate("nameless", {})]);
    expect(exitCode).toBe(1);
    expect(text).toContain('admission webhook "webhook.cert-manager.io" denied the request: spec: Invalid value');
  });

  it("records who made a request, which nobody can change later", async () => {
    const of = "-o jsonpath={.items[?(@.spec.isCA)].spec.username}";
    expect(await project.read("hub", `-n cert-manager get certificaterequest ${of}`)).toContain(
      "system:serviceaccount:cert-manager:cert-manager",
    );
  });

  it.each(["controller", "webhook", "cainjector"])("needs no right that its %s does not have", (program) => {
    const log = join(
      project.root,
      ".fleetwright",
      "default",
      "programs",
      "hub",
      `cert-manager-${program}`,
      "program.log",
    );
    const lines = readFileSync(log, "utf8").split("\n");
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => /forbidden/i.test(line))).toEqual([]);
  });
});
