/**
 * The sandbox's secret store: a folder of this user, outside of every checkout, with one encrypted file per entry.
 *
 *     <state home>/fleetwright/secrets/<instance>/
 *       key                       32 random bytes
 *       <sha256 of the entry>     nonce, tag, and the contents by AES-256-GCM
 *
 * Each file is readable by this user alone. The encryption keeps values out of searches, backups of single files and
 * pasted listings; whoever is this user can read the key, and with it all.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder } from "../instance";
import { SandboxError } from "../sandbox-error";

/** What an entry holds: values by name. */
export type StoreEntry = Readonly<Record<string, string>>;

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
/** 96 bits: what GCM is made for (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export class SealedStore {
  /** @param folder absolute; made by the first {@link put} */
  constructor(readonly folder: string) {}

  /**
   * The entry; undefined where there is none.
   *
   * @throws SandboxError when it cannot be opened with the key, or others could have read the key
   */
  async get(entry: string): Promise<StoreEntry | undefined> {
    const sealed = await readFile(this.fileOf(entry)).catch(absent);
    const key = sealed && (await this.key());
    if (!sealed) return undefined;
    const cannot = `the sandbox's store cannot open ${entry}: remove ${this.folder}, then run \`fleetwright credentials issue\``;
    if (!key) throw new SandboxError(cannot);
    try {
      const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES));
      // an entry's file is no other entry's
      decipher.setAAD(Buffer.from(entry));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const opened = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(opened.toString("utf8")) as StoreEntry;
    } catch {
      throw new SandboxError(cannot);
    }
  }

  /** Puts an entry in the place of the one before, in one step. */
  async put(entry: string, contents: StoreEntry): Promise<void> {
    await makePrivateFolder(this.folder);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, (await this.key()) ?? (await this.newKey()), nonce);
    cipher.setAAD(Buffer.from(entry));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(contents), "utf8"), cipher.final()]);
    const file = this.fileOf(entry);
    const written = `${file}.${randomUUID()}.new`;
    await writeFile(written, Buffer.concat([nonce, cipher.getAuthTag(), sealed]), { mode: 0o600 });
    await rename(written, file);
  }

  /** Lets an entry go; there need be none. */
  async delete(entry: string): Promise<void> {
    await rm(this.fileOf(entry), { force: true });
  }

  private get keyFile(): string {
    return join(this.folder, "key");
  }

  private fileOf(entry: string): string {
    return join(this.folder, createHash("sha256").update(entry).digest("hex"));
  }

  private async key(): Promise<Buffer | undefined> {
    const key = await readFile(this.keyFile).catch(absent);
    if (!key) return undefined;
    const { mode } = await stat(this.keyFile);
    if ((mode & 0o077) !== 0) {
      throw new SandboxError(
        `${this.keyFile} can be read by others: remove ${this.folder}, whose values they may know`,
      );
    }
    return key;
  }

  /** Whoever is first makes it: a link, unlike a rename, replaces nothing. */
  private async newKey(): Promise<Buffer> {
    const written = `${this.keyFile}.${randomUUID()}.new`;
    await writeFile(written, randomBytes(KEY_BYTES), { mode: 0o600 });
    await link(written, this.keyFile).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await rm(written, { force: true });
    return readFile(this.keyFile);
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
