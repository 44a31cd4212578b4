/**
 * The CA of a fleet: a key and a certificate that it signed itself. Node can sign, and read certificates, but not write
 * them; the few fields that a CA has are written here in DER.
 *
 * @see RFC 5280 section 4.1 for the structure, X.690 for DER
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** PEM, both. */
export interface CertificateAuthority {
  readonly certificate: string;
  readonly key: string;
}

/** Ten years: its renewal must reach every cluster and all who trust it, which is a planned change; intermediates live 90 days. */
const LIFETIME_YEARS = 10;

/** Object identifiers, encoded. */
const OID = {
  ecdsaWithSha256: "2a8648ce3d040302",
  organization: "55040a",
  commonName: "550403",
  basicConstraints: "551d13",
  keyUsage: "551d0f",
  subjectKeyIdentifier: "551d0e",
} as const;

/** One tag, length and value. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const oid = (name: keyof typeof OID) => der(0x06, Buffer.from(OID[name], "hex"));
const boolean = (value: boolean) => der(0x01, Buffer.from([value ? 0xff : 0]));
const octets = (value: Buffer) => der(0x04, value);
const bits = (value: Buffer, unused = 0) => der(0x03, Buffer.from([unused]), value);
const extension = (name: keyof typeof OID, critical: boolean, value: Buffer) =>
  sequence(oid(name), ...(critical ? [boolean(true)] : []), octets(value));
const attribute = (name: "organization" | "commonName", value: string) =>
  der(0x31, sequence(oid(name), der(0x0c, Buffer.from(value))));

/** Dates up to 2049 are UTCTime, later ones GeneralizedTime (RFC 5280 section 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/\D/g, "").slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

/** A positive number of 127 bits, none of them told by another certificate. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return der(0x02, bytes);
}

/**
 * A new CA: EC P-256, the only curve that Envoy accepts, so that what holds for an intermediate holds for its root. It
 * may sign intermediates, and they may sign none.
 *
 * @param environment `organization` of its subject
 */
export function newCertificateAuthority(environment: string, now = new Date()): CertificateAuthority {
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "der" },
  });
  const algorithm = sequence(oid("ecdsaWithSha256"));
  const name = sequence(attribute("organization", environment), attribute("commonName", "fleet CA"));
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + LIFETIME_YEARS);
  const pathLength = der(0x02, Buffer.from([1]));
  // the last 65 bytes of the key's encoding are its point, which RFC 5280 section 4.2.1.2 has identified by SHA-1
  const identifier = octets(createHash("sha1").update(publicKey.subarray(-65)).digest());
  const extensions = sequence(
    extension("basicConstraints", true, sequence(boolean(true), pathLength)),
    // keyCertSign and cRLSign: bits 5 and 6
    extension("keyUsage", true, bits(Buffer.from([0x06]), 1)),
    extension("subjectKeyIdentifier", false, identifier),
  );
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    serialNumber(),
    algorithm,
    name,
    sequence(time(now), time(end)),
    name,
    publicKey,
    der(0xa3, extensions),
  );
  const signature = sign("sha256", content, { key: createPrivateKey(privateKey), dsaEncoding: "der" });
  return { certificate: pem(sequence(content, algorithm, bits(signature))), key: privateKey };
}

function pem(encoded: Buffer): string {
  const lines = encoded.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
