/** What is said of an object beside what decides it: upstream, images, rules, and an exemption that really exempts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { ensureUpstream } from "../../components/upstream";
import { loadEnvironment } from "../../stacks/environment";
import { explainObject } from "../../stacks/object-explanation";
import { sandboxEnvironment } from "../support/environments";

const PRIVILEGED = `module.exports = { objects: () => [{
  apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "page", namespace: "shop" },
  spec: { selector: { matchLabels: { app: "page" } }, template: { metadata: { labels: { app: "page" } },
    spec: { containers: [{ name: "page", image: "ghcr.io/acme/page:latest" }] } } },
}] };`;

let root: string;
beforeAll(async () => {
  await ensureUpstream();
  root = mkdtempSync(join(tmpdir(), "fleetwright-explain-"));
  mkdirSync(join(root, "environments"));
  mkdirSync(join(root, "components"));
  writeFileSync(join(root, "environments", "dev.yaml"), stringify(sandboxEnvironment("hub", "east")));
  writeFileSync(join(root, "components", "page.js"), PRIVILEGED);
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const explained = (words: string, cluster?: string) =>
  explainObject(loadEnvironment("dev", root), { words }, { cluster });

describe("an object of the platform", () => {
  it("is told from its upstream manifest, with what is changed here, and its images", async () => {
    const { component, elsewhere, images, upstream } = await explained("deploy/gatekeeper-controller-manager");
    expect(component).toEqual({
      name: "gatekeeper",
      source: "components/gatekeeper.ts",
      page: "docs/components/gatekeeper.md",
    });
    expect(elsewhere).toEqual([{ cluster: "east", isSame: true }]);
    expect(upstream).toMatchObject({ set: "gatekeeper", path: "deploy/gatekeeper.yaml" });
    expect(upstream?.changed).toContain("spec.template.spec.containers[0].image");
    expect(images).toEqual([
      expect.objectContaining({
        name: "gatekeeper",
        file: "images.lock.yaml",
        line: expect.any(Number),
        fields: ["spec.template.spec.containers[0].image"],
      }),
    ]);
  });

  it("has no upstream manifest where its component wrote it, and is judged by rules that allow it", async () => {
    const { upstream, verdicts } = await explained("deploy/cert-manager", "hub");
    expect(upstream).toBeUndefined();
    expect(verdicts.map(({ id, verdict }) => `${id} ${verdict}`)).toContain("IM-03 allow");
  });
});

describe("an object of a team's own that a rule denies", () => {
  it("is exempted by exactly the entry that is proposed, of the team that owns its namespace", async () => {
    const before = await explained("deploy/page", "hub");
    expect(before.component).toEqual({ name: "page", source: "components/page.js" });
    const denied = before.verdicts.filter(({ verdict }) => verdict === "deny").map(({ id }) => id);
    expect(denied).toContain("IM-01");
    const { entries, file, owner } = before.exemption;
    expect({ owner, rules: entries.map(({ rule }) => rule) }).toEqual({
      owner: "payments",
      rules: [...new Set(denied)],
    });
    writeFileSync(join(root, file), stringify({ exemptions: entries }));
    const after = await explained("deploy/page", "hub");
    rmSync(join(root, file));
    expect(after.verdicts.filter(({ verdict }) => verdict === "deny")).toEqual([]);
    expect(after.verdicts.find(({ id }) => id === "IM-01")?.exemption).toMatchObject({ owner: "payments" });
  });
});
