import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ensureUpstream, upstreamFiles, upstreamObjects } from "../../components/upstream";
import { sha256Of } from "../../components/upstream/cache";
import { readUpstreamLock, type UpstreamEntry, type UpstreamSet } from "../../components/upstream/lock";

const CONTENT =
  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: first\n---\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: second\n";
const PATH = "deploy/all.yaml";
/** A module that cannot exist: its path is no path of a module. */
const NO_MODULE = "UPPER CASE@v1.0.0";

let folder: string;
let server: Server;
let requests: string[];
let answer: { status: number; body: string };
const environment = { ...process.env };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "upstream-"));
  process.env.FLEETWRIGHT_CACHE = join(folder, "cache");
  delete process.env.FLEETWRIGHT_UPSTREAM;
  requests = [];
  answer = { status: 200, body: CONTENT };
  server = createServer((request, response) => {
    requests.push(request.url ?? "");
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});

afterEach(async () => {
  process.env = { ...environment };
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true });
});

function lock(...forms: Partial<UpstreamEntry>[]): Record<string, UpstreamSet> {
  const { port } = server.address() as AddressInfo;
  const url = {
    path: PATH,
    form: "url",
    source: `http://127.0.0.1:${port}/${PATH}`,
    sha256: sha256Of(CONTENT),
  } as const;
  return { demo: { version: "1.2.3", files: (forms.length > 0 ? forms : [{}]).map((form) => ({ ...url, ...form })) } };
}

function putIntoMirror(content: string) {
  const file = join(folder, "mirror", "demo", "1.2.3", PATH);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  process.env.FLEETWRIGHT_UPSTREAM = join(folder, "mirror");
}

const cachedFile = () => join(folder, "cache", "upstream", sha256Of(CONTENT));

describe("ensureUpstream", () => {
  it("fetches a file from its address, keeps it under its checksum, and says where it came from", async () => {
    const said: string[] = [];
    await ensureUpstream((message) => said.push(message), lock());
    expect(readFileSync(cachedFile(), "utf8")).toBe(CONTENT);
    expect(said).toEqual([`upstream demo 1.2.3 ${PATH} from url ${lock().demo?.files[0]?.source}`]);
  });

  it("asks no source for what is cached", async () => {
    await ensureUpstream(undefined, lock());
    await ensureUpstream(undefined, lock());
    expect(requests).toHaveLength(1);
  });

  it("fetches a damaged file again", async () => {
    await ensureUpstream(undefined, lock());
    writeFileSync(cachedFile(), CONTENT.slice(0, 20));
    expect(upstreamFiles(lock())).toEqual([{ set: "demo", version: "1.2.3", path: PATH, cached: false }]);
    await ensureUpstream(undefined, lock());
    expect(readFileSync(cachedFile(), "utf8")).toBe(CONTENT);
  });

  it("prefers the mirror folder to every other source", async () => {
    putIntoMirror(CONTENT);
    await ensureUpstream(undefined, lock());
    expect(requests).toEqual([]);
    expect(upstreamFiles(lock())[0]?.cached).toBe(true);
  });

  it("takes the next form when one has other bytes, and keeps nothing of those", async () => {
    await ensureUpstream(undefined, lock({ sha256: sha256Of("other") }, {}));
    expect(requests).toHaveLength(2);
    expect(readdirSync(join(folder, "cache", "upstream"))).toEqual([sha256Of(CONTENT)]);
  });

  it("says why a host that does not answer was not asked further", async () => {
    const forms = lock();
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    await expect(ensureUpstream(undefined, forms)).rejects.toThrow(`connect ECONNREFUSED 127.0.0.1:${port}`);
    await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  });

  it("names every file, every source with its reason, and the way out", async () => {
    putIntoMirror("something else");
    answer = { status: 404, body: "" };
    const { port } = server.address() as AddressInfo;
    await expect(ensureUpstream(undefined, lock({}, { form: "module", source: NO_MODULE }))).rejects.toThrow(
      `upstream manifests could not be had:\n  demo 1.2.3 ${PATH}: ` +
        `FLEETWRIGHT_UPSTREAM ${join(folder, "mirror")}: its sha256 is ${sha256Of("something else")}, must be ${sha256Of(CONTENT)} or ${sha256Of(CONTENT)}; ` +
        `url http://127.0.0.1:${port}/${PATH}: it answered 404; module ${NO_MODULE}: `,
    );
  });

  it("says that no mirror is set where none is", async () => {
    answer = { status: 503, body: "" };
    await expect(ensureUpstream(undefined, lock())).rejects.toThrow(
      /FLEETWRIGHT_UPSTREAM is not set; url .* it answered 503\nOpen one of these sources, or put the files in a folder as <set>\/<version>\/<path> and set FLEETWRIGHT_UPSTREAM to it, then run this again\.$/,
    );
  });

  it("says that Go is missing where a module needs it", async () => {
    process.env.PATH = folder;
    await expect(ensureUpstream(undefined, lock({ form: "module", source: "example.com/m@v1.0.0" }))).rejects.toThrow(
      "module example.com/m@v1.0.0: Go is not installed",
    );
  });
});

