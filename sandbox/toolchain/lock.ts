/** The pinned tools: `tools.lock.yaml`, checked, with the folder of wrapper modules that it refers to. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { cacheFolder } from "../../components/cache-folder";
import { packageRoot } from "../../components/package-root";

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens");
const count = z.number().int().positive();

const Recipe = z.strictObject({
  /** Build tags given to the Go compiler. */
  tags: z.array(z.string()).default([]),
  /** Variables set by the linker: `import/path.Name` → value. A tool that is not stamped fails the version checks of its peers. */
  stamps: z.record(z.string(), z.string()).default({}),
  /** Files that the wrapper's main package embeds, made from a required module's own. */
  embeds: z
    .strictObject({
      /** Module path, as required in the wrapper's go.mod. */
      module: z.string(),
      /** Folder inside the module. */
      folder: z.string(),
      /** JSON file → top-level fields to set in it. */
      files: z.record(z.string(), z.record(z.string(), z.string())),
    })
    .optional(),
  /** Seconds of a build with empty Go caches on 2 cores, as measured; the estimate of the time left adds these up. */
  coldSeconds: count,
  /** MiB that such a build adds to Go's caches, as measured; it takes as much in the temporary folder. Checked before a build starts. */
  coldMiB: count,
});

const Download = z.strictObject({
  /** How the project spells this processor in the file's name. @default Go's name: amd64, arm64 */
  arch: z.string().optional(),
  /** Lower-case hex SHA-256 of the file as published. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits")
    .optional(),
  /** Lower-case hex SHA-512, where the project publishes only that. */
  sha512: z
    .string()
    .regex(/^[0-9a-f]{128}$/, "must be 128 lower-case hex digits")
    .optional(),
});

const Release = z.strictObject({
  /** Where the project publishes the file: a URL with `{os}` and `{arch}`. */
  url: z.string().regex(/^https?:\/\//, "must be a URL"),
  /** Go's `os/arch` → the file for it. A platform that is not listed is built. */
  platforms: z.record(
    z.string().regex(/^(linux|darwin)\/(amd64|arm64)$/, "must be linux or darwin, a slash, amd64 or arm64"),
    Download.refine(
      ({ sha256, sha512 }) => (sha256 === undefined) !== (sha512 === undefined),
      "needs one of sha256, sha512",
    ),
  ),
});

const Tool = z.strictObject({
  /** As the project counts, without a leading v. */
  version: z.string().min(1),
  /** The version of the Go module that its main package is in, without a leading v, where Go counts otherwise. @default the tool's own */
  moduleVersion: z.string().min(1).optional(),
  /** `core`: `make up` needs it; `accept`: only checks need it. */
  set: z.enum(["core", "accept"]),
  /** The wrapper module, a folder below `build/`. */
  recipe: name,
  /** Main package to build; `.` is the wrapper's own. */
  package: z.string().min(1),
  /** The official release that carries this tool, and where in it: a path inside a .tar.gz, with `{os}` and `{arch}`; none for a bare program. */
  release: z.strictObject({ name, member: z.string().optional() }).optional(),
});

const Lock = z
  .strictObject({ recipes: z.record(name, Recipe), releases: z.record(name, Release), tools: z.record(name, Tool) })
  .superRefine(({ recipes, releases, tools }, context) => {
    for (const [tool, { recipe, release }] of Object.entries(tools)) {
      if (!(recipe in recipes)) {
        context.addIssue({ code: "custom", path: ["tools", tool, "recipe"], message: `"${recipe}" is not in recipes` });
      }
      if (release && !(release.name in releases)) {
        const message = `"${release.name}" is not in releases`;
        context.addIssue({ code: "custom", path: ["tools", tool, "release", "name"], message });
      }
    }
  });

export type Recipe = z.output<typeof Recipe>;
export type Release = z.output<typeof Release>;
export type ToolSet = z.output<typeof Tool>["set"];
/** One pinned tool; its program has the tool's name. */
export type Tool = z.output<typeof Tool> & { readonly name: string };

/** What is pinned, where its recipes lie, and where tools are kept. */
export interface Toolchain {
  /** Folder of `tools.lock.yaml` and of `build/<recipe>/`. */
  readonly folder: string;
  /** The cache's root, see `components/cache-folder.ts`. */
  readonly cache: string;
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly releases: Readonly<Record<string, Release>>;
  readonly tools: readonly Tool[];
}

/**
 * Reads and checks the tool lock.
 *
 * @param folder of `tools.lock.yaml`. @default the package's own
 * @throws Error listing every fault of the file with its path
 */
export function readToolchain(folder = join(packageRoot(), "sandbox", "toolchain"), cache = cacheFolder()): Toolchain {
  const file = join(folder, "tools.lock.yaml");
  const parsed = Lock.safeParse(parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`);
  const { recipes, releases, tools } = parsed.data;
  return { folder, cache, recipes, releases, tools: Object.entries(tools).map(([name, tool]) => ({ name, ...tool })) };
}

/**
 * The pinned tool of this name.
 *
 * @throws Error naming the tools there are
 */
export function toolNamed(name: string, { tools, folder }: Toolchain): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool) return tool;
  const known = tools.map((candidate) => candidate.name).join(", ");
  throw new Error(`"${name}" is not a pinned tool: ${join(folder, "tools.lock.yaml")} has ${known}`);
}
