/**
 * What the engine says while it runs, one event a line: `pulumi preview|up|refresh|destroy --json`, as far as it is read
 * here. Secret values are blinded by the engine; values that a preview does not know are {@link UNKNOWNS}.
 *
 * @see sdk/go/common/apitype/events.go of pulumi 3.259
 */

/** What is done to a resource. A replacement is told in three steps: its deletion, its creation, and the whole as `replace`. */
export type EngineOperation =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "refresh"
  | "read-discard"
  | "discard-replaced"
  | "remove-pending-replace"
  | "import"
  | "import-replacement";

/** How a property differs; `…-replace`: it cannot be changed. */
export interface PropertyDiff {
  readonly diffKind: "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";
  /** Whether inputs differ; else a new input and what the cluster held when it was last read. */
  readonly inputDiff?: boolean;
}

/** A resource before or after a step. */
export interface ResourceState {
  readonly type: string;
  readonly urn: string;
  /** Whether a provider manages it; a component has none. */
  readonly custom?: boolean;
  /** Of a Kubernetes object `namespace/name` or `name`; empty before it is made. */
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** What the program gave it: of a Kubernetes object the object. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** What the provider answered: of a Kubernetes object the live one, and `__inputs`. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** `<urn of the provider>::<id>`. */
  readonly provider?: string;
  readonly initErrors?: readonly string[];
}

/** One step. */
export interface StepMetadata {
  readonly op: EngineOperation;
  readonly urn: string;
  readonly type: string;
  readonly old?: ResourceState | null;
  readonly new?: ResourceState | null;
  /** Properties that force a replacement. */
  readonly keys?: readonly string[] | null;
  /** Properties that differ, at the first level. */
  readonly diffs?: readonly string[] | null;
  /** By path, such as `spec.template.spec.containers[0].image`; null where the provider said nothing of it. */
  readonly detailedDiff?: Readonly<Record<string, PropertyDiff>> | null;
  /** Whether the program asked for it; the two halves of a replacement are not logical. */
  readonly logical?: boolean;
  /** `<urn of the provider>::<id>`. */
  readonly provider?: string;
}

/** A step begins; in a preview: is planned. */
export interface ResourcePreEvent {
  readonly metadata: StepMetadata;
  /** In a preview. */
  readonly planning?: boolean;
}

/** A step is done; its metadata hold what came of it. */
export interface ResOutputsEvent {
  readonly metadata: StepMetadata;
  readonly planning?: boolean;
}

/** A step failed; a {@link DiagnosticEvent} of the same URN says why. */
export interface ResOpFailedEvent {
  readonly metadata: StepMetadata;
  readonly status?: number;
  readonly steps?: number;
}

export interface DiagnosticEvent {
  readonly urn?: string;
  readonly prefix?: string;
  readonly message: string;
  readonly severity: "debug" | "info" | "info#err" | "warning" | "error";
  /** Shown for a moment only, such as what is being waited for. */
  readonly ephemeral?: boolean;
}

/** What a policy found. */
export interface PolicyEvent {
  /** Absent where the whole stack is meant. */
  readonly resourceUrn?: string;
  readonly message: string;
  /** A rule's id; `rules` where nothing could be judged, `exemptions` of what is counted at the end. */
  readonly policyName: string;
  readonly policyPackName: string;
  readonly enforcementLevel: "advisory" | "mandatory" | "remediate" | "disabled" | "warning" | "none";
}

/** What a pack's policies said of one resource, by their names. */
export interface PolicyAnalyzeSummaryEvent {
  readonly resourceUrn: string;
  readonly policyPackName: string;
  readonly passed?: readonly string[] | null;
  readonly failed?: readonly string[] | null;
  readonly disabled?: readonly string[] | null;
  readonly notApplicable?: readonly { readonly policyName: string; readonly reason?: string }[] | null;
}

/** The end of a run that came to one. */
export interface SummaryEvent {
  readonly durationSeconds: number;
  /** Number of resources by operation. */
  readonly resourceChanges: Readonly<Record<string, number>>;
  readonly isPreview?: boolean;
  readonly maybeCorrupt?: boolean;
  /** Versions of the policy packs that judged, by name. */
  readonly PolicyPacks?: Readonly<Record<string, string>> | null;
}

/** Exactly one of the events is there; those that nobody reads here are none of them. */
export interface EngineEvent {
  readonly sequence: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly resourcePreEvent?: ResourcePreEvent;
  readonly resOutputsEvent?: ResOutputsEvent;
  readonly resOpFailedEvent?: ResOpFailedEvent;
  readonly diagnosticEvent?: DiagnosticEvent;
  readonly policyEvent?: PolicyEvent;
  readonly policyAnalyzeSummaryEvent?: PolicyAnalyzeSummaryEvent;
  readonly summaryEvent?: SummaryEvent;
}

/** What stands for a value that a preview does not know yet, one for each type that it may come to have. */
export const UNKNOWNS: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The key whose value says that an object is more than an object. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value is a secret, which the engine has blinded. */
export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;

/** A line of the stream. Lines that are no event, such as what a program prints, are undefined. */
export function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const event = JSON.parse(line) as Partial<EngineEvent>;
    return Object.keys(event).some((key) => key.endsWith("Event")) ? (event as EngineEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** A message as a person reads it: without the marks that the engine colours by. */
export const plainMessage = (message: string): string =>
  message
    .replace(/<\{%[^%]*%\}>/g, "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one
    .replace(/\u001b\[[\d;]*[A-Za-z]/g, "")
    .trim();
