/**
 * The compiled rules: what each is, and its decision. Read once per process, and only when it is what was compiled.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Exemption } from "../exemption";
import { policiesPath } from "../folder";
import type { RuleSettings } from "../parameters";
import { exemptedEntrypoint, type Rule } from "../rule";
import { WasmPolicy } from "./wasm";

/** `compiled/manifest.json`. */
export interface Manifest {
  /** Version of OPA that compiled the rules. */
  readonly opa: string;
  /** By path below `policies/`, sha256 in hex: what was compiled. */
  readonly sources: Readonly<Record<string, string>>;
  /** By path below `policies/compiled/`, sha256 in hex: what came out. */
  readonly compiled: Readonly<Record<string, string>>;
  readonly entrypoints: readonly string[];
}

/** One violation as a rule reports it. */
export interface Violation {
  /** Starts with the path. */
  readonly message: string;
  /** Field path inside the object: `spec.containers[0].image`. */
  readonly path: string;
}

/** A violation that is none, by agreement. */
export interface Exempted extends Violation {
  /** The first that covers it. */
  readonly exemption: Exemption;
}

/** Every compiled rule, ready to be asked. */
export class Catalogue {
  readonly #policy: WasmPolicy;

  constructor(
    readonly rules: readonly Rule[],
    wasm: Uint8Array<ArrayBuffer>,
  ) {
    this.#policy = new WasmPolicy(wasm);
  }

  /**
   * The violations of one rule by one object, in the order of their paths.
   *
   * @throws WasmError when the rule cannot be evaluated
   */
  violations(rule: Rule, object: unknown, parameters: unknown): Violation[] {
    const found = this.#policy.evaluate(rule.entrypoint, { review: { object }, parameters });
    if (!Array.isArray(found))
      throw new Error(`${rule.id}: the rule answered ${typeof found}, not a set of violations`);
    return found.map((violation) => readViolation(rule, violation)).sort(byPath);
  }

  /**
   * What {@link violations} leaves out because an exemption of the parameters covers it, in the order of the paths.
   *
   * @throws WasmError when the rule cannot be evaluated
   */
  exempted(rule: Rule, object: unknown, parameters: RuleSettings["parameters"]): Exempted[] {
    const { exemptions = [] } = parameters;
    if (exemptions.length === 0) return [];
    const found = this.#policy.evaluate(exemptedEntrypoint(rule), { review: { object }, parameters });
    if (!Array.isArray(found))
      throw new Error(`${rule.id}: the rule answered ${typeof found}, not a set of exempted violations`);
    return found.map((violation) => readExempted(rule, violation, exemptions)).sort(byPath);
  }

  /** @throws Error listing the ids that there are */
  rule(id: string): Rule {
    const rule = this.rules.find((candidate) => candidate.id === id);
    if (!rule) throw new Error(`no rule ${id}: there are ${this.rules.map((known) => known.id).join(", ")}`);
    return rule;
  }
}

/** As Rego gives it. */
interface RegoViolation {
  readonly msg?: unknown;
  readonly details?: { readonly path?: unknown };
  readonly exemption?: unknown;
}

function readViolation(rule: Rule, violation: RegoViolation): Violation {
  const { msg, details } = violation;
  if (typeof msg === "string" && typeof details?.path === "string") return { message: msg, path: details.path };
  throw new Error(`${rule.id}: a violation needs "msg" and "details.path"`);
}

function readExempted(rule: Rule, violation: RegoViolation, exemptions: readonly Exemption[]): Exempted {
  const exemption = exemptions[Number(violation.exemption)];
  if (exemption) return { ...readViolation(rule, violation), exemption };
  throw new Error(`${rule.id}: an exempted violation names exemption ${violation.exemption} of ${exemptions.length}`);
}

const byPath = (a: Violation, b: Violation) => a.path.localeCompare(b.path, "en", { numeric: true });

/** @throws Error when a compiled file is not the one that the manifest lists */
export function readCatalogue(folder = policiesPath("compiled")): Catalogue {
  const manifest: Manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8"));
  const compiled = (name: string) => {
    const bytes = readFileSync(`${folder}/${name}`);
    if (sha256(bytes) !== manifest.compiled[name]) {
      throw new Error(`policies/compiled/${name} is not what its manifest lists: run "npm run rules"`);
    }
    return bytes;
  };
  return new Catalogue(JSON.parse(compiled("rules.json").toString("utf8")), new Uint8Array(compiled("policy.wasm")));
}

let loaded: Catalogue | undefined;

/** The catalogue of this package. */
export function catalogue(): Catalogue {
  loaded ??= readCatalogue();
  return loaded;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
