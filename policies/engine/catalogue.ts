/**
 * The compiled rules: what each is, and its decision. Read once per process, and only when it is what was compiled.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Exemption } from "../exemption";
import { ownPoliciesFolder, policiesPath } from "../folder";
import { compiledOwnRules, requireOwnNames } from "../own-rules";
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

/** An object that many rules may be asked about. */
export interface Review {
  /**
   * The violations of one rule, in the order of their paths.
   *
   * @throws WasmError when the rule cannot be evaluated
   */
  violations(rule: Rule, parameters: unknown): Violation[];

  /**
   * What {@link violations} leaves out because an exemption of the parameters covers it, in the order of the paths.
   *
   * @throws WasmError when the rule cannot be evaluated
   */
  exempted(rule: Rule, parameters: RuleSettings["parameters"]): Exempted[];
}

/** Every compiled rule, ready to be asked. */
export class Catalogue {
  /** Those of the package first, then a team's own. */
  readonly rules: readonly Rule[];
  readonly #policy: WasmPolicy;

  /**
   * @param root `policies/` of these rules
   * @param others catalogues whose rules are known as well; each is its own module
   */
  constructor(
    rules: readonly Rule[],
    wasm: Uint8Array<ArrayBuffer>,
    private readonly root = policiesPath(),
    private readonly others: readonly Catalogue[] = [],
  ) {
    this.rules = [...rules, ...others.flatMap((other) => other.rules)];
    this.#policy = new WasmPolicy(wasm);
  }

  /** `policies/` that holds a rule: its folder and its template are below it. */
  folderOf(rule: Rule): string {
    return this.#otherOf(rule)?.root ?? this.root;
  }

  #otherOf(rule: Rule): Catalogue | undefined {
    return this.others.find(({ rules }) => rules.some(({ id }) => id === rule.id));
  }

  /** The object is read once, whatever the number of rules: it may be a definition of a megabyte. */
  review(object: unknown): Review {
    const loaded = this.#policy.load({ review: { object } });
    const elsewhere = new Map(this.others.map((other) => [other, other.review(object)]));
    const asked = (rule: Rule, entrypoint: string, parameters: unknown): RegoViolation[] => {
      const found = loaded.evaluate(entrypoint, { parameters });
      if (Array.isArray(found)) return found;
      throw new Error(`${rule.id}: the rule answered ${typeof found}, not a set of violations`);
    };
    const elsewhereOf = (rule: Rule) => {
      const other = this.#otherOf(rule);
      return other && elsewhere.get(other);
    };
    return {
      violations: (rule, parameters) =>
        elsewhereOf(rule)?.violations(rule, parameters) ??
        asked(rule, rule.entrypoint, parameters)
          .map((violation) => readViolation(rule, violation))
          .sort(byPath),
      exempted: (rule, parameters) => {
        const { exemptions = [] } = parameters;
        if (exemptions.length === 0) return [];
        return (
          elsewhereOf(rule)?.exempted(rule, parameters) ??
          asked(rule, exemptedEntrypoint(rule), parameters)
            .map((violation) => readExempted(rule, violation, exemptions))
            .sort(byPath)
        );
      },
    };
  }

  /** The violations of one rule by an object that no other rule is asked about. */
  violations(rule: Rule, object: unknown, parameters: unknown): Violation[] {
    return this.review(object).violations(rule, parameters);
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

/**
 * @param others catalogues whose rules are known as well
 * @throws Error when a compiled file is not the one that the manifest lists
 */
export function readCatalogue(folder = policiesPath("compiled"), others: readonly Catalogue[] = []): Catalogue {
  const manifest: Manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8"));
  const compiled = (name: string) => {
    const bytes = readFileSync(`${folder}/${name}`);
    if (sha256(bytes) !== manifest.compiled[name]) {
      throw new Error(
        `policies/compiled/${name} is not what its manifest lists: run "npm run rules", or "fleetwright policy compile" in a project of your own`,
      );
    }
    return bytes;
  };
  const rules: Rule[] = JSON.parse(compiled("rules.json").toString("utf8"));
  return new Catalogue(rules, new Uint8Array(compiled("policy.wasm")), dirname(folder), others);
}

let loaded: Catalogue | undefined;

/**
 * The catalogue of this package, and what the project that this runs in has beside it.
 *
 * @throws OwnRulesError when the project's own rules cannot be used
 */
export function catalogue(): Catalogue {
  loaded ??= readAll();
  return loaded;
}

function readAll(): Catalogue {
  const policies = ownPoliciesFolder();
  const compiled = policies && compiledOwnRules(policies);
  if (!compiled) return readCatalogue();
  const own = readCatalogue(compiled);
  requireOwnNames(own.rules, readCatalogue().rules);
  return readCatalogue(policiesPath("compiled"), [own]);
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
