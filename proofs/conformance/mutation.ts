/** Whether the cases of the rules notice when a rule is changed: the mutation score. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { packageOf } from "../../policies/rule";
import { each } from "./at-once";
import type { Mutant } from "./mutant";
import type { Question } from "./question";
import type { Renamed, SourceTree } from "./source-tree";

export type Fate =
  /** A case comes to another verdict, or to other paths, or to none at all. */
  | "killed"
  /** No case notices. */
  | "survived"
  /** Only the words of messages differ, which no case speaks of. */
  | "reworded"
  /** It does not compile. */
  | "stillborn";

/** By question: `verdict|paths`, and the messages. */
type Verdicts = ReadonlyMap<number, readonly [decision: string, messages: string]>;

interface RegoViolation {
  readonly msg?: unknown;
  readonly details?: { readonly path?: unknown };
}

/** Mutants that one run of OPA compiles side by side, each in packages of its own. */
const BATCH = 40;
/** Programs at once. */
const AT_ONCE = 2;

/** Runs mutants against authored cases by `opa eval`. */
export class Mutation {
  constructor(
    private readonly opa: string,
    private readonly sources: SourceTree,
    /** Authored, of objects that are known whole. */
    private readonly questions: readonly Question[],
  ) {}

  /**
   * The fate of each mutant, in their order.
   *
   * @param said told how many are done
   */
  async fates(mutants: readonly Mutant[], said: (done: number) => void = () => {}): Promise<Fate[]> {
    const truth = await this.truth();
    const fates: Fate[] = new Array(mutants.length).fill("stillborn");
    const starts = Array.from({ length: Math.ceil(mutants.length / BATCH) }, (_, index) => index * BATCH);
    let done = 0;
    await each(starts, AT_ONCE, async (start) => {
      const batch = mutants.slice(start, start + BATCH).map((mutant, index): Variant => {
        const name = `m${start + index}`;
        return { name, ...this.sources.renamed(name, mutant) };
      });
      const alive = await this.compiled(batch);
      const found = await this.verdicts(alive);
      for (const { name, rules } of alive) {
        const asked = rules.reduce((sum, { id }) => sum + this.inputsOf(id).length, 0);
        fates[Number(name.slice(1))] = fateOf(truth, found.get(name), asked);
      }
      done += batch.length;
      said(done);
    });
    return fates;
  }

  /** Whether a mutant denies with other messages than the rules do, so that who is refused would notice. */
  async isTold(mutant: Mutant): Promise<boolean> {
    const found = (await this.verdicts([{ name: "m0", ...this.sources.renamed("m0", mutant) }])).get("m0");
    const truth = await this.truth();
    return found !== undefined && [...found].some(([index, [, messages]]) => truth.get(index)?.[1] !== messages);
  }

  /** What the rules themselves say. */
  private async truth(): Promise<Verdicts> {
    const own = { name: "original", rules: this.sources.rules, files: new Map<string, string>() };
    const truth = (await this.verdicts([own])).get("original");
    if (!truth) throw new Error("the rules themselves have no verdicts");
    return truth;
  }

  /** Those that compile. OPA stops at the first stage of its compiler that finds faults, so it is asked again. */
  private async compiled(batch: readonly Variant[]): Promise<readonly Variant[]> {
    if (batch.length === 0) return [];
    const { failed, stderr, stdout } = await this.inFolder(batch, (folder) =>
      execa(this.opa, ["check", "--format=json", "--max-errors=0", folder], { reject: false }),
    );
    if (!failed) return batch;
    const said = `${stdout}${stderr}`;
    const faulty = new Set([...said.matchAll(/\/(m\d+)\/(?:lib|rules)\//g)].map(([, name]) => name));
    const left = batch.filter(({ name }) => !faulty.has(name));
    if (left.length === batch.length) throw new Error(`opa check: ${said}`);
    return this.compiled(left);
  }

  /** Of each variant; one that cannot be evaluated has none. */
  private async verdicts(variants: readonly Variant[]): Promise<Map<string, Verdicts>> {
    if (variants.length === 0) return new Map();
    const reached = new Set(variants.flatMap(({ rules }) => rules.map(({ id }) => id)));
    const input = Object.fromEntries([...reached].map((id) => [id, this.inputsOf(id)]));
    const run = await this.inFolder(variants, (folder) =>
      execa(this.opa, ["eval", "--format=json", "--stdin-input", "--data", folder, "data.mutation"], {
        input: JSON.stringify(input),
        maxBuffer: 1 << 30,
        reject: false,
      }),
    );
    if (!run.failed) return read(JSON.parse(run.stdout).result[0].expressions[0].value);
    if (variants.length === 1) return new Map();
    const middle = Math.ceil(variants.length / 2);
    const first = await this.verdicts(variants.slice(0, middle));
    return new Map([...first, ...(await this.verdicts(variants.slice(middle)))]);
  }

  /** What a rule is asked: the number of each question, and its input. */
  private inputsOf(id: string): [number, object][] {
    return this.questions.flatMap(({ setting: { rule, parameters }, object }, index): [number, object][] =>
      rule.id === id ? [[index, { review: { object }, parameters }]] : [],
    );
  }

  private async inFolder<T>(variants: readonly Variant[], work: (folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "fleetwright-mutants-"));
    try {
      const write = (path: string, text: string) => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      };
      for (const [path, text] of this.sources.texts) write(path, text);
      for (const { name, files } of variants) for (const [path, text] of files) write(join(name, path), text);
      write("ask.rego", ["package mutation", ...variants.map(asking), ""].join("\n"));
      return await work(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

/** A rule for each rule that the variant reaches, with the answers to its questions. */
function asking({ name, rules, files }: Variant): string {
  const prefix = files.size > 0 ? `${name}.` : "";
  return rules
    .map((rule) => {
      const decision = `data.${prefix}${packageOf(rule.name)}.violation`;
      return `${name} contains [one[0], found] if { some one in input["${rule.id}"]; found := ${decision} with input as one[1] }`;
    })
    .join("\n");
}

/** The rules themselves, or what a mutant reaches of them, under a name of its own. */
interface Variant extends Renamed {
  readonly name: string;
}

function read(value: Readonly<Record<string, readonly (readonly [number, readonly RegoViolation[]])[]>>) {
  return new Map(
    Object.entries(value).map(([name, answers]): [string, Verdicts] => [
      name,
      new Map(
        answers.map(([index, found]) => {
          const paths = found.map(({ details }) => String(details?.path)).sort();
          const messages = found.map(({ msg }) => String(msg)).sort();
          return [index, [paths.join("\n"), messages.join("\n")]];
        }),
      ),
    ]),
  );
}

/** @param asked how many questions it was asked: one without any answer is one that has lost its decision */
function fateOf(truth: Verdicts, found: Verdicts | undefined, asked: number): Fate {
  if (!found || found.size < asked) return "killed";
  const answers = [...found].map(([index, [decision, messages]]) => {
    const [decided, said] = truth.get(index) ?? [];
    return decided !== decision ? "killed" : said !== messages ? "reworded" : "survived";
  });
  if (answers.includes("killed")) return "killed";
  return answers.includes("reworded") ? "reworded" : "survived";
}
