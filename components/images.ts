/** The images that the platform runs, as `images.lock.yaml` pins them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { packageRoot } from "./package-root";
import { shapeSentence } from "./shape-sentence";

/** A digest as the OCI image specification writes it; registries offer nothing but SHA-256. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

const Image = z
  .strictObject({
    /** Registry and path, such as `quay.io/jetstack/cert-manager-controller`; Docker Hub is `docker.io`. */
    repository: z
      .string()
      .regex(
        /^([a-z0-9-]+(\.[a-z0-9-]+)+|localhost)(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/,
        "must be a registry and a path, such as docker.io/openpolicyagent/gatekeeper",
      ),
    /** Tag as the OCI distribution specification allows it, at most 128 characters. Never `latest`: it names no version. */
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "must be an image tag, such as v1.21.2")
      .refine((tag) => tag !== "latest", "must name a version; latest moves"),
    /** Digest of the image index, or `unresolved` until it was read from a source that can be named. */
    digest: z.string().regex(/^(unresolved|sha256:[0-9a-f]{64})$/, "must be unresolved, or sha256: and 64 hex digits"),
    /** Where the digest was read; `none` while it is unresolved. */
    digestSource: z.string().min(1),
    /** Day when it was read, `YYYY-MM-DD`. */
    date: z.iso.date("must be a day, such as 2026-11-21"),
  })
  .refine(({ digest, digestSource }) => (digest === "unresolved") === (digestSource === "none"), {
    path: ["digestSource"],
    message: "must be none while the digest is unresolved, and must name a source once it is not",
  });

const Lock = z.strictObject({
  images: z.record(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens"), Image),
});

/** One pinned image. */
export type Image = z.output<typeof Image>;

/** One wrong place of an image lock. */
export interface ImageLockFault {
  /** `images.till.tag`; empty for the whole file. */
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
}

/** An image lock that cannot be used. The message lists every fault. */
export class ImageLockError extends Error {
  override readonly name = "ImageLockError";
  constructor(
    file: string,
    readonly faults: readonly ImageLockFault[],
  ) {
    const count = `${faults.length} ${faults.length === 1 ? "fault" : "faults"}`;
    super(
      [`${file}: ${count}, nothing was changed.`, ...faults.map((fault) => `  ${file}  ${said(fault)}`)].join("\n"),
    );
  }
}

function said({ path, value, message }: ImageLockFault): string {
  if (path === "") return message;
  return value === undefined ? `${path}: ${message}` : `${path} is ${JSON.stringify(value)?.slice(0, 80)}: ${message}`;
}

/** The image lock of the platform, or of a project that has images or digests of its own. */
export const imageLockFile = (root = packageRoot()) => join(root, "images.lock.yaml");

/**
 * Every pinned image by name: the platform's, in the order of the lock, then the project's own.
 *
 * What a project's lock says of an image of the platform holds for its digest, as long as repository and tag are the
 * platform's: after an upgrade it speaks of another image.
 *
 * @param project folder of a team's own repository. @default the platform's
 * @throws ImageLockError listing every fault of a file with its path
 */
export function readImageLock(project = packageRoot()): Readonly<Record<string, Image>> {
  const platform = readImageFile(imageLockFile());
  const file = imageLockFile(project);
  if (project === packageRoot() || !existsSync(file)) return platform;
  const own = Object.entries(readImageFile(file)).filter(([name, image]) => isSame(image, platform[name] ?? image));
  return { ...platform, ...Object.fromEntries(own) };
}

const isSame = (a: Image, b: Image) => a.repository === b.repository && a.tag === b.tag;

/**
 * The images of one file, in its order.
 *
 * @throws ImageLockError listing every fault of the file with its path
 */
export function readImageFile(file: string): Readonly<Record<string, Image>> {
  const text = readFileSync(file, "utf8");
  const known = parsedFiles.get(text);
  if (known) return known;
  const document = parseDocument(text, { logLevel: "error" });
  if (document.errors.length > 0) {
    const notYaml = document.errors.map(({ message }) => `not YAML: ${message.split("\n")[0]?.replace(/:$/, "")}`);
    throw new ImageLockError(
      file,
      notYaml.map((message) => ({ path: "", value: undefined, message })),
    );
  }
  const raw: unknown = document.toJS();
  const parsed = Lock.safeParse(raw);
  if (!parsed.success)
    throw new ImageLockError(
      file,
      parsed.error.issues.flatMap((issue) => faultsOf(issue, raw)),
    );
  parsedFiles.set(text, parsed.data.images);
  return parsed.data.images;
}

function faultsOf(issue: z.core.$ZodIssue, raw: unknown): ImageLockFault[] {
  const at = (path: readonly PropertyKey[]) =>
    path.reduce<unknown>((value, key) => (Object(value) === value ? Reflect.get(Object(value), key) : undefined), raw);
  if (issue.code === "unrecognized_keys") {
    const { path } = issue;
    const fields = path.length === 0 ? "images alone" : Object.keys(Image.shape).join(", ");
    return issue.keys.map((key) => ({
      path: [...path, key].join("."),
      value: at([...path, key]),
      message: `no such field: there is ${fields}`,
    }));
  }
  const value = at(issue.path);
  const message = shapeSentence(issue, value === undefined);
  // what is wrong is how it is called, and not what stands there
  return [{ path: issue.path.join("."), value: issue.code === "invalid_key" ? issue.path.at(-1) : value, message }];
}

/** By their text: every cluster asks for them. */
const parsedFiles = new Map<string, Readonly<Record<string, Image>>>();

/**
 * The image as a container names it: `<repository>:<tag>@<digest>`, or `<repository>:<tag>` while the digest is unresolved.
 *
 * @param name of the image in the lock
 * @param registryMirror registry with optional path that takes the place of the image's own: `<mirror>/<repository path>`. @default none
 * @throws Error naming the images there are, when this is none of them
 */
export function imageRef(
  name: string,
  { registryMirror }: { readonly registryMirror?: string } = {},
  images = readImageLock(),
): string {
  const image = images[name];
  if (!image) throw new Error(`"${name}" is not in images.lock.yaml, which has ${Object.keys(images).join(", ")}`);
  const { tag, digest } = image;
  const place = repositoryOf(image, registryMirror);
  return digest === "unresolved" ? `${place}:${tag}` : `${place}:${tag}@${digest}`;
}

/** The repository from which an image is pulled: its own, or its place in a mirror, `<mirror>/<repository path>`. */
export function repositoryOf({ repository }: Pick<Image, "repository">, registryMirror?: string): string {
  const path = repository.slice(repository.indexOf("/") + 1);
  return registryMirror === undefined ? repository : `${registryMirror}/${path}`;
}
