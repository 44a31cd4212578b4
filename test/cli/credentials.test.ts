/** The verb on a project whose clusters are not up: what it says, how it ends, and that no value is ever in it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import { fleetwright } from "../../cli/fleetwright";
import { ensureUpstream } from "../../components/upstream";
import { secretStore } from "../../lifecycle/credentials/secret-store";
import { loadEnvironment } from "../../stacks/environment";
import { temporaryFolder } from "../sandbox/temporary-folder";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

const CANARY = "canary-8e21f6";
const before = { folder: process.cwd(), state: process.env.XDG_STATE_HOME };
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  process.env.XDG_STATE_HOME = join(folder, "state");
  mkdirSync(join(folder, "environments"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: test\n");
  write({});
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before.folder);
  process.exitCode = undefined;
  delete process.env.XDG_STATE_HOME;
  if (before.state !== undefined) process.env.XDG_STATE_HOME = before.state;
});

/** Writes the project's environment: two clusters with a mesh, backups and one CA. */
function write(change: object): void {
  const fleet = sandboxEnvironment("hub", "east");
  const own = { istio: { management: "managed" }, velero: {}, certManager: { caSecretName: "fleet-ca" } };
  const environment = { ...fleet, components: { ...fleet.components, ...own }, ...change };
  writeFileSync(join(folder, "environments", "dev.yaml"), stringify(environment));
}

/** Runs the command and gives all that it printed, and how it ended. */
async function run(...words: string[]) {
  const out = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const err = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  process.exitCode = 0;
  try {
    const error = await fleetwright()
      .parseAsync(words, { from: "user" })
      .then(
        () => undefined,
        (thrown: Error & { exitCode?: number; faults?: unknown }) => thrown,
      );
    const [stdout, stderr] = [out, err].map(({ mock }) => mock.calls.map(([text]) => String(text)).join(""));
    return { stdout: stdout ?? "", stderr: stderr ?? "", error, exitCode: error?.exitCode ?? process.exitCode };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

const store = () => secretStore(loadEnvironment("dev", folder), folder);
const reader = "fleetwright/dev/istio-remote/east";

/** A canary in the place of every value that is a secret. */
async function plant(): Promise<void> {
  const times = { issued: "2026-11-20T00:00:00Z", expires: "2099-01-01T00:00:00Z" };
  await store().put(reader, { kubeconfig: CANARY, token: CANARY, boundTo: "istio-remote-east-1", ...times });
}

describe("fleetwright credentials list", () => {
  it("says of each its cluster, its time, and who holds it", async () => {
    await plant();
    const { exitCode, stdout } = await run("credentials", "list", "--json");
    const document = JSON.parse(stdout) as { credentials: { name: string }[]; summary: object };
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ apiVersion: "fleetwright/v1", kind: "CredentialList", environment: "dev" });
    expect(document.summary).toEqual({ valid: 1, due: 0, expired: 0, missing: 3 });
    expect(document.credentials.map(({ name }) => name)).toEqual([
      "istio-remote-east",
      "istio-remote-hub",
      "ca",
      "velero-repositories",
    ]);
    expect(document.credentials[0]).toEqual({
      name: "istio-remote-east",
      kind: "token",
      purpose: "istio-remote",
      cluster: "east",
      entry: reader,
      issued: "2026-11-20T00:00:00Z",
      expires: "2099-01-01T00:00:00Z",
      state: "valid",
      consumers: ["hub/istio-system/istio-remote-secret-east"],
    });
  });

  it("is a table for people", async () => {
    await plant();
    const { stdout } = await run("credentials", "list");
    expect(stdout).toMatch(/istio-remote-east\s*│ east\s*│ valid\s*│ 2026-11-20 00:00 │ 2099-01-01 00:00/);
    expect(stdout).toMatch(/ca\s*│ all\s*│ missing/);
  });
});

