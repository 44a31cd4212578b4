/** What a preview says, as machines read it: the document `Preview`. */

/** What is done to an object. `refused`: it is asked for, and would not come to be. */
export type Operation = "create" | "update" | "replace" | "delete" | "import" | "refused" | "unchanged";

/** An object of a cluster, or a resource of a cloud. */
export interface ObjectName {
  /** Name in the environment; absent for what belongs to no cluster. */
  readonly cluster?: string;
  /** `apps/v1`; of a resource of a cloud its package, such as `aws`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** `""` for what has none. */
  readonly namespace: string;
  readonly name: string;
}

/** A field that changes. */
export interface ChangedField {
  /** From the object's root: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  readonly change: "add" | "update" | "delete";
  /** Whether it cannot be changed in place, so that the object is replaced. */
  readonly replaces?: true;
  /** Texts, numbers and truth values only, cut to 80 characters; never of a Secret, and never what the engine holds for secret. */
  readonly from?: string;
  readonly to?: string;
}

/** Who refuses an object, and in which words. */
export interface Refusal {
  /** `policy`: a rule of level deny; `admission`: the API server itself. */
  readonly by: "policy" | "admission";
  /** The rule's id, where it is one. */
  readonly id?: string;
  readonly message: string;
}

/** One object that the change touches. */
export interface Change extends ObjectName {
  readonly component?: string;
  readonly operation: Operation;
  /** What is asked for, where the operation is `refused`; absent where the engine stopped before it knew. */
  readonly asked?: Exclude<Operation, "refused">;
  readonly fields: readonly ChangedField[];
  /** What a person notices, one sentence each: pods that end, data that go, addresses that change. */
  readonly interrupts: readonly string[];
  readonly refusals: readonly Refusal[];
  /** Paths whose values are not known before `up`. */
  readonly unknown: readonly string[];
  /** Why it is no news, and is counted instead of shown. */
  readonly hidden?: string;
  /** The engine's name of it. */
  readonly urn: string;
}

/** What was found of one object by one policy. */
export interface PolicyVerdict {
  /** A rule's id; `rules` where nothing could be judged. */
  readonly id: string;
  readonly verdict: "deny" | "undetermined";
  readonly refuses: boolean;
  /** Absent where the whole stack is meant. */
  readonly resource?: ObjectName;
  readonly message: string;
}

/** Objects of a cluster by what is done to them. */
export type Counts = Readonly<Record<Operation, number>>;

/** What one cluster of a stack gets. */
export interface ClusterPreview {
  readonly cluster: string;
  readonly counts: Counts;
  /** Whether its API server answered. */
  readonly reached: boolean;
  /** What the API server was asked about, by a dry run. */
  readonly admission: {
    readonly asked: number;
    readonly refused: number;
    readonly notAsked: readonly NotAsked[];
  };
}

/** Objects that the API server was not asked about, for one reason. */
export interface NotAsked {
  readonly reason: string;
  readonly objects: number;
  /** Whether it could not be otherwise: of what is not there yet nobody can ask. */
  readonly isExpected: boolean;
}

/** A tenant whose namespaces, or whose objects elsewhere, a change touches. */
export interface TenantTouched {
  readonly tenant: string;
  readonly team: string;
  readonly cluster: string;
  readonly changes: number;
  /** How many of them are replaced or deleted. */
  readonly destructive: number;
}

/** What is exempt, as the policy pack counted it. */
export interface ExemptionReport {
  readonly inForce: number;
  /** Violations that would be there without exemptions. */
  readonly exempted: number;
  /** Sentences of those that end soon. */
  readonly ending: readonly string[];
  /** Sentences of those that exempt nothing. */
  readonly unused: readonly string[];
}

/** What was left out of sight. */
export interface Noise {
  readonly changes: number;
  readonly fields: number;
  /** Number by reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** One stack. */
export interface StackPreview {
  readonly stack: string;
  readonly environment: string;
  /** Line that does the same in a shell. */
  readonly command: string;
  /** `failed`: the engine could not come to an end, and `error` says why; what is listed is what it got to. */
  readonly outcome: "previewed" | "failed";
  readonly error?: string;
  readonly seconds: number;
  readonly clusters: readonly ClusterPreview[];
  readonly counts: Counts;
  readonly changes: readonly Change[];
  readonly tenants: readonly TenantTouched[];
  readonly policies: readonly PolicyVerdict[];
  readonly exemptions: ExemptionReport;
  /** What could not be known, one sentence each. */
  readonly notKnown: readonly string[];
  /** What the program has to say, one sentence each. */
  readonly notes: readonly string[];
  readonly noise: Noise;
}

/** All stacks of a change. */
export interface PreviewReport {
  /** `name` of Pulumi.yaml. */
  readonly project: string;
  readonly stacks: readonly StackPreview[];
  readonly summary: {
    readonly stacks: number;
    readonly failed: number;
    readonly clusters: number;
    readonly unreached: number;
    readonly counts: Counts;
    /** Verdicts and answers of API servers that refuse. */
    readonly refused: number;
    /** What could not be judged and refuses for that. */
    readonly undetermined: number;
    readonly interrupts: number;
    readonly tenants: readonly string[];
    readonly hidden: number;
  };
}

export const NO_COUNTS: Counts = {
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  import: 0,
  refused: 0,
  unchanged: 0,
};

/** Operations in the order in which a reader wants them: what destroys first. */
export const OPERATIONS: readonly Operation[] = [
  "refused",
  "delete",
  "replace",
  "update",
  "create",
  "import",
  "unchanged",
];

/** `Deployment shop/checkout`. */
export const spelt = ({ kind, namespace, name }: Pick<ObjectName, "kind" | "namespace" | "name">): string =>
  `${kind} ${[namespace, name].filter((part) => part !== "").join("/")}`;

/** What counts as a change: all that is not unchanged, and is news. */
export const isChange = ({ hidden, operation }: Pick<Change, "hidden" | "operation">): boolean =>
  operation !== "unchanged" && hidden === undefined;

/** Sum of some counts. */
export function addCounts(some: readonly Counts[]): Counts {
  const sum = { ...NO_COUNTS };
  for (const counts of some) for (const operation of OPERATIONS) sum[operation] += counts[operation];
  return sum;
}
