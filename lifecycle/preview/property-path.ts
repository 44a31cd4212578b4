/** Paths of fields as the engine spells them: `spec.containers[0].image`, `metadata.annotations["example.com/name"]`. */

/** From an object's root to a field. */
export type PropertyPath = readonly (string | number)[];

/** The steps of a path; what cannot be read is one step. */
export function parsePath(text: string): PropertyPath {
  const steps: (string | number)[] = [];
  const pattern = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (pattern.lastIndex < text.length) {
    const [, name, index, quoted] = pattern.exec(text) ?? [text];
    if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, "$1"));
    else if (name !== undefined) steps.push(name);
    else return [text];
  }
  return steps;
}

/** A path as a text, which {@link parsePath} reads. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[^.[\]"]+$/.test(step)) return `["${step.replace(/["\\]/g, "\\$&")}"]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(root: unknown, path: PropertyPath): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    root,
  );
}

/** Whether one path leads to another or below it, or the other way round. */
export const meet = (a: PropertyPath, b: PropertyPath): boolean =>
  a.slice(0, b.length).every((step, index) => step === b[index]);

/** Every path below a root at which a value satisfies a condition; what satisfies it is not looked into. */
export function pathsWhere(root: unknown, holds: (value: unknown) => boolean, at: PropertyPath = []): PropertyPath[] {
  if (holds(root)) return [at];
  if (Array.isArray(root)) return root.flatMap((entry, index) => pathsWhere(entry, holds, [...at, index]));
  if (typeof root !== "object" || root === null) return [];
  return Object.entries(root).flatMap(([key, value]) => pathsWhere(value, holds, [...at, key]));
}
