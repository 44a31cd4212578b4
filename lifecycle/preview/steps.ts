/** From the engine's events to what is planned for each resource: the steps of a replacement are one, whatever their order. */
import {
  type DiagnosticEvent,
  type EngineEvent,
  type PolicyEvent,
  type PropertyDiff,
  plainMessage,
  type ResourceState,
  type StepMetadata,
} from "../engine-event";

/** What the engine plans for one resource. */
export interface PlannedResource {
  readonly urn: string;
  /** Pulumi type token. */
  readonly type: string;
  readonly operation: "create" | "update" | "replace" | "delete" | "import" | "unchanged";
  readonly old?: ResourceState;
  readonly new?: ResourceState;
  /** Properties that force a replacement. */
  readonly keys: readonly string[];
  readonly detailedDiff: Readonly<Record<string, PropertyDiff>>;
  /** `<urn>::<id>` of its provider. */
  readonly provider: string;
  /** Whether the provider could not even preview it. */
  readonly failed: boolean;
  /** What the engine says of that. */
  readonly failure?: string;
}

/** What a run of the engine came to. */
export interface PlannedRun {
  readonly resources: readonly PlannedResource[];
  /** Policies' findings, each once. */
  readonly findings: readonly PolicyEvent[];
  /** Errors and warnings. */
  readonly diagnostics: readonly Pick<DiagnosticEvent, "message" | "severity" | "urn">[];
  /** Whether the run came to an end of its own. */
  readonly ended: boolean;
  /** Whether a policy pack judged: its name stands in the summary, or it said something of a resource. */
  readonly judged: boolean;
}

const REPLACING = new Set(["replace", "create-replacement", "delete-replaced", "import-replacement"]);
const PASSED_OVER = new Set(["read", "read-replacement", "read-discard", "refresh", "discard-replaced"]);

/** Takes events in, one after another, and gives what they come to. */
export class PlannedSteps {
  readonly #resources = new Map<string, PlannedResource>();
  readonly #findings = new Map<string, PolicyEvent>();
  readonly #diagnostics = new Map<string, PlannedRun["diagnostics"][number]>();
  #ended = false;
  #judged = false;

  take(event: EngineEvent): void {
    if (event.resourcePreEvent) this.#step(event.resourcePreEvent.metadata);
    // what a provider made of it says nothing that was not planned, but that it failed does
    if (event.resOpFailedEvent) this.#step(event.resOpFailedEvent.metadata, true);
    if (event.policyEvent) {
      const { message, policyName, resourceUrn } = event.policyEvent;
      this.#judged = true;
      this.#findings.set(JSON.stringify([resourceUrn, policyName, message]), event.policyEvent);
    }
    if (event.policyAnalyzeSummaryEvent) this.#judged = true;
    if (event.diagnosticEvent) this.#diagnostic(event.diagnosticEvent);
    if (event.summaryEvent) {
      this.#ended = true;
      this.#judged ||= Object.keys(event.summaryEvent.PolicyPacks ?? {}).length > 0;
    }
  }

  /** How many resources were looked at so far. */
  get count(): number {
    return this.#resources.size;
  }

  get run(): PlannedRun {
    const failures = new Map(
      [...this.#diagnostics.values()].flatMap(({ message, severity, urn }) =>
        urn && severity === "error" ? [[urn, message] as const] : [],
      ),
    );
    return {
      resources: [...this.#resources.values()].map((resource) => {
        const failure = failures.get(resource.urn);
        return failure === undefined ? resource : { ...resource, failed: true, failure };
      }),
      findings: [...this.#findings.values()],
      diagnostics: [...this.#diagnostics.values()],
      ended: this.#ended,
      judged: this.#judged,
    };
  }

  #diagnostic({ ephemeral, message, prefix = "", severity, urn }: DiagnosticEvent): void {
    if (ephemeral || (severity !== "error" && severity !== "warning")) return;
    const said = plainMessage(`${prefix}${message}`).replace(/^(error|warning): /, "");
    if (said === "") return;
    this.#diagnostics.set(JSON.stringify([urn, severity, said]), { severity, message: said, ...(urn ? { urn } : {}) });
  }

  #step(step: StepMetadata, failed = false): void {
    const { detailedDiff, keys, op, provider, type, urn } = step;
    if (PASSED_OVER.has(op)) return;
    const before = this.#resources.get(urn);
    // the deletion of what an earlier replacement left behind is no news of the resource itself
    if (op === "delete" && before && before.operation !== "unchanged") return;
    const operation = operationOf(op, before?.operation);
    const [old, next] = [step.old ?? before?.old, op === "delete-replaced" ? before?.new : (step.new ?? before?.new)];
    this.#resources.set(urn, {
      urn,
      type,
      operation,
      ...(old ? { old } : {}),
      ...(next ? { new: next } : {}),
      keys: [...new Set([...(before?.keys ?? []), ...(keys ?? [])])],
      detailedDiff: { ...before?.detailedDiff, ...detailedDiff },
      provider: provider || (next ?? old)?.provider || before?.provider || "",
      failed: failed || (before?.failed ?? false),
    });
  }
}

function operationOf(op: string, before: PlannedResource["operation"] | undefined): PlannedResource["operation"] {
  if (REPLACING.has(op) || before === "replace") return "replace";
  if (op === "create" || op === "update" || op === "delete" || op === "import") return op;
  return before ?? "unchanged";
}
