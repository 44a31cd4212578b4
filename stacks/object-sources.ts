/** What an object is made from besides the environment: an upstream manifest, and images of the lock. */
import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { imageLockFile, imageRef, readImageFile, readImageLock } from "../components/images";
import { groupOf, type KubeObject } from "../components/kube-object";
import { withoutDescriptions } from "../components/overlay";
import { packageRoot } from "../components/package-root";
import { upstreamObjects, withUpstream } from "../components/upstream";
import { readUpstreamLock, type UpstreamSet } from "../components/upstream/lock";
import { type Path, printPath } from "../policies/engine/path";
import type { Environment } from "./environment";
import { changedFields } from "./provenance/changed-fields";
import type { VariantRender } from "./provenance/variant-render";
import { TeamFile } from "./team-file";

/** An object of another project, and what became of it here. */
export interface UpstreamSource {
  /** Name in `upstream.lock.yaml`. */
  readonly set: string;
  readonly version: string;
  /** The manifest's path within its project. */
  readonly path: string;
  /** Fields that the component changes, adds or leaves out. */
  readonly changed: readonly string[];
}

/** An image of the lock that the object names. */
export interface ImageSource {
  readonly name: string;
  readonly image: string;
  readonly file: string;
  readonly line?: number;
  /** Fields of the object that name it. */
  readonly fields: readonly string[];
}

const PROBE = "fleetwright.dev/probe";

/**
 * The upstream object that an object is made from: the one whose change changes it. Undefined where there is none.
 *
 * @param render has made the object
 */
export function upstreamSource(environment: Environment, render: VariantRender): UpstreamSource | undefined {
  const { object } = render;
  const isNamed = (one: KubeObject) =>
    one.kind === object.kind && groupOf(one) === groupOf(object) && one.metadata.name === object.metadata.name;
  for (const [set, { version, files }] of Object.entries(readUpstreamLock())) {
    const found = upstreamObjects(set).find(isNamed);
    if (!found) continue;
    const made = withUpstream(
      (one) =>
        one === found
          ? { ...one, metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, [PROBE]: "x" } } }
          : one,
      () => render.again(environment),
    );
    if (isDeepStrictEqual(made, object)) continue;
    const plain = found.kind === "CustomResourceDefinition" ? withoutDescriptions(found) : found;
    return { set, version, path: fileOf(set, { version, files }, found), changed: changedFields(plain, object) };
  }
  return undefined;
}

/** The file of a set that has an object. */
function fileOf(name: string, { files, version }: UpstreamSet, object: KubeObject): string {
  const paths = [...new Set(files.map(({ path }) => path))];
  const has = (path: string) =>
    upstreamObjects(name, { [name]: { version, files: files.filter((file) => file.path === path) } }).includes(object);
  return paths.find(has) ?? "";
}

/** The images that an object names, in the order of the lock. */
export function imageSources({ images: { mirror }, root }: Environment, object: KubeObject): ImageSource[] {
  const lock = readImageLock(root);
  const texts = textsOf(object, []);
  return Object.keys(lock).flatMap((name) => {
    const image = imageRef(name, mirror === undefined ? {} : { registryMirror: mirror }, lock);
    const fields = texts.filter(({ text }) => text.includes(image)).map(({ path }) => printPath(path));
    if (fields.length === 0) return [];
    const isOwn =
      root !== packageRoot() && existsSync(imageLockFile(root)) && name in readImageFile(imageLockFile(root));
    const line = new TeamFile(readFileSync(imageLockFile(isOwn ? root : undefined), "utf8")).lineOf(["images", name]);
    return [{ name, image, file: "images.lock.yaml", ...(line === undefined ? {} : { line }), fields }];
  });
}

function textsOf(value: unknown, path: Path): { text: string; path: Path }[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((one, index) => textsOf(one, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => textsOf(one, [...path, name]));
}
