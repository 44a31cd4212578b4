/** Objects that tell the API server of kinds, or have a controller tell it. */
import type { ApiKind } from "./api-kinds";
import { pluralOf } from "./api-kinds";
import { at, fieldsOf, listOf, textOf, textsOf } from "./field";
import type { SetObject } from "./set-object";

/** A kind, and the object that defines it. */
export interface Definition {
  readonly by: SetObject;
  readonly group: string;
  readonly kind: string;
  readonly apiKind: ApiKind | undefined;
  /** Versions that may be written; undefined where the object does not say. */
  readonly served: readonly string[] | undefined;
  /** The version in which objects are kept; all others are converted. */
  readonly storage: string | undefined;
}

const DEFINERS = new Set([
  "apiextensions.k8s.io/CustomResourceDefinition",
  "templates.gatekeeper.sh/ConstraintTemplate",
  "apiextensions.crossplane.io/CompositeResourceDefinition",
  "kro.run/ResourceGraphDefinition",
]);

/** Whether an object may define kinds. */
export const isDefiner = ({ group, kind }: Pick<SetObject, "group" | "kind">): boolean =>
  DEFINERS.has(`${group}/${kind}`);

/** What an object defines; nothing for most. */
export function definedKinds(by: SetObject): Definition[] {
  const { object } = by;
  switch (`${by.group}/${by.kind}`) {
    case "apiextensions.k8s.io/CustomResourceDefinition":
      return [ofCustomResources(by)];
    case "templates.gatekeeper.sh/ConstraintTemplate":
      return made(by, "constraints.gatekeeper.sh", at(object, "spec", "crd", "spec", "names", "kind"), false);
    case "apiextensions.crossplane.io/CompositeResourceDefinition": {
      const group = textOf(at(object, "spec", "group")) ?? "";
      const served = servedVersions(object.spec);
      return [
        ...made(by, group, at(object, "spec", "names", "kind"), undefined, served),
        ...made(by, group, at(object, "spec", "claimNames", "kind"), true, served),
      ];
    }
    case "kro.run/ResourceGraphDefinition": {
      const group = textOf(at(object, "spec", "schema", "group")) ?? "kro.run";
      return made(by, group, at(object, "spec", "schema", "kind"), undefined);
    }
    default:
      return [];
  }
}

function ofCustomResources(by: SetObject): Definition {
  const { spec } = by.object;
  const group = textOf(at(spec, "group")) ?? "";
  const kind = textOf(at(spec, "names", "kind")) ?? "";
  const resource = textOf(at(spec, "names", "plural")) ?? pluralOf(kind);
  const versions = versionsOf(spec);
  const [only] = textsOf([at(spec, "version")]);
  return {
    by,
    group,
    kind,
    apiKind: { group, kind, resource, isNamespaced: at(spec, "scope") !== "Cluster" },
    served: servedVersions(spec) ?? (only === undefined ? undefined : [only]),
    storage: versions.length > 0 ? textOf(versions.find(({ storage }) => storage === true)?.name) : only,
  };
}

const versionsOf = (spec: unknown) => listOf(at(spec, "versions")).map(fieldsOf);

/** Undefined where no versions are listed. */
function servedVersions(spec: unknown): string[] | undefined {
  const versions = versionsOf(spec);
  if (versions.length === 0) return undefined;
  return versions.filter(({ served }) => served !== false).flatMap(({ name }) => textOf(name) ?? []);
}

/** A kind whose definition a controller makes. */
function made(
  by: SetObject,
  group: string,
  name: unknown,
  isNamespaced: boolean | undefined,
  served?: Definition["served"],
): Definition[] {
  const kind = textOf(name);
  if (kind === undefined) return [];
  const apiKind = isNamespaced === undefined ? undefined : { group, kind, resource: pluralOf(kind), isNamespaced };
  return [{ by, group, kind, apiKind, served, storage: undefined }];
}
