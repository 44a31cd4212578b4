import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { instanceAt } from "../../../sandbox/instance";
import { SealedStore } from "../../../sandbox/secrets/sealed-store";
import { secretsFolder, writeState } from "../../../sandbox/state";
import { temporaryFolder } from "../temporary-folder";

const CANARY = "canary-7f3a9c";
const ENTRY = "fleetwright/dev/istio-remote/east";

let folder: string;
let store: SealedStore;
beforeEach(() => {
  folder = join(temporaryFolder(), "secrets");
  store = new SealedStore(folder);
});

const files = () => readdirSync(folder).map((name) => join(folder, name));

describe("the sandbox's secret store", () => {
  it("gives back what was put, and nothing where nothing was", async () => {
    await store.put(ENTRY, { token: CANARY, kubeconfig: "k" });
    expect(await new SealedStore(folder).get(ENTRY)).toEqual({ token: CANARY, kubeconfig: "k" });
    expect(await store.get("fleetwright/dev/other")).toBeUndefined();
    expect(await new SealedStore(join(folder, "none")).get(ENTRY)).toBeUndefined();
  });

  it("takes several entries at once while it has no key yet", async () => {
    // whoever comes second meets the first at a different step each time
    for (let round = 0; round < 50; round += 1) {
      const one = new SealedStore(`${folder}-${round}`);
      const entries = ["a", "b", "c", "d", "e", "f"];
      await Promise.all(entries.map((entry) => one.put(entry, { value: entry })));
      expect(await Promise.all(entries.map((entry) => one.get(entry)))).toEqual(entries.map((value) => ({ value })));
    }
  });

  it("puts one entry in the place of the one before, and lets it go", async () => {
    await store.put(ENTRY, { token: "a" });
    await store.put(ENTRY, { token: "b" });
    expect(await store.get(ENTRY)).toEqual({ token: "b" });
    await store.delete(ENTRY);
    await store.delete(ENTRY);
    expect(await store.get(ENTRY)).toBeUndefined();
  });

  it("writes neither values nor names that can be read", async () => {
    await store.put(ENTRY, { token: CANARY });
    for (const file of files()) {
      const bytes = readFileSync(file);
      for (const word of [CANARY, "istio-remote", "token"]) expect(bytes.includes(word)).toBe(false);
    }
    expect(files().join()).not.toContain("istio-remote");
  });

  it("writes the same value differently each time", async () => {
    await store.put(ENTRY, { token: CANARY });
    const [file = ""] = files().filter((name) => !name.endsWith("key"));
    const before = readFileSync(file);
    await store.put(ENTRY, { token: CANARY });
    expect(readFileSync(file).equals(before)).toBe(false);
  });

  it("is this user's alone", async () => {
    await store.put(ENTRY, { token: CANARY });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(files().map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it("refuses a key that others can read", async () => {
    await store.put(ENTRY, { token: CANARY });
    chmodSync(join(folder, "key"), 0o640);
    await expect(store.get(ENTRY)).rejects.toThrow("can be read by others: remove");
  });

  it("opens no file in another's place, and none that was changed", async () => {
    await store.put(ENTRY, { token: CANARY });
    const [file = ""] = files().filter((name) => !name.endsWith("key"));
    const sealed = readFileSync(file);
    await store.put("fleetwright/dev/other", { token: "x" });
    const [other = ""] = files().filter((name) => !name.endsWith("key") && name !== file);
    writeFileSync(other, sealed);
    await expect(store.get("fleetwright/dev/other")).rejects.toThrow("cannot open fleetwright/dev/other");
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    writeFileSync(file, sealed);
    await expect(store.get(ENTRY)).rejects.toThrow(`cannot open ${ENTRY}: remove ${folder}`);
  });

  it("says how to begin anew where the key was lost", async () => {
    await store.put(ENTRY, { token: CANARY });
    writeFileSync(join(folder, "key"), Buffer.alloc(32), { mode: 0o600 });
    await expect(store.get(ENTRY)).rejects.toThrow("then run `fleetwright credentials issue`");
  });

  it("has one key, however many are first", async () => {
    const entries = Array.from({ length: 20 }, (_, index) => `fleetwright/dev/e${index}`);
    await Promise.all(entries.map((entry) => new SealedStore(folder).put(entry, { value: entry })));
    expect(await Promise.all(entries.map(async (entry) => (await store.get(entry))?.value))).toEqual(entries);
  });

  it("lies outside of the checkout, apart for each instance", () => {
    const project = temporaryFolder();
    const of = (name: string) => secretsFolder(instanceAt(project, name));
    expect(of("default").startsWith(project)).toBe(false);
    expect(of("default")).not.toBe(of("other"));
  });

  it("stays where it was when its instance was first up", async () => {
    const instance = instanceAt(temporaryFolder());
    const recorded = join(temporaryFolder(), "elsewhere");
    await writeState(instance, { version: 1, telemetrySinkPort: 1, secretsFolder: recorded, clusters: [] });
    expect(secretsFolder(instance)).toBe(recorded);
  });
});
