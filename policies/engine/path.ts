/** Field paths: `spec.containers[0].image`, `parameters["csi.storage.k8s.io/fstype"]`. */

export type Path = readonly (string | number)[];

/** @throws Error when the text is no field path */
export function parsePath(text: string): Path {
  const step = /\.?([^.[\]]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/y;
  const path: (string | number)[] = [];
  while (step.lastIndex < text.length) {
    const [, plain, quoted, index] = step.exec(text) ?? [];
    if (index !== undefined) path.push(Number(index));
    else if (plain !== undefined || quoted !== undefined) path.push(plain ?? quoted ?? "");
    else throw new Error(`${text} is not a field path: write spec.containers[0].image`);
  }
  return path;
}

export function printPath(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[\w-]+$/.test(step) ? `.${step}` : `["${step}"]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[step] : undefined),
    root,
  );
}

/** A copy with the value at a path replaced; undefined takes a field away, and leaves null in an array. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(root)) {
    const copy: unknown[] = [...root];
    copy[Number(step)] = withValue(copy[Number(step)], rest, value) ?? null;
    return copy;
  }
  const copy: Record<string, unknown> = { ...(typeof root === "object" ? root : {}) };
  const next = withValue(copy[step], rest, value);
  if (next === undefined) delete copy[step];
  else copy[step] = next;
  return copy;
}
