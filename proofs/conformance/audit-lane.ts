/** L3: `gator test`, which reviews objects as Gatekeeper's audit does: without a request, by what exists. */
import { execa } from "execa";
import { type AdmissionObject, admissionObjects } from "../../policies/admission";
import { catalogue } from "../../policies/engine/catalogue";
import type { Level, RuleSettings } from "../../policies/parameters";
import { type Answer, denialOf, errorOf } from "./answer";
import { each } from "./at-once";
import { type Lane, onlyForPreviews, withoutConstraint } from "./lane";
import type { Question, Setting } from "./question";

/** The objects that make Gatekeeper judge by a rule as it is set. */
export interface Gate {
  readonly template: AdmissionObject;
  /** Called like the setting. */
  readonly constraint: AdmissionObject;
}

interface GatorResult {
  readonly msg: string;
  readonly metadata: { readonly details: { readonly path: string } };
  readonly constraint: { readonly metadata: { readonly name: string } };
  readonly enforcementAction: Setting["level"];
  readonly violatingObject: unknown;
}

/** Programs at once: as many as the smallest machine has cores. */
const AT_ONCE = 2;

/** What the platform itself gives to Gatekeeper for a setting, but for the constraint's name. */
export function gateOf({ name, rule, level, parameters }: Setting): Gate {
  const off: RuleSettings = { level: "off", parameters: {} };
  const rules = Object.fromEntries(catalogue().rules.map(({ id }): [string, RuleSettings] => [id, off]));
  const set: { level: Level; parameters: RuleSettings["parameters"] } = { level, parameters };
  const clusters = { [name]: { environment: "conformance", rules: { ...rules, [rule.id]: set } } };
  const { templates, constraints } = admissionObjects({ clusters }, name, { excludedNamespaces: [] });
  const [template, constraint] = [templates[0], constraints[0]];
  if (!template || !constraint) throw new Error(`${rule.id} has no constraint`);
  return { template, constraint: { ...constraint, metadata: { ...constraint.metadata, name } } };
}

export class AuditLane implements Lane {
  readonly name = "audit";
  readonly program = "gator test";

  /**
   * @param gator the program
   * @param gate what stands in for the platform's own objects. @default those objects
   */
  constructor(
    private readonly gator: string,
    private readonly gate: (setting: Setting) => Gate | undefined = gateOf,
  ) {}

  excluded(question: Question): string | undefined {
    return onlyForPreviews(question) ?? withoutConstraint(question);
  }

  /** One run per rule, since every object meets every constraint of a run. */
  async ask(questions: readonly Question[]): Promise<Answer[]> {
    const answers = new Map<Question, Answer>();
    const rules = [...new Set(questions.map(({ setting }) => setting.rule.id))];
    const work = rules.map((id) => questions.filter(({ setting }) => setting.rule.id === id));
    await each(work, AT_ONCE, async (ofRule) => {
      (await this.review(ofRule)).forEach((answer, index) => {
        const question = ofRule[index];
        if (question) answers.set(question, answer);
      });
    });
    return questions.map((question) => answers.get(question) ?? errorOf("gator was not asked"));
  }

  async stop(): Promise<void> {}

  private async review(questions: readonly Question[]): Promise<Answer[]> {
    const gates = [...new Set(questions.map(({ setting }) => setting))].flatMap((setting) => this.gate(setting) ?? []);
    const templates = new Map(gates.map(({ template }) => [template.metadata.name, template]));
    const objects = new Map(questions.map(({ object }) => [canonical(object), object]));
    const all = [...templates.values(), ...gates.map(({ constraint }) => constraint), ...objects.values()];
    const run = await execa(this.gator, ["test", "--output=json"], {
      input: all.map((object) => JSON.stringify(object)).join("\n---\n"),
      maxBuffer: 1 << 30,
      reject: false,
    });
    // it ends with 1 for a violation and for an error alike, and warns of objects that are called the same
    if (run.stdout !== "") return answersOf(questions, JSON.parse(run.stdout) ?? []);
    if (questions.length === 1) return [errorOf(run.stderr)];
    const middle = Math.ceil(questions.length / 2);
    return [...(await this.review(questions.slice(0, middle))), ...(await this.review(questions.slice(middle)))];
  }
}

function answersOf(questions: readonly Question[], results: readonly GatorResult[]): Answer[] {
  const found = new Map<string, GatorResult[]>();
  for (const result of results) {
    const key = `${result.constraint.metadata.name} ${canonical(result.violatingObject)}`;
    const ofKey = found.get(key) ?? [];
    found.set(key, ofKey);
    ofKey.push(result);
  }
  return questions.map(({ setting, object }) => {
    const own = found.get(`${setting.name} ${canonical(object)}`) ?? [];
    return denialOf(
      own.map(({ msg, metadata }) => ({ message: msg, path: metadata.details.path })),
      own[0]?.enforcementAction,
    );
  });
}

/** The object as JSON whose keys are sorted: gator gives back what it read, in an order of its own. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
