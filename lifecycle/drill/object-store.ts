/**
 * The sandbox's object store for backups: outside of the clusters, the checkout and what a wipe reaches, and encrypted,
 * because tenants' Secrets are among what is backed up. Every part of a backup is named with its digest in the backup's
 * own entry, which is written last: a backup without it was never finished.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { instanceAt } from "../../sandbox/instance";
import { SealedStore } from "../../sandbox/secrets/sealed-store";
import { secretsFolder } from "../../sandbox/state";
import { instanceName } from "../../stacks/kubeconfig";

/** A backup that cannot be restored as it was made. */
export class BackupInconsistent extends Error {
  override readonly name = "BackupInconsistent";
}

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

export class BackupStore {
  private readonly store: SealedStore;
  private readonly prefix: string;

  /** @param root folder of Pulumi.yaml */
  constructor(root: string, environment: string, cluster: string) {
    this.store = new SealedStore(join(secretsFolder(instanceAt(root, instanceName())), "object-store"));
    this.prefix = `velero/${environment}/${cluster}`;
  }

  /** Names of all that were finished, oldest first. */
  async names(): Promise<string[]> {
    const index = (await this.store.get(this.prefix)) ?? {};
    return Object.entries(index)
      .sort(([, a], [, b]) => a.localeCompare(b))
      .map(([name]) => name);
  }

  /** @param parts contents by name */
  async put(name: string, parts: Readonly<Record<string, string>>): Promise<void> {
    for (const [part, content] of Object.entries(parts)) {
      await this.store.put(`${this.prefix}/${name}/${part}`, { content });
    }
    const digests = Object.fromEntries(Object.entries(parts).map(([part, content]) => [part, digestOf(content)]));
    await this.store.put(`${this.prefix}/${name}`, digests);
    const index = (await this.store.get(this.prefix)) ?? {};
    await this.store.put(this.prefix, { ...index, [name]: new Date().toISOString() });
  }

  /**
   * All parts of a backup, each compared with its digest.
   *
   * @throws BackupInconsistent naming every part that is missing or another one
   */
  async get(name: string): Promise<Readonly<Record<string, string>>> {
    const digests = await this.store.get(`${this.prefix}/${name}`);
    if (!digests)
      throw new BackupInconsistent(
        `${this.prefix} has no finished backup ${name}: it has ${(await this.names()).join(", ") || "none"}`,
      );
    const wrong: string[] = [];
    const parts: Record<string, string> = {};
    for (const [part, digest] of Object.entries(digests)) {
      const found = await this.store.get(`${this.prefix}/${name}/${part}`);
      if (!found) wrong.push(`${part} is missing`);
      else if (digestOf(found.content ?? "") !== digest) wrong.push(`${part} is not what was written`);
      else parts[part] = found.content ?? "";
    }
    if (wrong.length > 0) throw new BackupInconsistent(`backup ${name} of ${this.prefix}: ${wrong.join(", ")}`);
    return parts;
  }
}
