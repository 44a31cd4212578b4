/**
 * Resources that a rule must see together: a namespace with its NetworkPolicies, a bucket with what is said of it elsewhere.
 * The one that is judged gets the others as lists under `joined`.
 */
import type { Join, MatchedKind } from "../rule";
import type { Subject } from "./judge";
import { groupOf } from "./match";
import { type Path, valueAt } from "./path";

/** A resource, and where it stands among the others. */
export interface Joinable extends Subject {
  /** Unique among all that are joined: a URN. */
  readonly id: string;
  /** What names are unique in: one cluster. */
  readonly scope: string;
  /** By property, the ids of the resources whose outputs it was made of. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

interface JoinedKinds {
  readonly whole: MatchedKind;
  /** Where the whole keeps its name. */
  readonly name: Path;
  readonly part: MatchedKind;
  /** Where a part names its whole. */
  readonly reference: Path;
  /** The property of the part that this belongs to. */
  readonly property: string;
}

const BUCKET: MatchedKind = { group: "s3.aws.pulumi.com", kind: "Bucket" };

const ofBucket = (kind: string): JoinedKinds => ({
  whole: BUCKET,
  name: ["spec", "bucket"],
  part: { group: BUCKET.group, kind },
  reference: ["spec", "bucket"],
  property: "bucket",
});

const JOINS: Readonly<Record<Join, JoinedKinds>> = {
  networkPolicies: {
    whole: { group: "", kind: "Namespace" },
    name: ["metadata", "name"],
    part: { group: "networking.k8s.io", kind: "NetworkPolicy" },
    reference: ["metadata", "namespace"],
    property: "metadata",
  },
  publicAccessBlocks: ofBucket("BucketPublicAccessBlock"),
  encryptionConfigurations: ofBucket("BucketServerSideEncryptionConfiguration"),
  versionings: ofBucket("BucketVersioning"),
};

const isOf = ({ group, kind }: MatchedKind, apiVersion: string, ofKind: string) =>
  groupOf(apiVersion) === group && ofKind === kind;

/** Whether a kind is a part of something that rules see together, or the whole. */
export function isJoined(apiVersion: string, kind: string): boolean {
  return Object.values(JOINS).some(({ part, whole }) => isOf(part, apiVersion, kind) || isOf(whole, apiVersion, kind));
}

/** The wholes among resources, each with its parts; what else there is, is left out. */
export function joinAll(resources: readonly Joinable[]): { readonly id: string; readonly subject: Subject }[] {
  const joins = Object.keys(JOINS) as Join[];
  return resources.flatMap((one) => {
    const { apiVersion, kind } = one.object;
    const own = joins.filter((join) => isOf(JOINS[join].whole, apiVersion, kind));
    return own.length === 0 ? [] : [{ id: one.id, subject: withParts(one, own, resources) }];
  });
}

function withParts(whole: Joinable, joins: readonly Join[], resources: readonly Joinable[]): Subject {
  const lists = joins.map((join) => {
    const parts = resources.filter(({ object }) => isOf(JOINS[join].part, object.apiVersion, object.kind));
    const found = parts.map((part) => ({ part, belongs: belongs(part, whole, JOINS[join], resources) }));
    const kept = found.filter((one) => one.belongs !== "no");
    const objects = kept.map((one) => (one.belongs === "yes" ? one.part.object : null));
    const unknown = kept.flatMap((one, index): Path[] => {
      const place = ["joined", join, index];
      return one.belongs === "yes" ? (one.part.unknown ?? []).map((path) => [...place, ...path]) : [place];
    });
    return { join, objects, unknown };
  });
  return {
    object: { ...whole.object, joined: Object.fromEntries(lists.map(({ join, objects }) => [join, objects])) },
    unknown: [...(whole.unknown ?? []), ...lists.flatMap(({ unknown }) => unknown)],
  };
}

/** By the name that both say; while either is not known yet, by the dependency; `maybe` where that names several, or none. */
function belongs(
  part: Joinable,
  whole: Joinable,
  kinds: JoinedKinds,
  resources: readonly Joinable[],
): "yes" | "no" | "maybe" {
  if (part.scope !== whole.scope) return "no";
  const said = valueAt(part.object, kinds.reference);
  const name = valueAt(whole.object, kinds.name);
  if (said !== undefined && name !== undefined) return said === name ? "yes" : "no";
  if (said === undefined && !isOpen(part, kinds.reference)) return "no";
  const isWhole = ({ object }: Joinable) => isOf(kinds.whole, object.apiVersion, object.kind);
  const sources = part.dependencies[kinds.property] ?? [];
  const wholes = resources.filter((one) => isWhole(one) && sources.includes(one.id));
  if (wholes.length === 0) return "maybe";
  if (!wholes.includes(whole)) return "no";
  return wholes.length === 1 ? "yes" : "maybe";
}

/** Whether the value at a path is not known yet, or stands in one that is not. */
const isOpen = ({ unknown = [] }: Subject, path: Path) =>
  unknown.some((open) => open.every((step, index) => path[index] === step));
