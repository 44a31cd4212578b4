/**
 * The upstream lock: which manifests of other projects are used, in which version, and the checksum of each file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../package-root";

const entry = z.strictObject({
  /** The file's path within its source, relative; the same for every form of one file. */
  path: z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+\.yaml$/, "must be a relative path that ends in .yaml"),
  /** What `source` is: the address of the file, or the Go module that carries it. */
  form: z.enum(["url", "module"]),
  /** `url`: https address. `module`: `<module path>@<version>`. */
  source: z.string(),
  /** Of the file's bytes as this form gives them, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits"),
});

const entries = entry
  .refine(
    ({ form, source }) => form !== "url" || /^https:\/\/\S+$/.test(source),
    "url: source must start with https://",
  )
  .refine(
    ({ form, source }) => form !== "module" || /^[^\s@]+@v[^\s@]+$/.test(source),
    "module: source must be <module path>@v<version>",
  );

const lockSchema = z.record(
  z.string().regex(/^[a-z0-9-]+$/),
  z.strictObject({
    /** The project's own version, without `v`. */
    version: z.string().regex(/^[0-9]+\.[0-9]+\.[0-9]+$/, "must be a version such as 1.2.3"),
    files: z.array(entries).min(1),
  }),
);

/** One file in one source form. */
export type UpstreamEntry = z.output<typeof entry>;

/** One upstream project's manifests. */
export type UpstreamSet = z.output<typeof lockSchema>[string];

/**
 * The lock that the package carries, or another one.
 *
 * @param file path of the lock. @default `upstream.lock.yaml` of the package
 * @throws Error naming every wrong field with its path
 */
export function readUpstreamLock(
  file = join(packageRoot(), "upstream.lock.yaml"),
): Readonly<Record<string, UpstreamSet>> {
  const text = readFileSync(file, "utf8");
  if (text === latest?.text) return latest.lock;
  const parsed = lockSchema.safeParse(parse(text));
  if (!parsed.success) throw new Error(`${file} is no upstream lock:\n${z.prettifyError(parsed.error)}`);
  latest = { text, lock: parsed.data };
  return parsed.data;
}

/** Every component of every cluster asks for it, and parsing takes longer than what they ask. */
let latest: { readonly text: string; readonly lock: Readonly<Record<string, UpstreamSet>> } | undefined;

/** The files of a set, each with its forms in the order in which they are tried. */
export function formsByPath(set: UpstreamSet): ReadonlyMap<string, readonly UpstreamEntry[]> {
  const forms = new Map<string, UpstreamEntry[]>();
  for (const one of set.files) forms.set(one.path, [...(forms.get(one.path) ?? []), one]);
  return forms;
}
