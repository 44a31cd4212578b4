import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import {
  authenticity,
  canonical,
  DrillKeyError,
  drillKey,
  readPublicKey,
  signed,
} from "../../../lifecycle/drill/signed-report";
import { temporaryFolder } from "../../sandbox/temporary-folder";

const document = { verdict: "passed", phases: [{ seconds: 1.5, name: "rebuild" }], rtoSeconds: null };

describe("a signed document", () => {
  const file = join(temporaryFolder(), "state", "key.pem");
  const key = drillKey(file);

  it("is valid in whatever order its fields stand", () => {
    const { signature, ...rest } = signed(document, key);
    const turned = { signature, ...Object.fromEntries(Object.entries(rest).reverse()) };
    expect(authenticity(turned, [key].map(createPublicKey))).toBe("valid");
    expect(authenticity(JSON.parse(JSON.stringify(turned)), [createPublicKey(key)])).toBe("valid");
  });

  it.each([
    ["a field", { ...signed(document, key), verdict: "failed" }],
    ["a field within", { ...signed(document, key), phases: [{ seconds: 1.4, name: "rebuild" }] }],
    ["a new field", { ...signed(document, key), reasons: [] }],
    ["the signature", { ...document, signature: { ...signed(document, key).signature, value: "AAAA" } }],
    ["its lack", document as never],
    [
      "a key that is none",
      { ...document, signature: { algorithm: "Ed25519" as const, publicKey: "AAAA", value: "AAAA" } },
    ],
  ])("is altered by %s", (_, altered) => {
    expect(authenticity(altered, [createPublicKey(key)])).toBe("altered");
  });

  it("of somebody else is unknown, whatever it says", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    expect(authenticity(signed(document, privateKey), [createPublicKey(key)])).toBe("unknown");
  });

  it("is signed by one key for all time, which only its user can read", () => {
    expect(canonical(drillKey(file).export({ format: "jwk" }))).toBe(canonical(key.export({ format: "jwk" })));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    expect(() => drillKey(file)).toThrow(DrillKeyError);
  });

  it("is checked with a public key from a file, and with nothing else", () => {
    const pem = join(temporaryFolder(), "public.pem");
    writeFileSync(pem, createPublicKey(key).export({ type: "spki", format: "pem" }));
    expect(authenticity(signed(document, key), [readPublicKey(pem)])).toBe("valid");
    writeFileSync(pem, "no key");
    expect(() => readPublicKey(pem)).toThrow(`--key is "${pem}", must be a PEM file of a public key`);
  });
});

it("writes the same content as the same bytes", () => {
  expect(canonical({ b: [1, { d: null, c: "é\n" }], a: undefined, A: true })).toBe(
    '{"A":true,"b":[1,{"c":"é\\n","d":null}]}',
  );
});