describe("fleetwright credentials issue", () => {
  it("makes what needs no cluster, says which clusters do not answer, and exits 4", async () => {
    const { exitCode, stdout } = await run("credentials", "issue", "--json");
    const { results, summary } = JSON.parse(stdout) as {
      results: { name: string; outcome: string; message?: string }[];
      summary: object;
    };
    expect(exitCode).toBe(4);
    expect(summary).toEqual({ issued: 2, renewed: 0, kept: 0, missing: 0, incomplete: 0, failed: 2 });
    const issued = results.filter(({ outcome }) => outcome === "issued");
    expect(issued.map(({ name }) => name)).toEqual(["ca", "velero-repositories"]);
    expect(results.find(({ name }) => name === "istio-remote-east")?.message).toContain("cluster east: ");
  });

  it("never replaces a CA", async () => {
    expect((await run("credentials", "issue", "ca")).exitCode).toBe(0);
    const made = await store().get("fleetwright/dev/ca");
    const again = await run("credentials", "issue", "ca", "--json");
    expect(JSON.parse(again.stdout).results).toEqual([
      { name: "ca", kind: "authority", outcome: "kept", issued: expect.any(String), expires: expect.any(String) },
    ]);
    expect(await store().get("fleetwright/dev/ca")).toEqual(made);
  });

  it("lists every fault of what was asked, changes nothing, and exits 2", async () => {
    const { error, exitCode } = await run(
      ...["credentials", "issue", "north", "ca", "--lifetime-hours", "721", "--grace-seconds", "x"],
    );
    expect(exitCode).toBe(2);
    expect(error?.faults).toEqual([
      { path: "names", value: "north", message: expect.stringContaining("must be one of istio-remote-east") },
      { path: "--lifetime-hours", value: 721, message: "must be a whole number of 1–720" },
      { path: "--grace-seconds", value: Number.NaN, message: "must be a whole number of 0–3600" },
    ]);
    expect(existsSync(join(folder, "state"))).toBe(false);
  });

  it("says what is missing where the environment has no store that it can reach", async () => {
    write({ sandbox: undefined });
    expect((await run("credentials", "issue")).error?.message).toContain("the environment has no secret store");
    write({ sandbox: undefined, secretStore: { kind: "external-secrets", name: "vault" } });
    const { error, exitCode } = await run("credentials", "issue");
    expect(error?.message).toContain("name a program that gets, puts and deletes its entries");
    expect(exitCode).toBe(2);
  });
});

describe("fleetwright credentials rotate", () => {
  it("does not rotate a CA, and says where it is told how", async () => {
    const { error, exitCode } = await run("credentials", "rotate", "ca");
    expect(error?.message).toContain("must learn of a new one first: docs/how-to/credentials.md says how");
    expect(exitCode).toBe(2);
  });

  it("changes nothing where the cluster does not answer", async () => {
    await plant();
    const planted = await store().get(reader);
    expect((await run("credentials", "rotate", "istio-remote-east")).exitCode).toBe(4);
    expect(await store().get(reader)).toEqual(planted);
  });
});

describe("a canary in the store", () => {
  it("appears in no answer of any verb, and in nothing that is rendered", async () => {
    await plant();
    await run("credentials", "issue", "ca");
    const key = (await store().get("fleetwright/dev/ca"))?.key?.split("\n")[1] ?? "";
    expect(key.length).toBeGreaterThan(30);
    const said: string[] = [];
    for (const words of [
      ["credentials", "list"],
      ["credentials", "list", "--json"],
      ["credentials", "list", "-o", "yaml"],
      ["credentials", "issue", "--json"],
      ["credentials", "rotate"],
      ["credentials", "rotate", "istio-remote-east", "--json"],
      ["render", "--out", join(folder, "out")],
    ]) {
      const { error, stderr, stdout } = await run(...words);
      said.push(stdout, stderr, error?.message ?? "", error?.stack ?? "");
    }
    const files = readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true });
    const rendered = files
      .filter((file) => file.isFile())
      .map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"));
    expect(rendered.join()).toContain("istio-remote-secret-east");
    for (const secret of [CANARY, Buffer.from(CANARY).toString("base64"), key]) {
      expect([...said, ...rendered].filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  it("is not passed on from a store's program, whatever that prints", async () => {
    const program = [process.execPath, join(folder, "store.js")];
    write({ sandbox: undefined, secretStore: { kind: "external-secrets", name: "vault", program } });
    for (const body of [
      `process.stdout.write(${JSON.stringify(CANARY)})`,
      `process.stderr.write(${JSON.stringify(CANARY)}); process.exit(1)`,
    ]) {
      writeFileSync(join(folder, "store.js"), body);
      const { error, exitCode, stderr, stdout } = await run("credentials", "list");
      expect(exitCode).toBe(4);
      expect(error?.message).toMatch(/secretStore.program: /);
      expect([stdout, stderr, error?.message, error?.stack].join()).not.toContain(CANARY);
    }
  });
});

describe("a store's program", () => {
  it("gets, puts and deletes entries, contents on its input and output", async () => {
    const program = [process.execPath, join(folder, "store.js"), "--into", join(folder, "kept.json")];
    writeFileSync(
      join(folder, "store.js"),
      `const { readFileSync, writeFileSync, existsSync } = require("node:fs");
       const [, , , file, verb, entry] = process.argv;
       const all = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
       if (verb === "get") process.stdout.write(all[entry] ? JSON.stringify(all[entry]) : "");
       if (verb === "put") all[entry] = JSON.parse(readFileSync(0, "utf8"));
       if (verb === "delete") delete all[entry];
       if (verb !== "get") writeFileSync(file, JSON.stringify(all));`,
    );
    write({ sandbox: undefined, secretStore: { kind: "external-secrets", name: "vault", program } });
    expect(await store().get(reader)).toBeUndefined();
    await store().put(reader, { token: "a b\n" });
    expect(await store().get(reader)).toEqual({ token: "a b\n" });
    await store().delete(reader);
    expect(await store().get(reader)).toBeUndefined();
  });
});