describe("upstreamObjects", () => {
  it("gives the objects of a set in the order of its file", async () => {
    await ensureUpstream(undefined, lock());
    expect(upstreamObjects("demo", lock())).toEqual([
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "first" } },
      { apiVersion: "v1", kind: "Secret", metadata: { name: "second" } },
    ]);
  });

  it("keeps the parsed form beside the file and parses again when that is damaged", async () => {
    await ensureUpstream(undefined, lock());
    const first = upstreamObjects("demo", lock());
    const parsed = `${cachedFile()}.objects-1`;
    const kept = readFileSync(parsed, "utf8");
    cpSync(join(folder, "cache"), join(folder, "copy"), { recursive: true }); // this run has not read the copy yet
    process.env.FLEETWRIGHT_CACHE = join(folder, "copy");
    const copied = parsed.replace(join(folder, "cache"), join(folder, "copy"));
    writeFileSync(copied, kept.replace("first", "wrong"));
    expect(upstreamObjects("demo", lock())).toEqual(first);
    expect(readFileSync(copied, "utf8")).toBe(kept);
  });

  it("names the file that is not here and the commands that fetch it", () => {
    expect(() => upstreamObjects("demo", lock())).toThrow(
      `upstream: demo 1.2.3 ${PATH} is not on this machine, or was damaged: run \`fleetwright doctor\`, which fetches it, or says why it cannot`,
    );
  });

  it("lists the known sets when asked for another", () => {
    expect(() => upstreamObjects("demmo", lock())).toThrow('upstream: "demmo" is not in the lock, must be one of demo');
  });
});

describe("upstream.lock.yaml", () => {
  it("pins every file in each of its forms, and all forms of a file have the same path and version", () => {
    for (const [name, { version, files }] of Object.entries(readUpstreamLock())) {
      for (const { path, form, source } of files) {
        expect({ name, path, source }).toMatchObject({ source: expect.stringContaining(version) });
        expect(form === "module" || source.endsWith(`/${path}`)).toBe(true);
      }
    }
  });

  it("is refused with every wrong field and its path", () => {
    const file = join(folder, "lock.yaml");
    writeFileSync(
      file,
      "demo:\n  version: v1\n  files:\n    - { path: /a.yaml, form: url, source: 'http://x', sha256: abc }\n    - { path: a.yaml, form: module, source: m, sha256: abc, colour: red }\n",
    );
    let message = "";
    try {
      readUpstreamLock(file);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const part of [
      `${file} is no upstream lock:`,
      "demo.version",
      "demo.files[0].path",
      "demo.files[0].sha256",
      "must be 64 lower-case hexadecimal digits",
      'Unrecognized key: "colour"',
    ]) {
      expect(message).toContain(part);
    }
  });
});
