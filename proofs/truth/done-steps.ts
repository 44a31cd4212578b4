/** From the events of `up` to what was really done to each object. */
import type { EngineEvent, StepMetadata } from "../../lifecycle/engine-event";
import { isObject, objectName } from "../../lifecycle/preview/object-name";
import type { ObjectName } from "../../lifecycle/preview/report";
import type { Account, Ending } from "./comparison";

const OPERATIONS: Readonly<Record<string, Exclude<Account["done"], "refused" | "none">>> = {
  same: "unchanged",
  create: "create",
  update: "update",
  delete: "delete",
  import: "import",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

/** An object, and what was done to it. */
interface Done {
  readonly name: ObjectName;
  readonly operation: Account["done"];
}

/** Takes the events of one run, and gives what was done by URN. Only what came to its end counts: a step that began may fail. */
export class DoneSteps {
  readonly #done = new Map<string, Done>();
  readonly #refused = new Set<string>();
  readonly #clusters: readonly string[];
  #failure: string | undefined;

  /** @param clusters names in the environment */
  constructor(clusters: readonly string[]) {
    this.#clusters = clusters;
  }

  take({ policyEvent, resOpFailedEvent, resOutputsEvent }: EngineEvent): void {
    if (resOutputsEvent) this.#step(resOutputsEvent.metadata);
    if (resOpFailedEvent) {
      this.#name(resOpFailedEvent.metadata);
      this.#refused.add(resOpFailedEvent.metadata.urn);
    }
    if (policyEvent?.enforcementLevel === "mandatory") this.#refused.add(policyEvent.resourceUrn ?? "");
  }

  /** The engine ended with an error. */
  failed(message: string): void {
    this.#failure = message;
  }

  /** What was done to an object; `none` where the run did not get to it. */
  of(urn: string): Account["done"] {
    return this.#refused.has(urn) ? "refused" : (this.#done.get(urn)?.operation ?? "none");
  }

  /** Every object that the run got to, by URN. */
  get objects(): ReadonlyMap<string, ObjectName> {
    return new Map([...this.#done].map(([urn, { name }]) => [urn, name]));
  }

  get ending(): Ending {
    if (this.#failure === undefined) return "done";
    return this.#refused.size > 0 ? "refused" : "failed";
  }

  /** What the engine said when it failed. */
  get failure(): string | undefined {
    return this.#failure;
  }

  #name(step: StepMetadata): ObjectName | undefined {
    const resource = {
      urn: step.urn,
      type: step.type,
      provider: step.provider || (step.new ?? step.old)?.provider || "",
      ...(step.old ? { old: step.old } : {}),
      ...(step.new ? { new: step.new } : {}),
    };
    if (!isObject({ ...resource, operation: "unchanged", keys: [], detailedDiff: {}, failed: false })) return undefined;
    const name = this.#done.get(step.urn)?.name ?? objectName(resource, this.#clusters);
    if (!this.#done.has(step.urn)) this.#done.set(step.urn, { name, operation: "none" });
    return name;
  }

  #step(step: StepMetadata): void {
    const operation = OPERATIONS[step.op];
    const before = this.#done.get(step.urn)?.operation ?? "none";
    const name = operation && this.#name(step);
    if (!operation || !name) return;
    // the halves of a replacement come in any order, and what an earlier one left behind is deleted after all
    if (before === "replace" || (operation === "delete" && before !== "none" && before !== "unchanged")) return;
    this.#done.set(step.urn, { name, operation });
  }
}
