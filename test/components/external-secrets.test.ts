import { beforeAll, describe, expect, it } from "@jest/globals";
import { type ExternalSecretsArgs, ExternalSecretsChart, externalSecretsPart } from "../../components/external-secrets";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { dependencies } from "../../components/order";
import { type SecretReference, storeEntry } from "../../components/secret-reference";
import { ensureUpstream } from "../../components/upstream";
import { expectGolden } from "../support/golden";

beforeAll(() => ensureUpstream(), 300_000);

const access: SecretReference = {
  namespace: "istio-system",
  name: "istio-remote-secret-east",
  keys: { east: { entry: storeEntry("dev", "istio-remote", "east"), property: "kubeconfig" } },
  labels: { "istio/multiCluster": "true" },
  origin: "issued",
  why: "istiod reads the services of cluster east",
};
const ca: SecretReference = {
  namespace: "cert-manager",
  name: "fleet-ca",
  keys: {
    "tls.crt": { entry: storeEntry("dev", "ca"), property: "certificate" },
    "tls.key": { entry: storeEntry("dev", "ca"), property: "key" },
  },
  type: "kubernetes.io/tls",
  origin: "issued",
  why: "the issuer signs with it",
};

const render = (args: Partial<ExternalSecretsArgs> = {}): KubeObject[] =>
  objectsOf(new ExternalSecretsChart({ store: { kind: "sandbox" }, references: [access, ca], ...args }));

const specOf = (objects: readonly KubeObject[], name: string) =>
  objects.find(({ metadata }) => metadata.name === name)?.spec as Record<string, unknown>;

describe("external secrets", () => {
  it("renders the reviewed manifests", () => expectGolden("external-secrets", render()));

  it("says of each key where its value lies, and never a value", () => {
    expect(specOf(render(), "fleet-ca")).toMatchObject({
      data: [
        { secretKey: "tls.crt", remoteRef: { key: "fleetwright/dev/ca", property: "certificate" } },
        { secretKey: "tls.key", remoteRef: { key: "fleetwright/dev/ca", property: "key" } },
      ],
    });
  });

  it("gives the Secret its name, type and labels, so that programs find it", () => {
    expect(specOf(render(), "istio-remote-secret-east").target).toMatchObject({
      name: "istio-remote-secret-east",
      template: { type: "Opaque", metadata: { labels: { "istio/multiCluster": "true" } } },
    });
    expect(specOf(render(), "fleet-ca").target).toMatchObject({ template: { type: "kubernetes.io/tls" } });
  });

  it("takes a Secret from nobody because its entry is gone from the store", () => {
    expect(specOf(render(), "fleet-ca").target).toMatchObject({ creationPolicy: "Owner", deletionPolicy: "Retain" });
  });

  it("leads to the team's store where there is one, and then makes the kind known nowhere: the operator does", () => {
    const objects = render({ store: { kind: "external-secrets", name: "vault" } });
    expect(objects.map(({ kind }) => kind)).toEqual(["ExternalSecret", "ExternalSecret"]);
    expect(specOf(objects, "fleet-ca").secretStoreRef).toEqual({ kind: "ClusterSecretStore", name: "vault" });
  });

  it("makes nothing without a store, and nothing where no component refers to it", () => {
    expect(objectsOf(new ExternalSecretsChart({ references: [access] }))).toEqual([]);
    expect(render({ references: [] })).toEqual([]);
  });

  it("is made before the pods that read the Secret, and after its own kind", () => {
    const pods: KubeObject = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "reader", namespace: "cert-manager" },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: "main",
                env: [{ name: "KEY", valueFrom: { secretKeyRef: { name: "fleet-ca", key: "tls.key" } } }],
              },
            ],
          },
        },
      },
    };
    const part = externalSecretsPart({ store: { kind: "sandbox" }, references: [access, ca] });
    const edges = dependencies([
      ...part.objects.map((object) => ({ component: part.name, object })),
      { component: "reader", object: pods },
    ]);
    const reference = "external-secrets.io/ExternalSecret/cert-manager/fleet-ca";
    expect([...(edges.get("apps/Deployment/cert-manager/reader") ?? [])]).toEqual([reference]);
    expect([...(edges.get(reference) ?? [])]).toEqual([
      "apiextensions.k8s.io/CustomResourceDefinition//externalsecrets.external-secrets.io",
    ]);
  });

  it.each<[string, Partial<SecretReference>, string]>([
    ["no keys", { keys: {} }, "istio-system/istio-remote-secret-east: keys is empty"],
    [
      "a key that no Secret can have",
      { keys: { "a b": { entry: "fleetwright/dev/x", property: "p" } } },
      'keys has "a b"',
    ],
    ["another's path", { keys: { a: { entry: "other/dev/x", property: "p" } } }, 'keys.a.entry is "other/dev/x"'],
    [
      "a property that is a path",
      { keys: { a: { entry: "fleetwright/dev/x", property: "a.b" } } },
      'property is "a.b"',
    ],
    ["no purpose", { why: " " }, "why is empty"],
    ["a name that cannot exist", { name: "A" }, 'name is "A"'],
    ["a namespace that cannot exist", { namespace: "a/b" }, 'namespace is "a/b"'],
    [
      "the operator's label",
      { labels: { "app.kubernetes.io/managed-by": "me" } },
      "labels has app.kubernetes.io/managed-by",
    ],
  ])("refuses %s", (_, change, message) => {
    expect(() => render({ references: [{ ...access, ...change }] })).toThrow(message);
  });

  it("refuses two references to one Secret, and a store that cannot be", () => {
    expect(() => render({ references: [ca, ca] })).toThrow(
      "Secret cert-manager/fleet-ca, a Secret must have one owner",
    );
    expect(() => render({ store: { kind: "external-secrets", name: "" } })).toThrow('store.name is ""');
  });
});

describe("the path of an entry", () => {
  it("names the environment, what it is for, and the cluster", () => {
    expect(storeEntry("dev", "istio-remote", "east")).toBe("fleetwright/dev/istio-remote/east");
  });

  it("refuses what would lead into another environment", () => {
    expect(() => storeEntry("dev", "../prod")).toThrow('entry is "../prod"');
  });
});
