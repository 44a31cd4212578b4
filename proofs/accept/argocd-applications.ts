/** The Applications that an ApplicationSet with one list stands for: its template with the values of each element. */
import { parse, stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";

interface Spec {
  readonly generators: readonly {
    readonly list: { readonly elements: readonly Readonly<Record<string, string>>[] };
  }[];
  readonly template: object;
  readonly templatePatch?: string;
}

/** @throws Error when a template names a value that an element has not */
export function applicationsOf({ apiVersion, metadata, spec }: KubeObject): KubeObject[] {
  const { generators, template, templatePatch = "{}" } = spec as Spec;
  return generators.flatMap(({ list }) =>
    list.elements.map((element) => {
      const filled = (text: string) =>
        parse(
          text.replaceAll(/\{\{ \.(\w+) \}\}/g, (_, key: string) => {
            const value = element[key];
            if (value === undefined) throw new Error(`ApplicationSet ${metadata.name}: an element has no ${key}`);
            return value;
          }),
        );
      const merged = mergedWith(filled(stringify(template, { lineWidth: 0 })), filled(templatePatch));
      const own = { namespace: metadata.namespace, ...(merged.metadata as { readonly name: string }) };
      return { apiVersion, kind: "Application", ...merged, metadata: own };
    }),
  );
}

type Map = Readonly<Record<string, unknown>>;

/** As a merge patch: maps are merged, anything else is replaced. */
function mergedWith(document: Map, patch: Map): Map {
  const isMap = (value: unknown): value is Map => typeof value === "object" && value !== null && !Array.isArray(value);
  const changed = Object.entries(patch).map(([key, value]) => {
    const before = document[key];
    return [key, isMap(before) && isMap(value) ? mergedWith(before, value) : value];
  });
  return { ...document, ...Object.fromEntries(changed) };
}
