/**
 * Rules that must see resources together. The engine shows resources one by one, and at the end the whole stack: then what
 * was kept of them is joined and judged, and what each cluster gets is judged as a set.
 *
 * What a resource was given is kept from when it was shown by itself. The end shows what it came out as, in which a preview
 * cannot tell what was left out from what the cloud will fill in. Only the end says what each property was made of.
 */
import { catalogue } from "../engine/catalogue";
import { isJoined, type Joinable, joinAll } from "../engine/joins";
import { type AnyObject, isList } from "../engine/match";
import { PartialSet } from "../graph/partial-set";
import { cloudObject } from "./cloud";
import { type JudgedType, judgedType } from "./judged-type";
import {
  asViolation,
  clusterIdentifier,
  type PackResource,
  type PackViolation,
  type RulesPolicy,
  subjects,
} from "./policy";
import { type Received, received } from "./values";

/** A resource of the whole stack. */
export interface StackEntry {
  readonly urn: string;
  /** By property, the URNs of the resources whose outputs it was made of. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

export interface StackViolation extends PackViolation {
  readonly urn: string;
}

interface Seen {
  readonly type: JudgedType;
  readonly properties: Received;
  /** Identifier of its cluster. */
  readonly cluster: string | undefined;
  readonly isJoined: boolean;
}

/** Whether resources of a type are kept: whatever a cluster gets, and what a cloud's rules see together. Patches are not. */
export function isSeenTogether(token: string): boolean {
  const type = judgedType(token);
  if (!type || type.isPatch) return false;
  return !type.isOfCloud || isPartOrWhole(token);
}

/** Whether rules join resources of a type: parts of something, or what has parts. */
export function isPartOrWhole(token: string): boolean {
  const { apiVersion = "", kind = "" } = judgedType(token) ?? {};
  return isJoined(apiVersion, kind) || kind === "List" || (isList(kind) && isJoined(apiVersion, kind.slice(0, -4)));
}

/** What the engine has shown of one run. */
export class SeenResources {
  readonly #seen = new Map<string, Seen>();

  see(urn: string, { type: token, properties, provider }: PackResource): void {
    const type = judgedType(token);
    if (!type || !isSeenTogether(token)) return;
    const cluster = clusterIdentifier(provider);
    this.#seen.set(urn, { type, properties: received(properties), cluster, isJoined: isPartOrWhole(token) });
  }

  /**
   * Whose rules nobody knows was refused when it was shown, and is passed over here.
   *
   * @param stack what there is in the end
   */
  violations(stack: readonly StackEntry[], policy: RulesPolicy): StackViolation[] {
    const known = stack.flatMap((entry) => {
      const seen = this.#seen.get(entry.urn);
      return seen ? [{ entry, seen }] : [];
    });
    return [...this.#joined(known, policy), ...this.#sets(known, policy)];
  }

  /** A namespace with its policies, a bucket with what further resources say of it. */
  #joined(known: readonly Known[], policy: RulesPolicy): StackViolation[] {
    const parts = known.filter(({ seen }) => seen.isJoined);
    const secrets = parts.flatMap(({ seen }) => seen.properties.secrets);
    const joining = catalogue().rules.filter(({ joins }) => joins !== undefined);
    const all = parts.flatMap(({ entry, seen }) => joinables(entry, seen));
    return joinAll(all).flatMap(({ id, subject }) => {
      const [urn = ""] = id.split(BETWEEN);
      const seen = this.#seen.get(urn);
      const rules = seen && policy.rulesFor(seen.type, seen.cluster);
      if (!rules || "refused" in rules) return [];
      const results = policy.judged(subject, rules, seen.cluster, joining);
      return results.flatMap((result) => asViolation(result, rules, secrets)).map((one) => ({ ...one, urn }));
    });
  }

  /** All that the stack registers for a cluster. It may get more: from other stacks, by hand, from its own controllers. */
  #sets(known: readonly Known[], policy: RulesPolicy): StackViolation[] {
    const ofClusters = known.filter(({ seen }) => !seen.type.isOfCloud);
    const clusters = new Set(ofClusters.map(({ seen }) => seen.cluster));
    return [...clusters].flatMap((cluster) => {
      const own = ofClusters.filter(({ seen }) => seen.cluster === cluster);
      const [first] = own;
      const rules = first && policy.rulesFor(first.seen.type, cluster);
      if (!rules || "refused" in rules) return [];
      const urns = new Map<AnyObject, string>();
      const all = own.flatMap(({ entry, seen }) => {
        const objects = subjects(seen.type, seen.properties);
        for (const { object } of objects) urns.set(object, entry.urn);
        return objects;
      });
      // no rule over sets reads what a Secret holds, and a word of it may stand in the open elsewhere
      const secrets = own.flatMap(({ seen }) => (seen.type.kind === "Secret" ? [] : seen.properties.secrets));
      return policy.judgedTogether(new PartialSet(all), rules, cluster).flatMap((result) => {
        const urn = urns.get(result.on) ?? "";
        return asViolation(result, rules, secrets).map((one) => ({ ...one, urn }));
      });
    });
  }
}

interface Known {
  readonly entry: StackEntry;
  readonly seen: Seen;
}

/** Between the URN of a list and the place of an object in it; no URN has it. */
const BETWEEN = "\n";

function joinables({ urn, dependencies }: StackEntry, { type, properties, cluster = "" }: Seen): Joinable[] {
  if (type.isOfCloud) {
    const types = Object.entries(dependencies).map(([property, urns]) => [property, urns.map(typeOfUrn)] as const);
    const subject = cloudObject(type, properties, Object.fromEntries(types));
    return [{ ...subject, id: urn, scope: "cloud", dependencies }];
  }
  return subjects(type, properties).map((subject, index) => ({
    ...subject,
    id: index === 0 ? urn : `${urn}${BETWEEN}${index}`,
    scope: cluster,
    dependencies,
  }));
}

/** `urn:pulumi:dev::shop::a:b:C$aws:kms/key:Key::logs` → `aws:kms/key:Key`. */
function typeOfUrn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
