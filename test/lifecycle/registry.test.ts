import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { digestOf } from "../../lifecycle/registry";
import { digestOfText, FakeRegistry } from "./fake-registry";

let registry: FakeRegistry;
let host: string;
beforeEach(async () => {
  registry = new FakeRegistry({
    "/v2/shop/cart/manifests/v1": { manifest: '{"cart":1}' },
    "/v2/shop/bare/manifests/v1": { manifest: '{"bare":1}', digestHeader: null },
    "/v2/shop/wrong/manifests/v1": { manifest: '{"wrong":1}', digestHeader: "sha256:abc" },
  });
  host = await registry.start();
});
afterEach(() => registry.stop());

describe("a registry", () => {
  it("tells the digest without sending the manifest", async () => {
    expect(await digestOf(`${host}/shop/cart`, "v1")).toBe(digestOfText('{"cart":1}'));
    expect(registry.requests).toEqual(["HEAD /v2/shop/cart/manifests/v1"]);
  });

  it("that does not state the digest sends the manifest, whose digest it is", async () => {
    expect(await digestOf(`${host}/shop/bare`, "v1")).toBe(digestOfText('{"bare":1}'));
    expect(registry.requests).toEqual(["HEAD /v2/shop/bare/manifests/v1", "GET /v2/shop/bare/manifests/v1"]);
  });

  it.each([{ token: "let-me-in" }, { access_token: "let-me-in" }])(
    "that wants a token is asked with one: %j",
    async (answer) => {
      registry.challenge = 'Bearer realm="{registry}/token",service="fake",scope="repository:shop/cart:pull"';
      registry.tokenAnswer = answer;
      expect(await digestOf(`${host}/shop/cart`, "v1")).toBe(digestOfText('{"cart":1}'));
      expect(registry.requests).toEqual([
        "HEAD /v2/shop/cart/manifests/v1",
        "GET /token?service=fake&scope=repository%3Ashop%2Fcart%3Apull",
        "HEAD /v2/shop/cart/manifests/v1",
      ]);
    },
  );

  it.each<[string, object]>([
    ['Basic realm="fake"', {}],
    ['Bearer realm="{registry}/token"', {}],
    ['Bearer realm="{registry}/token"', { token: "of another registry" }],
  ])("that wants more than an anonymous token is given up: %s %j", async (challenge, answer) => {
    registry.challenge = challenge;
    registry.tokenAnswer = answer;
    await expect(digestOf(`${host}/shop/cart`, "v1")).rejects.toThrow(
      `${host}/shop/cart:v1: ${host} wants credentials, and this command asks without any: check the repository in images.lock.yaml, or read the digest by hand`,
    );
  });

  it.each<[number, string]>([
    [404, "has no such image: check repository and tag in images.lock.yaml"],
    [429, "has had too many requests from here: try again later"],
    [503, "answers 503: try again later"],
  ])("that answers %i says what to do", async (status, sentence) => {
    registry.status = status;
    await expect(digestOf(`${host}/shop/cart`, "v1")).rejects.toThrow(`${host}/shop/cart:v1: ${host} ${sentence}`);
  });

  it("that states nonsense for a digest is not believed", async () => {
    await expect(digestOf(`${host}/shop/wrong`, "v1")).rejects.toThrow(
      `${host}/shop/wrong:v1: ${host} states the digest "sha256:abc", which is none; ask its operator`,
    );
  });

  it("that is silent is given up after 10 s", async () => {
    registry.silent = true;
    const start = Date.now();
    await expect(digestOf(`${host}/shop/cart`, "v1")).rejects.toThrow(
      `${host}/shop/cart:v1: ${host} did not answer within 10 s: try from a network where it can be reached`,
    );
    expect(Date.now() - start).toBeLessThan(12_000);
  }, 15_000);

  it("that is not there is named", async () => {
    await registry.stop();
    await expect(digestOf(`${host}/shop/cart`, "v1")).rejects.toThrow(
      new RegExp(`^${host}/shop/cart:v1: ${host} cannot be reached \\(connect ECONNREFUSED .*\\): try from a network`),
    );
    await registry.start();
  });
});

describe("Docker Hub", () => {
  const asked: string[] = [];
  const real = globalThis.fetch;
  beforeEach(() => {
    asked.length = 0;
    globalThis.fetch = async (url) => {
      asked.push(String(url));
      return new Response(null, { headers: { "docker-content-digest": digestOfText("hub") } });
    };
  });
  afterEach(() => {
    globalThis.fetch = real;
  });

  it("is asked at its registry's own host, for official images below library/", async () => {
    await digestOf("docker.io/shop/cart", "v1");
    await digestOf("docker.io/busybox", "1.37");
    await digestOf("registry.test/cart", "v1");
    expect(asked).toEqual([
      "https://registry-1.docker.io/v2/shop/cart/manifests/v1",
      "https://registry-1.docker.io/v2/library/busybox/manifests/1.37",
      "https://registry.test/v2/cart/manifests/v1",
    ]);
  });
});
