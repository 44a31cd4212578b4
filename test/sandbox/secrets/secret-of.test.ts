import { describe, expect, it } from "@jest/globals";
import { externalSecret } from "../../../components/external-secrets/external-secret";
import { storeEntry } from "../../../components/secret-reference";
import { type ExternalSecret, isAsMade, secretOf } from "../../../sandbox/secrets/secret-of";

const entry = storeEntry("dev", "ca");
const rendered = externalSecret(
  {
    namespace: "cert-manager",
    name: "fleet-ca",
    keys: { "tls.crt": { entry, property: "certificate" }, "tls.key": { entry, property: "key" } },
    labels: { purpose: "ca" },
    type: "kubernetes.io/tls",
    origin: "issued",
    why: "the issuer signs with it",
  },
  "sandbox",
);
const wanted = { ...rendered, metadata: { ...rendered.metadata, uid: "u-1" } } as unknown as ExternalSecret;
const contents = { certificate: "PEM", key: "SECRET", issued: "2026" };
const made = () => {
  const result = secretOf(wanted, (path) => (path === entry ? contents : undefined));
  if ("lacks" in result) throw new Error(result.lacks);
  return result.secret;
};

describe("the Secret of an ExternalSecret", () => {
  it("has the keys, type and labels that were asked for, and nothing else of the entry", () => {
    expect(made()).toMatchObject({
      metadata: { name: "fleet-ca", namespace: "cert-manager", labels: { purpose: "ca" } },
      type: "kubernetes.io/tls",
    });
    expect(made().data).toEqual({
      "tls.crt": Buffer.from("PEM").toString("base64"),
      "tls.key": Buffer.from("SECRET").toString("base64"),
    });
  });

  it("belongs to it, so that it goes with it", () => {
    expect(made().metadata?.ownerReferences).toEqual([
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        name: "fleet-ca",
        uid: "u-1",
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
  });

  it("is not made in part: what the store lacks is said by its path, never by its value", () => {
    expect(secretOf(wanted, () => undefined)).toEqual({
      lacks: "there is no fleetwright/dev/ca in the store: run `fleetwright credentials issue`",
    });
    expect(secretOf(wanted, () => ({ certificate: "PEM" }))).toEqual({
      lacks: "fleetwright/dev/ca has no key in the store: run `fleetwright credentials issue`",
    });
  });

  it("is left alone while it is as made, whatever others added to it", () => {
    const live = made();
    live.metadata = { ...live.metadata, labels: { ...live.metadata?.labels, other: "x" }, resourceVersion: "7" };
    expect(isAsMade(live, made())).toBe(true);
  });

  it.each<[string, () => ReturnType<typeof made> | undefined]>([
    ["gone", () => undefined],
    ["another value", () => ({ ...made(), data: { ...made().data, "tls.key": "eA==" } })],
    ["a key less", () => ({ ...made(), data: { "tls.crt": made().data?.["tls.crt"] ?? "" } })],
    ["a key more", () => ({ ...made(), data: { ...made().data, more: "eA==" } })],
    ["a label less", () => ({ ...made(), metadata: { ...made().metadata, labels: {} } })],
    ["another owner", () => ({ ...made(), metadata: { ...made().metadata, ownerReferences: [] } })],
  ])("is made again: %s", (_, live) => {
    expect(isAsMade(live(), made())).toBe(false);
  });
});
