/**
 * What an environment is made of, as plain objects and as files: no engine, no cluster. Reviewers, policies and other
 * programs read this.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { clusterObjects, clusterParts, type MakePart } from "../components/cluster-parts";
import type { KubeObject } from "../components/kube-object";
import { inOrder } from "../components/order";
import { clusterArgs } from "./cluster-args";
import type { Environment } from "./environment";

/** kubectl reads YAML 1.1, in which `yes` is a boolean: such strings are quoted. */
const AS_KUBECTL_READS = { aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 } as const;

/** First line of every file, by which a later render knows its own. */
const MARK = "# Rendered by fleetwright from";

/** A folder that is not to be written to, as a sentence. */
export class RenderError extends Error {
  override readonly name: string = "RenderError";
}

/** A folder that cannot be written to, as a sentence. */
export class UnwritableError extends RenderError {
  override readonly name = "UnwritableError";
}

/** One written file. */
export interface RenderedFile {
  readonly cluster: string;
  readonly component: string;
  /** Path below the folder. */
  readonly path: string;
  readonly objects: number;
}

/**
 * The objects of every cluster, by component, in the order in which they are applied.
 *
 * @param made by cluster, what makes its parts: for who wants to keep them. @default each is made
 */
export function render(
  environment: Environment,
  stack = environment.name,
  clusters = Object.keys(environment.clusters),
  made: (cluster: string) => MakePart | undefined = () => undefined,
): ReadonlyMap<string, ReadonlyMap<string, readonly KubeObject[]>> {
  return new Map(
    clusters.map((cluster) => {
      const components = new Map<string, KubeObject[]>();
      const args = clusterArgs(environment, cluster, stack);
      for (const { component, object } of inOrder(clusterObjects(args, clusterParts(args, made(cluster))))) {
        components.set(component, [...(components.get(component) ?? []), object]);
      }
      return [cluster, components];
    }),
  );
}

/**
 * Writes `DIR/<cluster>/<component>.yaml`, and removes what an earlier render left there.
 *
 * @throws RenderError when the folder holds files that no render wrote, and when it cannot be written to
 */
export function writeRendered(environment: Environment, folder: string): RenderedFile[] {
  tryToWrite(folder);
  removeEarlier(folder);
  return [...render(environment)].flatMap(([cluster, components]) =>
    [...components].map(([component, objects]) => {
      const path = join(cluster, `${component}.yaml`);
      mkdirSync(join(folder, cluster), { recursive: true });
      const documents = objects.map((object) => stringify(object, AS_KUBECTL_READS));
      writeFileSync(join(folder, path), `${MARK} ${environment.name}, cluster ${cluster}\n${documents.join("---\n")}`);
      return { cluster, component, path, objects: objects.length };
    }),
  );
}

/** Once and before anything is removed: a folder that has mode bits to be written to may still not be, as below /sys. */
function tryToWrite(folder: string): void {
  try {
    makeFolder(folder);
    rmdirSync(mkdtempSync(join(folder, ".fleetwright-")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UnwritableError(
      `--out is ${folder}, must be a folder that can be written to (${code}): nothing was written. Choose another, or one that is to be made.`,
    );
  }
}

/** Step by step: Node's own `recursive` never ends where a folder is there and says of what is made in it that it is not, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function removeEarlier(folder: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const foreign = paths.filter((path) => !path.endsWith(".yaml") || !readFileSync(path, "utf8").startsWith(MARK));
  if (foreign.length > 0) {
    throw new RenderError(
      `${folder} holds ${foreign[0]}, which no render wrote: nothing was written. Choose an empty folder.`,
    );
  }
  for (const path of paths) rmSync(path);
}

/** What {@link writeRendered} would write. */
export function renderedFiles(environment: Environment): RenderedFile[] {
  return [...render(environment)].flatMap(([cluster, components]) =>
    [...components].map(([component, { length }]) => ({
      cluster,
      component,
      path: join(cluster, `${component}.yaml`),
      objects: length,
    })),
  );
}

/**
 * Every object of an environment with its cluster and component, flat.
 *
 * @param clusters names. @default all
 * @param made as {@link render} takes it
 */
export function renderedObjects(
  environment: Environment,
  clusters?: readonly string[],
  made?: (cluster: string) => MakePart | undefined,
): { cluster: string; component: string; object: KubeObject }[] {
  return [...render(environment, environment.name, clusters && [...clusters], made)].flatMap(([cluster, components]) =>
    [...components].flatMap(([component, objects]) => objects.map((object) => ({ cluster, component, object }))),
  );
}
