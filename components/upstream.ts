/**
 * Manifests of other projects: pinned by `upstream.lock.yaml`, fetched once, cached outside of every checkout.
 *
 *     mirror folder ─┐
 *     project's URL ─┼─→ checksum ─→ <cache>/upstream/<sha256> ─→ upstreamObjects() ─→ a chart's overlays
 *     Go module ─────┘
 *
 * Fetching is one thing and reading another: {@link ensureUpstream} uses the network, before the program runs;
 * {@link upstreamObjects} never does, so charts stay pure.
 */
import type { KubeObject } from "./kube-object";
import { readCached, readObjects, sha256Of, writeCached } from "./upstream/cache";
import { formsByPath, readUpstreamLock, type UpstreamEntry, type UpstreamSet } from "./upstream/lock";
import { UpstreamSources } from "./upstream/sources";

/** One upstream file and whether it is here. */
export interface UpstreamFile {
  /** Name of the set in the lock: `gatekeeper`. */
  readonly set: string;
  readonly version: string;
  readonly path: string;
  readonly cached: boolean;
}

/** Every file of the lock, in its order. */
export function upstreamFiles(lock = readUpstreamLock()): UpstreamFile[] {
  return Object.entries(lock).flatMap(([set, { version, files }]) =>
    [...formsByPath({ version, files })].map(([path, forms]) => ({ set, version, path, cached: isCached(forms) })),
  );
}

/**
 * Fetches every file that is not cached yet, from the first source that has the right bytes: `$FLEETWRIGHT_UPSTREAM`,
 * a folder with `<set>/<version>/<path>`; then the lock's forms in their order. Takes milliseconds when all are cached.
 *
 * @param report told of each file that arrived, and from where
 * @throws Error naming each file that could not be had, why each source failed, and the way out
 */
export async function ensureUpstream(
  report: (message: string) => void = () => {},
  lock = readUpstreamLock(),
): Promise<void> {
  const sources = new UpstreamSources();
  const failures: string[] = [];
  const missing = Object.entries(lock).flatMap(([name, set]) =>
    [...formsByPath(set)].filter(([, forms]) => !isCached(forms)).map(([path, forms]) => ({ name, set, path, forms })),
  );
  await Promise.all(
    missing.map(async ({ name, set, path, forms }) => {
      const file = `${name} ${set.version} ${path}`;
      const { source, reasons } = await fetchFile(sources, name, set, path, forms);
      if (source === undefined) failures.push(`${file}: ${reasons.join("; ")}`);
      else report(`upstream ${file} from ${source}`);
    }),
  );
  if (failures.length === 0) return;
  throw new Error(
    `upstream manifests could not be had:\n${failures
      .sort()
      .map((line) => `  ${line}`)
      .join("\n")}\nOpen one of these sources, or put the files in a folder as <set>/<version>/<path> and set ` +
      "FLEETWRIGHT_UPSTREAM to it, then run this again.",
  );
}

/**
 * The objects of an upstream set, as its project wrote them. Reads the cache only.
 *
 * @param name the set's name in the lock, such as `gatekeeper`
 * @throws Error naming the file that is not cached and the commands that fetch it, or listing the known names
 */
export function upstreamObjects(name: string, lock = readUpstreamLock()): readonly KubeObject[] {
  const set = lock[name];
  if (set === undefined) {
    throw new Error(`upstream: "${name}" is not in the lock, must be one of ${Object.keys(lock).join(", ")}`);
  }
  return [...formsByPath(set)].flatMap(([path, forms]) => {
    for (const { sha256 } of forms) {
      const objects = readObjects(sha256);
      if (objects) return probe ? objects.map(probe) : objects;
    }
    throw new Error(
      `upstream: ${name} ${set.version} ${path} is not on this machine, or was damaged: run \`fleetwright doctor\`, ` +
        "which fetches it, or says why it cannot",
    );
  });
}

let probe: ((object: KubeObject) => KubeObject) | undefined;

/** What comes of upstream's objects while they are other ones: for who asks which of them something is made from. */
export function withUpstream<Outcome>(changed: (object: KubeObject) => KubeObject, run: () => Outcome): Outcome {
  probe = changed;
  try {
    return run();
  } finally {
    probe = undefined;
  }
}

const isCached = (forms: readonly UpstreamEntry[]) => forms.some(({ sha256 }) => readCached(sha256) !== undefined);

/** Tries the sources of one file one after the other and keeps the first right answer. */
async function fetchFile(
  sources: UpstreamSources,
  name: string,
  { version }: UpstreamSet,
  path: string,
  forms: readonly UpstreamEntry[],
): Promise<{ source?: string; reasons: string[] }> {
  const mirror = process.env.FLEETWRIGHT_UPSTREAM;
  const reasons = mirror ? [] : ["FLEETWRIGHT_UPSTREAM is not set"];
  const candidates = [
    ...(mirror
      ? [{ source: `FLEETWRIGHT_UPSTREAM ${mirror}`, get: () => sources.fromMirror(mirror, name, version, path) }]
      : []),
    ...forms.map((entry) => ({
      source: `${entry.form} ${entry.source}`,
      sha256: entry.sha256,
      get: () => sources.fromEntry(entry),
    })),
  ];
  for (const candidate of candidates) {
    try {
      const bytes = await candidate.get();
      const expected = "sha256" in candidate ? [candidate.sha256] : forms.map(({ sha256 }) => sha256);
      const actual = sha256Of(bytes);
      if (!expected.includes(actual)) throw new Error(`its sha256 is ${actual}, must be ${expected.join(" or ")}`);
      writeCached(bytes);
      return { source: candidate.source, reasons };
    } catch (error) {
      reasons.push(`${candidate.source}: ${reason(error)}`);
    }
  }
  return { reasons };
}

/** The sentence of a failure; `fetch` hides it in the cause. */
function reason(error: unknown): string {
  const { message, cause } = error as { readonly message?: string; readonly cause?: { readonly message?: string } };
  return cause?.message ?? message ?? String(error);
}
