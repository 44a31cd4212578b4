/** L4: `opa eval` with the same Rego. It is nobody's gate, and so a witness of what the Rego itself says. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { writeSources } from "../../policies/compile/opa";
import type { Violation } from "../../policies/engine/catalogue";
import { matches } from "../../policies/engine/match";
import { policiesPath } from "../../policies/folder";
import { packageOf, type Rule } from "../../policies/rule";
import { type Answer, denialOf, errorOf } from "./answer";
import { type Lane, onlyForPreviews } from "./lane";
import type { Question } from "./question";

/** What a rule says of an object, as the Rego has it. */
interface RegoViolation {
  readonly msg: string;
  readonly details: { readonly path: string };
}

export class WitnessLane implements Lane {
  readonly name = "witness";
  readonly program = "opa eval";

  /**
   * @param opa the program
   * @param root the folder that holds `lib/` and `rules/`
   */
  constructor(
    private readonly opa: string,
    private readonly root = policiesPath(),
  ) {}

  excluded(question: Question): string | undefined {
    return onlyForPreviews(question);
  }

  async ask(questions: readonly Question[]): Promise<Answer[]> {
    if (questions.length === 0) return [];
    const folder = mkdtempSync(join(tmpdir(), "fleetwright-witness-"));
    try {
      const rules = [...new Set(questions.map(({ setting }) => setting.rule))];
      const asking = join(folder, "ask.rego");
      writeFileSync(asking, moduleFor(rules));
      const sources = [asking, ...writeSources(folder, this.root, rules).map((path) => join(folder, path))];
      return await this.evaluate(sources, questions);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async stop(): Promise<void> {}

  /** One run for all; where it fails, halves, until it is known which questions have no answer. */
  private async evaluate(sources: readonly string[], questions: readonly Question[]): Promise<Answer[]> {
    const input = questions.map(({ setting: { rule, parameters }, object }) => ({ rule: rule.id, object, parameters }));
    const words = ["eval", "--format=json", "--stdin-input", ...sources.flatMap((path) => ["--data", path])];
    const run = await execa(this.opa, [...words, "data.conformance.answers"], {
      input: JSON.stringify(input),
      maxBuffer: 1 << 30,
      reject: false,
    });
    if (!run.failed) {
      const { result } = JSON.parse(run.stdout);
      const found: readonly (readonly [number, readonly RegoViolation[]])[] = result[0].expressions[0].value;
      const byIndex = new Map(found);
      return questions.map((question, index) => answerOf(question, byIndex.get(index)));
    }
    if (questions.length === 1) return [errorOf(run.stdout || run.stderr)];
    const middle = Math.ceil(questions.length / 2);
    return [
      ...(await this.evaluate(sources, questions.slice(0, middle))),
      ...(await this.evaluate(sources, questions.slice(middle))),
    ];
  }
}

/** Each rule by its id, for an input of its own. */
function moduleFor(rules: readonly Rule[]): string {
  return [
    "package conformance",
    ...rules.map(
      ({ id, name }) =>
        `answer("${id}", asked) := found if found := data.${packageOf(name)}.violation with input as asked`,
    ),
    "answers := [[index, answer(one.rule, asked)] |",
    "  some index, one in input",
    '  asked := {"review": {"object": one.object}, "parameters": one.parameters}',
    "]",
    "",
  ].join("\n");
}

/** A kind that the rule does not match is none of its business: Gatekeeper and the pack keep it away. */
function answerOf({ setting: { rule }, object }: Question, found: readonly RegoViolation[] | undefined): Answer {
  if (!matches(rule, object.apiVersion, object.kind)) return denialOf([]);
  if (!found) return errorOf("the rule has no answer");
  return denialOf(found.map(({ msg, details }): Violation => ({ message: msg, path: details.path })));
}
