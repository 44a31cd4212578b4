import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { ImageLockError, imageRef, readImageFile, readImageLock } from "../../components/images";

const digest = `sha256:${"ab".repeat(32)}`;
const cart = {
  repository: "registry.test:5000/shop/cart",
  tag: "v1.2.3",
  digest,
  digestSource: "its registry",
  date: "2026-01-31",
};
const till = { ...cart, repository: "docker.io/shop/till", digest: "unresolved", digestSource: "none" };

describe("an image reference", () => {
  it("has tag and digest", () => {
    expect(imageRef("cart", {}, { cart })).toBe(`registry.test:5000/shop/cart:v1.2.3@${digest}`);
  });

  it("has the tag alone while the digest is unresolved", () => {
    expect(imageRef("till", {}, { till })).toBe("docker.io/shop/till:v1.2.3");
  });

  it("comes from the mirror by the same path and digest", () => {
    const mirrored = imageRef("cart", { registryMirror: "mirror.test/hub" }, { cart });
    expect(mirrored).toBe(`mirror.test/hub/shop/cart:v1.2.3@${digest}`);
  });

  it("names the images there are when asked for another", () => {
    expect(() => imageRef("cat", {}, { cart, till })).toThrow('"cat" is not in images.lock.yaml, which has cart, till');
  });
});

describe("the image lock", () => {
  it("has digests for the images whose digest could be sourced, and for no other", () => {
    const sourced = Object.entries(readImageLock()).filter(([, { digest }]) => digest !== "unresolved");
    expect(sourced.map(([name]) => name).sort()).toEqual([
      "cert-manager-acmesolver",
      "cert-manager-cainjector",
      "cert-manager-controller",
      "cert-manager-webhook",
      "grafana",
      "jaeger",
      "loki",
    ]);
  });
});

describe("the image lock of a project", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetwright-images-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const gatekeeper = { ...cart, repository: "docker.io/openpolicyagent/gatekeeper" };
  const tag = readImageLock().gatekeeper?.tag ?? "";

  it("adds images of its own, and digests of the platform's", () => {
    writeFileSync(
      join(folder, "images.lock.yaml"),
      stringify({ images: { cart, gatekeeper: { ...gatekeeper, tag } } }),
    );
    const { cart: added, gatekeeper: known, ...others } = readImageLock(folder);
    expect(added).toEqual(cart);
    expect(known).toMatchObject({ tag, digest });
    const { gatekeeper: _, ...platform } = readImageLock();
    expect(others).toEqual(platform);
  });

  it("says nothing of another version of the platform's images", () => {
    writeFileSync(
      join(folder, "images.lock.yaml"),
      stringify({ images: { gatekeeper: { ...gatekeeper, tag: "v0" } } }),
    );
    expect(readImageLock(folder)).toEqual(readImageLock());
  });
});

describe("a wrong image lock", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleetwright-images-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const reading = (images: object) => {
    const file = join(folder, "images.lock.yaml");
    writeFileSync(file, stringify({ images }));
    return () => readImageFile(file);
  };

  it.each<[string, object, string]>([
    ["a repository without a registry", { repository: "shop/cart" }, "must be a registry and a path"],
    ["a repository with a tag", { repository: "registry.test/cart:v1" }, "must be a registry and a path"],
    ["an upper-case path", { repository: "registry.test/Cart" }, "must be a registry and a path"],
    ["a moving tag", { tag: "latest" }, "must name a version; latest moves"],
    ["a tag with a digest", { tag: `v1@${digest}` }, "must be an image tag"],
    ["a short digest", { digest: "sha256:abcd" }, "must be unresolved, or sha256: and 64 hex digits"],
    ["a digest from nowhere", { digestSource: "none" }, "must be none while the digest is unresolved"],
    ["a source of no digest", { digest: "unresolved" }, "must be none while the digest is unresolved"],
    ["a date with a time", { date: "2026-01-31T00:00:00Z" }, "must be a day, such as 2026-11-21"],
    ["a day that never was", { date: "2026-02-30" }, "must be a day, such as 2026-11-21"],
    ["an unknown field", { arch: "amd64" }, 'images.cart.arch is "amd64": no such field: there is repository, tag,'],
  ])("with %s is refused", (_what, change, sentence) => {
    expect(reading({ cart: { ...cart, ...change } })).toThrow(sentence);
  });

  it("is told with file, every fault and each path", () => {
    const read = reading({ Cart: cart, till: { ...till, tag: "latest", date: "today" } });
    for (const part of [join(folder, "images.lock.yaml"), "images.Cart", "images.till.tag", "images.till.date"]) {
      expect(read).toThrow(part);
    }
  });

  it("is told in sentences, where a field is missing or of another type and where it is no YAML", () => {
    const { digest: _, ...rest } = cart;
    const read = reading({ cart: { ...rest, tag: 1 }, till: "v1" });
    const file = join(folder, "images.lock.yaml");
    expect(read).toThrow(ImageLockError);
    expect(read).toThrow(
      [
        `${file}: 3 faults, nothing was changed.`,
        `  ${file}  images.cart.tag is 1: must be a text`,
        `  ${file}  images.cart.digest: is missing: must be a text`,
        `  ${file}  images.till is "v1": must be a map of fields`,
      ].join("\n"),
    );
    for (const [text, sentence] of [
      ["images: [", "not YAML: Flow sequence in block collection"],
      ["", "must be a map of fields"],
    ] as const) {
      writeFileSync(file, text);
      expect(() => readImageFile(file)).toThrow(sentence);
    }
  });
});
