import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { BackupStore } from "../../../lifecycle/drill/object-store";
import { temporaryFolder } from "../../sandbox/temporary-folder";

const home = process.env.XDG_STATE_HOME;
let store: BackupStore;

beforeEach(() => {
  process.env.XDG_STATE_HOME = temporaryFolder();
  store = new BackupStore(temporaryFolder(), "dev", "east");
});
afterEach(() => {
  delete process.env.XDG_STATE_HOME;
  if (home !== undefined) process.env.XDG_STATE_HOME = home;
});

/** Where the store keeps a part. */
function fileOf(part: string): string {
  const files = readdirSync(process.env.XDG_STATE_HOME ?? "", { recursive: true, encoding: "utf8" });
  const name = createHash("sha256").update(part).digest("hex");
  return join(process.env.XDG_STATE_HOME ?? "", files.find((file) => file.endsWith(name)) ?? "absent");
}

describe("backups", () => {
  it("are found by name, oldest first, and hold what was put into them", async () => {
    await store.put("b", { shop: "1" });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.put("a", { shop: "2", search: "3" });
    expect(await store.names()).toEqual(["b", "a"]);
    expect(await store.get("a")).toEqual({ shop: "2", search: "3" });
  });

  it("cannot be read where they lie", async () => {
    await store.put("a", { shop: "password: hunter2" });
    expect(readFileSync(fileOf("velero/dev/east/a/shop")).includes("hunter2")).toBe(false);
  });

  it("are refused where a part is missing, another one, or was never finished", async () => {
    await store.put("a", { shop: "1", search: "2" });
    await store.put("b", { shop: "3" });
    writeFileSync(fileOf("velero/dev/east/a/search"), readFileSync(fileOf("velero/dev/east/b/shop")));
    await expect(store.get("a")).rejects.toThrow(/cannot open velero\/dev\/east\/a\/search/);
    rmSync(fileOf("velero/dev/east/a/search"));
    await expect(store.get("a")).rejects.toThrow("backup a of velero/dev/east: search is missing");
    rmSync(fileOf("velero/dev/east/b"));
    await expect(store.get("b")).rejects.toThrow("velero/dev/east has no finished backup b: it has a, b");
  });
});
