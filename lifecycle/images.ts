/** Fills `images.lock.yaml` from the registries themselves: what is missing is added, what is there is confirmed. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { type Image, readImageFile } from "../components/images";
import { digestOf, RegistryError } from "./registry";

/** What asking the registry about one image came to. */
export interface ImageResolution {
  /** Name in the lock. */
  readonly name: string;
  /** `<repository>:<tag>`. */
  readonly image: string;
  /** As the lock has it from now on; `unresolved` when it could not be read. */
  readonly digest: string;
  /**
   * `resolved`: was missing and is filled in; `confirmed`: is as locked; `differs`: the registry has another one, the lock is unchanged;
   * `unknown`: the registry could not tell.
   */
  readonly outcome: "resolved" | "confirmed" | "differs" | "unknown";
  /** A sentence, where something is left to do. */
  readonly message?: string;
}

/** What the lock says of a digest that was read here. */
const REGISTRY = "the image's registry";

/**
 * Asks each image's registry for the digest of its tag, all at once, and rewrites the lock where it learnt something; comments and order stay.
 * A locked digest is never replaced: a tag that moved is for a person to judge.
 *
 * @param file the lock to write; made where a project has none yet
 * @param images those to ask for, which may be more than stand in the file: a project's are the platform's too. @default the file's
 * @param today day to note, `YYYY-MM-DD`. @default today in UTC
 * @throws Error listing every fault of the lock with its path
 */
export async function resolveImages(
  file: string,
  images = readImageFile(file),
  today = new Date().toISOString().slice(0, 10),
): Promise<ImageResolution[]> {
  const resolutions = await Promise.all(Object.entries(images).map(([name, image]) => resolve(name, image)));
  const lock = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "images: {}\n");
  const sourceOf = (name: string) => lock.getIn(["images", name, "digestSource"]);
  const learnt = resolutions.filter(
    ({ name, outcome }) =>
      outcome === "resolved" || (outcome === "confirmed" && (sourceOf(name) ?? REGISTRY) !== REGISTRY),
  );
  if (learnt.length === 0) return resolutions;
  for (const { name, digest } of learnt) {
    if (!lock.hasIn(["images", name])) lock.setIn(["images", name], lock.createNode({ ...images[name] }));
    lock.setIn(["images", name, "digest"], digest);
    lock.setIn(["images", name, "digestSource"], REGISTRY);
    lock.setIn(["images", name, "date"], today);
  }
  writeFileSync(`${file}.new`, lock.toString({ lineWidth: 0 }));
  renameSync(`${file}.new`, file);
  return resolutions;
}

async function resolve(name: string, { repository, tag, digest }: Image): Promise<ImageResolution> {
  const about = { name, image: `${repository}:${tag}`, digest };
  try {
    const served = await digestOf(repository, tag);
    if (digest === "unresolved") return { ...about, digest: served, outcome: "resolved" };
    if (digest === served) return { ...about, outcome: "confirmed" };
    const message =
      `${about.image}: the lock has ${digest}, the registry has ${served}: the tag was moved, or the lock was wrong. ` +
      "Find out which; to take the registry's, set digest to unresolved and digestSource to none, and resolve again";
    return { ...about, outcome: "differs", message };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { ...about, outcome: "unknown", message: error.message };
  }
}
