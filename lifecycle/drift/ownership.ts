/**
 * Who owns which field of a live object, as its API server keeps it in `metadata.managedFields`: whoever changes a field by
 * another name takes it away from its owner. So a field that is still ours is as we wrote it, however it is spelt by now.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
import { FIELD_MANAGER } from "../../components/placed-objects";
import { type FieldPath, type Fields, isFields, isSame, parseStep } from "./field-path";

/** Who wrote a field, and how. */
export interface Owner {
  /** Its name, such as `kubectl-edit` or `kube-controller-manager`. */
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  /** `scale`, `status`; absent where the object itself was written. */
  readonly subresource?: string;
  /** When it last changed what it owns, RFC 3339. */
  readonly time?: string;
}

/** `fieldsV1`: names of steps, `.` for the place itself, `{}` for a field with all below it. */
type OwnedFields = { readonly [step: string]: OwnedFields };

/** One entry of `metadata.managedFields`. */
interface ManagedFields extends Owner {
  readonly fieldsV1?: OwnedFields;
}

/** An object, as far as it is read here. */
interface Owned {
  readonly metadata: Fields;
}

/** An owner, and what it owns from a place on; `all` below a field that is owned whole. */
interface Part {
  readonly owner: Owner;
  readonly fields: OwnedFields | "all";
}

export const isOurs = ({ manager, subresource }: Owner) => manager === FIELD_MANAGER && subresource === undefined;

/** `kube-controller-manager/scale`; without a subresource only the name. */
export const nameOfOwner = ({ manager, subresource }: Owner) =>
  subresource === undefined ? manager : `${manager}/${subresource}`;

/** Owners of a place of an object and of what is below it. */
export class Ownership {
  private constructor(private readonly parts: readonly Part[]) {}

  /** Of a whole object. */
  static of(object: Owned): Ownership {
    return new Ownership(entriesOf(object).map((entry) => ({ owner: ownerOf(entry), fields: entry.fieldsV1 ?? {} })));
  }

  /** One step down, by its name in `fieldsV1`. */
  below(raw: string): Ownership {
    const isMerged = this.parts.some(({ fields }) => hasInner(fields));
    const parts = this.parts.flatMap(({ owner, fields }): Part[] => {
      // an empty map that is merged covers nothing that others put there
      if (fields === "all" || isWhole(fields)) return isMerged ? [] : [{ owner, fields: "all" }];
      const inner = fields[raw];
      return inner === undefined ? [] : [{ owner, fields: inner }];
    });
    return new Ownership(parts);
  }

  /** Further down. */
  along(path: FieldPath): Ownership {
    return path.reduce<Ownership>((place, step) => {
      if ("field" in step) return place.below(`f:${step.field}`);
      // the fields of a key have no order
      return place.below(place.items.find((raw) => isSame(parseStep(raw), step)) ?? "nobody's");
    }, this);
  }

  /** Who owns the place itself, latest first; an owner of a part of it is not among them. */
  get owners(): Owner[] {
    return latestFirst(this.parts.filter(({ fields }) => fields === "all" || isWhole(fields) || "." in fields));
  }

  /** Who owns the place or anything below it, latest first. */
  get ownersWithin(): Owner[] {
    return latestFirst(this.parts);
  }

  get isOurs(): boolean {
    return this.owners.some(isOurs);
  }

  /** Whether the place has one owner with all below it, as a scalar, and as lists and maps that are never merged. */
  get isWhole(): boolean {
    const parts = this.parts.map(({ fields }) => fields);
    return !parts.some(hasInner) && parts.some((fields) => fields === "all" || isWhole(fields));
  }

  /** Names in `fieldsV1` of the items of a list that have an identity; none of other places. */
  get items(): string[] {
    return [...new Set(this.parts.flatMap(({ fields }) => (fields === "all" ? [] : Object.keys(fields))))].filter(
      (raw) => raw.startsWith("k:") || raw.startsWith("v:"),
    );
  }
}

/** A field, and one who owns it. */
export interface OwnedField {
  readonly owner: Owner;
  readonly path: FieldPath;
}

/** What others own of an object and we do not, every field by itself. What was observed, `status`, is left out: nobody declares it. */
export function ownedByOthers(object: Owned): OwnedField[] {
  const ownership = Ownership.of(object);
  return entriesOf(object)
    .filter((entry) => !isOurs(entry) && entry.subresource !== "status")
    .flatMap((entry) =>
      leaves(entry.fieldsV1 ?? {})
        .filter((raws) => !raws.reduce((place, raw) => place.below(raw), ownership).isOurs)
        .map((raws) => ({ owner: ownerOf(entry), path: raws.flatMap((raw) => parseStep(raw) ?? []) })),
    );
}

function leaves(fields: OwnedFields, above: readonly string[] = []): (readonly string[])[] {
  return Object.entries(fields).flatMap(([raw, inner]) => {
    if (raw === ".") return [];
    return hasInner(inner) ? leaves(inner, [...above, raw]) : [[...above, raw]];
  });
}

const isWhole = (fields: OwnedFields) => Object.keys(fields).length === 0;

const hasInner = (fields: OwnedFields | "all") => fields !== "all" && Object.keys(fields).some((raw) => raw !== ".");

const latestFirst = (parts: readonly Part[]) =>
  parts.map(({ owner }) => owner).sort((a, b) => (b.time ?? "").localeCompare(a.time ?? ""));

const ownerOf = ({ manager, operation, subresource, time }: ManagedFields): Owner => ({
  ...{ manager, operation },
  ...(subresource ? { subresource } : {}),
  ...(time ? { time } : {}),
});

function entriesOf(object: Owned): readonly ManagedFields[] {
  const entries = object.metadata.managedFields;
  const isEntry = (entry: unknown): entry is ManagedFields & Fields =>
    isFields(entry) && typeof entry.manager === "string";
  return Array.isArray(entries) ? entries.filter(isEntry) : [];
}
