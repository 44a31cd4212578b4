/**
 * Reports that can be shown to others: signed with a key of this user's that lies outside of every checkout.
 *
 *     $XDG_STATE_HOME/fleetwright/drill-key.pem      private, Ed25519, readable by this user alone
 *
 * What is signed is the document without its signature as canonical JSON: keys in order, no blanks.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Who signed, and how to check it. */
export interface Signature {
  readonly algorithm: "Ed25519";
  /** SPKI, base64. */
  readonly publicKey: string;
  /** Base64. */
  readonly value: string;
}

/** A document and its signature. */
export type Signed<T> = T & { readonly signature: Signature };

/** `valid`: as its signer wrote it, and the signer is known. `unknown`: as some signer wrote it. `altered`: as nobody did. */
export type Authenticity = "valid" | "unknown" | "altered";

/** A key that cannot be used; the message says why. */
export class DrillKeyError extends Error {
  override readonly name = "DrillKeyError";
}

/** Keys of objects in order, no blanks: the same bytes for the same content. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(",")}}`;
}

export function signed<T extends object>(document: T, key: KeyObject): Signed<T> {
  const value = sign(null, Buffer.from(canonical(document)), key).toString("base64");
  return { ...document, signature: { algorithm: "Ed25519", publicKey: spki(createPublicKey(key)), value } };
}

/**
 * @param trusted public keys of signers that are known
 */
export function authenticity({ signature, ...document }: Signed<object>, trusted: readonly KeyObject[]): Authenticity {
  const { algorithm, publicKey, value } = signature ?? {};
  if (algorithm !== "Ed25519" || typeof publicKey !== "string" || typeof value !== "string") return "altered";
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
    if (!verify(null, Buffer.from(canonical(document)), key, Buffer.from(value, "base64"))) return "altered";
  } catch {
    return "altered";
  }
  return trusted.some((key) => spki(key) === publicKey) ? "valid" : "unknown";
}

/** What a signer is called: the first 16 hex digits of the SHA-256 of its public key. */
export const signerOf = ({ publicKey }: Signature) =>
  createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex").slice(0, 16);

/** This user's key; made the first time. @throws DrillKeyError when others can read it */
export function drillKey(file = keyFile()): KeyObject {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync("ed25519");
    const written = `${file}.${process.pid}`;
    writeFileSync(written, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    try {
      linkSync(written, file); // whoever is first makes it
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(written, { force: true });
    }
  }
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new DrillKeyError(`${file} can be read by others: remove it, and whoever trusts its signatures must know`);
  }
  return createPrivateKey(readFileSync(file, "utf8"));
}

/** A public key as PEM. @throws DrillKeyError when the file is none */
export function readPublicKey(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file, "utf8"));
  } catch {
    throw new DrillKeyError(`--key is "${file}", must be a PEM file of a public key`);
  }
}

const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" }).toString("base64");

function keyFile(): string {
  const { XDG_STATE_HOME: own } = process.env;
  // the XDG base directory specification: a relative path is invalid and ignored
  const home = own && isAbsolute(own) ? own : join(homedir(), ".local", "state");
  return join(home, "fleetwright", "drill-key.pem");
}
