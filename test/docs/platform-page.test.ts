import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { platformPage } from "../../proofs/platform-page";
import { markup } from "../../proofs/platform-page/markup";
import { loadEnvironment, parseEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";

beforeAll(() => ensureUpstream(), 300_000);

const environment = loadEnvironment("dev", packageRoot());
let made: ReturnType<typeof platformPage> | undefined;
/** Both files, made once. */
const files = () => {
  made ??= platformPage();
  return made;
};
const page = () => files()["docs/platform.html"] ?? "";
/** What stands between the tags, as a reader sees it. */
const words = () =>
  page()
    .replace(/<style>.*?<\/style>/gs, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

describe("the platform page", () => {
  it("is what `npm run platform-page` would write now", () => {
    for (const [path, text] of Object.entries(files())) {
      const committed = readFileSync(join(packageRoot(), path), "utf8");
      // the whole page would be the difference: the sentence says what to do instead
      expect(committed === text ? "up to date" : `${path} is stale: run npm run platform-page`).toBe("up to date");
    }
  });

  it("asks for nothing: no script, style, font or picture from elsewhere", () => {
    for (const text of Object.values(files())) {
      expect(text).not.toMatch(/<(script|link|img|iframe|object|embed|base)\b|@import|\bsrc=|url\((?!#)/i);
      expect(text.match(/https?:\/\/[^\s"<]+/g) ?? []).toEqual(
        (text.match(/xmlns="http:\/\/www\.w3\.org\/2000\/svg"/g) ?? []).map(() => "http://www.w3.org/2000/svg"),
      );
    }
  });

  it("counts every object that would be applied", () => {
    expect(words()).toContain(`objects ${renderedObjects(environment).length}`);
  });

  it("says of every flow that a NetworkPolicy opens what it is for", () => {
    const shown = words();
    const annotations = renderedObjects(environment).flatMap(
      ({ object }) => object.metadata.annotations?.["fleetwright.dev/flows"] ?? [],
    );
    const reasons = new Set(annotations.flatMap((text) => text.split("\n").map((line) => line.replace(/^.*?: /, ""))));
    expect(reasons.size).toBeGreaterThan(5);
    expect([...reasons].filter((reason) => !shown.includes(reason))).toEqual([]);
  });

  it("follows the environment that it is given", () => {
    const text = readFileSync(join(packageRoot(), "environments", "dev.yaml"), "utf8");
    const other = parseEnvironment(text.replace("local-hub-c", "local-hub-z"), "environments/dev.yaml");
    const picture = platformPage(other)["docs/platform.svg"];
    expect(picture).toContain("zone z");
    expect(picture).not.toBe(files()["docs/platform.svg"]);
  });
});

describe("markup", () => {
  it("escapes what is put in, unless it is markup", () => {
    expect(markup`<b>${'<a href="x">&'}${markup`<i>`}</b>`.markup).toBe("<b>&lt;a href=&quot;x&quot;&gt;&amp;<i></b>");
  });
});
