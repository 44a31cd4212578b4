/** All that can be said of one object of an environment: what decides it, who makes it, what the rules say, who may exempt it. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { keyOf } from "../components/kube-object";
import { proofLevels } from "../components/proof-levels";
import { printPath } from "../policies/engine/path";
import type { Environment } from "./environment";
import type { ExemptionEntry } from "./exemption-schema";
import { EXEMPTIONS_FILE } from "./exemptions";
import { type AskedObject, findObject } from "./object-search";
import { type ImageSource, imageSources, type UpstreamSource, upstreamSource } from "./object-sources";
import { exemptionFor, type ObjectVerdicts, ownerOf, verdictsOn } from "./object-verdicts";
import { provenanceOf } from "./provenance";
import { KeptParts } from "./provenance/kept-parts";
import { VariantRender } from "./provenance/variant-render";
import { renderedObjects } from "./render";
import { TeamFile } from "./team-file";

/** A value of a file that decides something of the object. */
export interface ExplainedDecision {
  /** `tenants.shop.team`; empty for the file's own name. */
  readonly path: string;
  readonly file: string;
  /** From 1; absent for what is not set. */
  readonly line?: number;
  /** What stands there; of what is not set, the default. */
  readonly value: unknown;
  readonly isSet: boolean;
  readonly fields: readonly string[];
  readonly existence: boolean;
  readonly tried: readonly unknown[];
  readonly holds: boolean;
}

export interface ObjectExplanation extends ObjectVerdicts {
  readonly environment: string;
  readonly cluster: string;
  readonly resource: { apiVersion: string; kind: string; namespace: string; name: string };
  /** The other clusters that have it, and whether it is the same there. */
  readonly elsewhere: readonly { readonly cluster: string; readonly isSame: boolean }[];
  readonly component: { readonly name: string; readonly source: string; readonly page?: string };
  readonly decisions: readonly ExplainedDecision[];
  /** How many settings of the file were tried. */
  readonly tried: number;
  readonly unknown: readonly { readonly path: string; readonly reason: string }[];
  readonly upstream?: UpstreamSource;
  readonly images: readonly ImageSource[];
  readonly exemption: {
    readonly file: string;
    /** Team that answers for the object, and would for an exemption. */
    readonly owner: string;
    /** For each rule that denies the object, what to add to the file. */
    readonly entries: readonly ExemptionEntry[];
  };
}

export interface ExplainOptions {
  /** @default the first that has the object */
  readonly cluster?: string | undefined;
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Explains an object; the upstream manifests must be cached.
 *
 * @throws ObjectSearchError when nothing, or more than one object, is meant
 */
export async function explainObject(
  environment: Environment,
  asked: AskedObject,
  { cluster, progress }: ExplainOptions,
): Promise<ObjectExplanation> {
  const kept = new Map(Object.keys(environment.clusters).map((name) => [name, new KeptParts()]));
  const all = renderedObjects(
    environment,
    cluster === undefined ? undefined : [cluster],
    (name) => kept.get(name)?.keep,
  );
  const [found, ...others] = findObject(all, asked);
  const { component, object } = found;
  const content = new TeamFile(readFileSync(resolve(environment.root, environment.file), "utf8"));
  const about = { cluster: found.cluster, component, key: keyOf(object) };
  const render = new VariantRender(environment, about, kept.get(found.cluster));
  const options = { render, ...(progress ? { progress } : {}) };
  const { decisions, tried, unknown } = await provenanceOf(environment, content.raw, about, options);
  const upstream = upstreamSource(environment, render);
  const verdicts = verdictsOn(environment, found, all);
  const owner = ownerOf(environment, found, all);
  return {
    environment: environment.name,
    cluster: found.cluster,
    resource: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace: object.metadata.namespace ?? "",
      name: object.metadata.name,
    },
    elsewhere: others.map((one) => ({ cluster: one.cluster, isSame: isDeepStrictEqual(one.object, object) })),
    component: whoMakes(component, environment),
    decisions: decisions.map(({ path, ...decision }) => {
      const line = decision.isSet && path.length > 0 ? content.lineOf(path) : undefined;
      return { path: printPath(path), file: environment.file, ...(line === undefined ? {} : { line }), ...decision };
    }),
    tried,
    unknown: unknown.map(({ path, reason }) => ({ path: printPath(path), reason })),
    ...(upstream ? { upstream } : {}),
    images: imageSources(environment, object),
    ...verdicts,
    exemption: {
      file: EXEMPTIONS_FILE,
      owner,
      entries: denials(verdicts).map((denial) => exemptionFor(environment, found, denial, owner)),
    },
  };
}

function whoMakes(name: string, { root }: Environment): ObjectExplanation["component"] {
  if (name in proofLevels()) return { name, source: `components/${name}.ts`, page: `docs/components/${name}.md` };
  const source = [`components/${name}.js`, `components/${name}.cjs`].find((file) => existsSync(join(root, file)));
  return { name, source: source ?? `components/${name}` };
}

/** Each rule that denies the object, with the fields that it denies. */
function denials({ verdicts }: ObjectVerdicts): { id: string; paths: string[] }[] {
  const denied = verdicts.filter(({ verdict }) => verdict === "deny");
  return [...new Set(denied.map(({ id }) => id))].map((id) => ({
    id,
    paths: [...new Set(denied.filter((one) => one.id === id).map(({ path }) => path))].filter((path) => path !== ""),
  }));
}
