/**
 * Upstream's charts, rendered by Helm: what they make of a cluster of a mesh on several networks.
 *
 * The charts are looked for in the mirror of upstream files, in the cache, and in the Go module that carries them; Helm
 * on the path, or as the Go module builds it. Where either is missing the comparison is skipped, and says so.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { cacheFolder } from "../../../components/cache-folder";
import type { KubeObject } from "../../../components/kube-object";

/** Folders of `manifests/charts` that are compared. */
const CHARTS = ["base", "gateway", "istio-cni", "istio-control/istio-discovery"];

/** The charts of tag 1.30.3: of every file's path and checksum, in the order of the paths. */
const CHECKSUM = "e01059a03b40714f955d6299f9e08f94185d1ef7d1485ce809a8fddb0372046e";

/** Commit of tag 1.30.3, as Go names it; the project does not tag for Go. */
const MODULE = "istio.io/istio@v0.0.0-20260713165634-56df41f63e51";

const HELM = "helm.sh/helm/v3/cmd/helm@v3.19.0";

/** Upstream's charts and a program that renders them. */
export interface UpstreamCharts {
  /** The objects of a chart, with values as `--set` takes them. */
  render(chart: (typeof CHARTS)[number], release: string, namespace: string, values?: readonly string[]): KubeObject[];
  /** One file of a chart, as text. */
  text(path: string): string;
}

/** The charts, or why they cannot be had. */
export function upstreamCharts(): UpstreamCharts | string {
  const folder = chartsFolder();
  if (folder === undefined) return "upstream's charts cannot be had here";
  const helm = helmProgram();
  if (helm === undefined) return "Helm cannot be had here";
  return {
    text: (path) => readFileSync(join(folder, path), "utf8"),
    render: (chart, release, namespace, values = []) => {
      const sets = values.flatMap((value) => ["--set", value]);
      const args = ["template", release, join(folder, chart), "--namespace", namespace, ...sets];
      const text = execFileSync(helm, args, { cwd: tmpdir(), stdio: "pipe", maxBuffer: 1 << 26 });
      return parseAllDocuments(String(text)).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);
    },
  };
}

/** @throws Error when a folder is there and is not the charts of the version that is compared */
function chartsFolder(): string | undefined {
  const mirror = process.env.FLEETWRIGHT_UPSTREAM;
  const places = [
    ...(mirror ? [join(mirror, "istio-charts", "1.30.3")] : []),
    join(cacheFolder(), "upstream", "istio-charts-1.30.3"),
  ];
  const found = places.find((place) => existsSync(place)) ?? moduleFolder();
  if (found === undefined) return undefined;
  const actual = checksum(found);
  if (actual !== CHECKSUM) throw new Error(`${found} has the checksum ${actual}, must be ${CHECKSUM}`);
  return found;
}

function moduleFolder(): string | undefined {
  try {
    const answer = execFileSync("go", ["mod", "download", "-json", MODULE], { cwd: tmpdir(), stdio: "pipe" });
    return join(JSON.parse(String(answer)).Dir, "manifests", "charts");
  } catch {
    return undefined;
  }
}

function checksum(folder: string): string {
  const hash = createHash("sha256");
  for (const chart of CHARTS) {
    const files = readdirSync(join(folder, chart), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
    for (const file of files) {
      hash.update(
        `${file} ${createHash("sha256")
          .update(readFileSync(join(folder, file)))
          .digest("hex")}\n`,
      );
    }
  }
  return hash.digest("hex");
}

/** Helm on the path; else built once from its Go module, and kept in the cache. */
function helmProgram(): string | undefined {
  const own = join(cacheFolder(), HELM.replaceAll("/", "_"), "helm");
  const runs = (program: string) => {
    try {
      execFileSync(program, ["version"], { cwd: tmpdir(), stdio: "pipe" });
      return true;
    } catch {
      return false;
    }
  };
  const there = ["helm", own].find(runs);
  if (there !== undefined) return there;
  try {
    const env = { ...process.env, GOBIN: dirname(own), GOFLAGS: "" };
    execFileSync("go", ["install", HELM], { cwd: tmpdir(), env, stdio: "pipe" });
    return own;
  } catch {
    return undefined;
  }
}
