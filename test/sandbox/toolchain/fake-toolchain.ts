/** A toolchain of small tools, a `go` that builds them by writing scripts, and a server that publishes them. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readToolchain, type Toolchain } from "../../../sandbox/toolchain/lock";

/** What the fake `go build` does. */
export type GoBehaviour =
  | "builds"
  | "needs modules"
  | "fills the disk"
  | "gets a wrong module"
  | "runs out of memory"
  | "meets a compile error"
  | "is interrupted";

const ENDINGS: Record<Exclude<GoBehaviour, "builds">, string> = {
  "needs modules":
    "echo 'go: example.test/a@v1.0.0: Get \"https://proxy.test/a\": dial tcp: lookup proxy.test: no such host' >&2; exit 1",
  // the kernel's own words: /dev/full is a disk without room
  "fills the disk": "head -c 1 /dev/zero > /dev/full; exit 1",
  "gets a wrong module": "echo 'verifying example.test/a@v1.0.0: checksum mismatch' >&2; exit 1",
  "runs out of memory": "echo 'example.test/a: /go/compile: signal: killed' >&2; exit 1",
  "meets a compile error": "echo '# example.test/a' >&2; echo 'a.go:1:1: undefined: b' >&2; exit 1",
  "is interrupted": "echo example.test/half >&2; kill -INT $$",
};

export class FakeToolchain {
  readonly root = mkdtempSync(join(tmpdir(), "fleetwright-toolchain-"));
  readonly cache = join(this.root, "cache");
  private readonly path = process.env.PATH;
  private server: Server | undefined;

  constructor() {
    for (const folder of ["bin", "go", "toolchain/build/cart", "toolchain/build/till"]) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    for (const recipe of ["cart", "till"]) {
      this.write(`toolchain/build/${recipe}/go.mod`, `module fleetwright.test/${recipe}\n\ngo 1.26.0\n`);
      this.write(`toolchain/build/${recipe}/go.sum`, "");
    }
    this.write("toolchain/build/till/main.go", "package main\n");
    this.lock({});
    this.go("builds");
    process.env.PATH = `${join(this.root, "bin")}:${this.path}`;
  }

  /** Two recipes: `cart` makes cart and cartctl; `till` makes till, alone and from its own main package. */
  lock(changes: { releases?: object; tools?: Record<string, object>; recipes?: Record<string, object> }) {
    const tool = (recipe: string, path: string) => ({ version: "1.2.3", set: "accept", recipe, package: path });
    const tools: Record<string, object> = {
      cart: tool("cart", "example.test/cart/v2"),
      cartctl: tool("cart", "example.test/cart/v2/cmd/cartctl"),
      till: tool("till", "."),
    };
    const recipes: Record<string, object> = {
      cart: { stamps: { "example.test/cart.Version": "1.2.3" }, tags: ["small"], coldSeconds: 60, coldMiB: 1 },
      till: { coldSeconds: 30, coldMiB: 1 },
    };
    for (const [name, change] of Object.entries(changes.tools ?? {})) tools[name] = { ...tools[name], ...change };
    for (const [name, change] of Object.entries(changes.recipes ?? {})) recipes[name] = { ...recipes[name], ...change };
    this.write("toolchain/tools.lock.yaml", stringify({ recipes, releases: changes.releases ?? {}, tools }));
  }

  get toolchain(): Toolchain {
    return readToolchain(join(this.root, "toolchain"), this.cache);
  }

  /**
   * Puts a `go` on PATH. Each build is noted in `builds()`; a program `p` is the text of `programs/p`, or of
   * the file beside the sources that `embedded/p` names, or its own name.
   */
  go(behaviour: GoBehaviour, version = "1.26.8") {
    const dir = join(this.root, "go");
    const ending = behaviour === "builds" ? "" : ENDINGS[behaviour];
    const env = JSON.stringify({ GOVERSION: `go${version}`, GOCACHE: dir, GOMODCACHE: dir, GOTMPDIR: dir });
    const script = `#!/bin/sh
case "$1" in
env) echo '${env}'; exit 0 ;;
mod) echo "mod $*" >> ${dir}/calls; echo '{"Dir":"${dir}/module"}'; exit 0 ;;
esac
echo "build $* CGO_ENABLED=$CGO_ENABLED GOTOOLCHAIN=$GOTOOLCHAIN GOWORK=$GOWORK GOFLAGS=$GOFLAGS" >> ${dir}/calls
${ending}
mkdir -p out
while [ $# -gt 0 ] && [ "$1" != out/ ]; do shift; done
shift
for package; do
  case "$package" in .) name=$(sed -n 's|^module .*/||p' go.mod) ;; */v[0-9]) name=$(basename "$(dirname "$package")") ;; *) name=$(basename "$package") ;; esac
  echo "$package" >&2
  if [ -f ${dir}/embedded/$name ]; then cp "$(cat ${dir}/embedded/$name)" out/$name; elif [ -f ${dir}/programs/$name ]; then cp ${dir}/programs/$name out/$name; else echo "$name" > out/$name; fi
done
[ -f ${dir}/slowly ] && sleep 1
exit 0
`;
    this.write("bin/go", script);
    chmodSync(join(this.root, "bin/go"), 0o755);
  }

  /** PATH without any Go. */
  noGo() {
    rmSync(join(this.root, "bin/go"));
    process.env.PATH = join(this.root, "bin");
  }

  /** Every `go build` and `go mod` so far, in order. */
  calls(): string[] {
    const file = join(this.root, "go/calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  write(path: string, content: string | Buffer) {
    const file = join(this.root, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Starts a server on 127.0.0.1. @returns its origin, as in `http://127.0.0.1:1234` */
  async serve(listener: RequestListener): Promise<string> {
    this.server = createServer(listener);
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends the server: its port refuses connections from now on. */
  async unserve() {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<unknown>((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  async close() {
    process.env.PATH = this.path;
    await this.unserve();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The platforms of a release whose file is the same for all of them. */
export function platforms(bytes: string | Buffer, algorithm: "sha256" | "sha512" = "sha256", arch?: string) {
  const checksum = createHash(algorithm).update(bytes).digest("hex");
  const file = { [algorithm]: checksum, ...(arch ? { arch } : {}) };
  return { "linux/amd64": file, "linux/arm64": file, "darwin/amd64": file, "darwin/arm64": file };
}
