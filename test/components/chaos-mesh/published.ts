/**
 * The published definitions of Chaos Mesh 2.8.3, data for comparison that is no part of the project: looked for in
 * `../shared/upstream/`, beside the checkout or beside the folder of its worktrees. Examples lie in `examples/` there,
 * or where CHAOS_MESH_EXAMPLES says.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { Schema } from "../../../components/chaos-mesh/definitions/schema";
import type { KubeObject } from "../../../components/kube-object";
import { packageRoot } from "../../../components/package-root";

const SET = join("shared", "upstream", "chaos-mesh-2.8.3");

/** The folder, or undefined where it is not on this machine. */
export const published = [join(packageRoot(), "..", SET), join(packageRoot(), "..", "..", SET)].find(existsSync);

/** A definition as the test reads it. */
export interface Definition {
  readonly scope: string;
  readonly names: Readonly<Record<string, string>>;
  readonly version: { readonly name: string; readonly subresources?: { readonly status?: object } };
  readonly schema: Schema;
}

export function definitionOf(crd: KubeObject): Definition {
  const spec = crd.spec as {
    scope: string;
    names: Record<string, string>;
    versions: { name: string; subresources?: { status?: object }; schema: { openAPIV3Schema: Schema } }[];
  };
  const [version] = spec.versions;
  if (!version) throw new Error(`${crd.metadata.name} has no version`);
  return { scope: spec.scope, names: spec.names, version, schema: version.schema.openAPIV3Schema };
}

export function publishedDefinition(plural: string): Definition {
  const read = known.get(plural);
  if (read) return read;
  const file = join(published ?? "", `chaos-mesh.org_${plural}.yaml`);
  const definition = definitionOf(parse(readFileSync(file, "utf8")) as KubeObject);
  known.set(plural, definition);
  return definition;
}

/** The largest have more than a megabyte: each is read once. */
const known = new Map<string, Definition>();

/** Folder of examples, or undefined. */
export const examples = [process.env.CHAOS_MESH_EXAMPLES ?? "", join(published ?? "", "examples")].find(
  (folder) => folder !== "" && existsSync(folder),
);

/** Every object of the examples, with its file. */
export function exampleObjects(): { file: string; object: KubeObject }[] {
  const folder = examples ?? "";
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.ya?ml$/.test(file));
  return files.sort().flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8")).flatMap((document) => {
      const object = document.toJS() as KubeObject | null;
      return object === null ? [] : [{ file, object }];
    }),
  );
}
