import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readImageFile } from "../../components/images";
import { resolveImages } from "../../lifecycle/images";
import { digestOfText, FakeRegistry } from "./fake-registry";

const manifests = { cart: '{"cart":1}', till: '{"till":1}' };
let registry: FakeRegistry;
let host: string;
let folder: string;
let file: string;
beforeEach(async () => {
  registry = new FakeRegistry({
    "/v2/cart/manifests/v1": { manifest: manifests.cart },
    "/v2/till/manifests/v2": { manifest: manifests.till },
  });
  host = await registry.start();
  folder = mkdtempSync(join(tmpdir(), "fleetwright-images-"));
  file = join(folder, "images.lock.yaml");
});
afterEach(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The lock's text, with comments as a person wrote them. */
const lock = (till: { digest: string; source: string; date: string }) => `# what runs

images:
  cart:
    repository: ${host}/cart
    tag: v1 # the basket
    digest: ${digestOfText(manifests.cart)}
    digestSource: somebody said so
    date: 2026-01-31

  # counts the money
  till:
    repository: ${host}/till
    tag: v2
    digest: ${till.digest}
    digestSource: ${till.source}
    date: ${till.date}
`;
const unresolved = { digest: "unresolved", source: "none", date: "2026-01-31" };

describe("resolving the image lock", () => {
  it("fills in what is missing, confirms what is there, and keeps comments and order", async () => {
    writeFileSync(file, lock(unresolved));
    expect(await resolveImages(file, undefined, "2026-02-01")).toEqual([
      { name: "cart", image: `${host}/cart:v1`, digest: digestOfText(manifests.cart), outcome: "confirmed" },
      { name: "till", image: `${host}/till:v2`, digest: digestOfText(manifests.till), outcome: "resolved" },
    ]);
    const known = { digest: digestOfText(manifests.till), source: "the image's registry", date: "2026-02-01" };
    const confirmed = lock(known)
      .replace("somebody said so", "the image's registry")
      .replace("date: 2026-01-31", "date: 2026-02-01");
    expect(readFileSync(file, "utf8")).toBe(confirmed);
    expect(readdirSync(folder)).toEqual(["images.lock.yaml"]);
  });

  it("writes nothing when it learns nothing", async () => {
    writeFileSync(file, lock(unresolved));
    await resolveImages(file, undefined, "2026-02-01");
    const { ino, mtimeMs } = statSync(file);
    await resolveImages(file, undefined, "2026-02-02");
    expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  });

  it("never replaces a locked digest by another one", async () => {
    const locked = `sha256:${"ab".repeat(32)}`;
    writeFileSync(file, lock({ ...unresolved, digest: locked, source: "somebody" }));
    const [, till] = await resolveImages(file, undefined, "2026-02-01");
    expect(till).toEqual({
      name: "till",
      image: `${host}/till:v2`,
      digest: locked,
      outcome: "differs",
      message:
        `${host}/till:v2: the lock has ${locked}, the registry has ${digestOfText(manifests.till)}: the tag was moved, or the lock was wrong. ` +
        "Find out which; to take the registry's, set digest to unresolved and digestSource to none, and resolve again",
    });
    expect(readFileSync(file, "utf8")).toContain(locked);
  });

  it("keeps what it could learn when one registry cannot tell", async () => {
    writeFileSync(file, lock(unresolved).replace("tag: v1", "tag: v3"));
    const [cart, till] = await resolveImages(file, undefined, "2026-02-01");
    expect(cart).toMatchObject({
      outcome: "unknown",
      digest: digestOfText(manifests.cart),
      message: `${host}/cart:v3: ${host} has no such image: check repository and tag in images.lock.yaml`,
    });
    expect(till).toMatchObject({ outcome: "resolved" });
    expect(readFileSync(file, "utf8")).toContain(digestOfText(manifests.till));
    expect(readFileSync(file, "utf8")).toContain("digestSource: somebody said so");
  });

  it("asks nobody when the lock is wrong", async () => {
    writeFileSync(file, lock({ ...unresolved, digest: "sha256:abcd" }));
    await expect(resolveImages(file)).rejects.toThrow("images.till.digest");
    expect(registry.requests).toEqual([]);
  });

  it("writes what a project learns of the platform's images into the project's own lock, and nothing else", async () => {
    writeFileSync(file, lock(unresolved));
    const own = join(folder, "own.lock.yaml");
    await resolveImages(own, readImageFile(file), "2026-02-01");
    const till = { repository: `${host}/till`, tag: "v2", digest: digestOfText(manifests.till) };
    expect(readImageFile(own)).toEqual({ till: { ...till, digestSource: "the image's registry", date: "2026-02-01" } });
    expect(readFileSync(file, "utf8")).toBe(lock(unresolved));
  });
});
