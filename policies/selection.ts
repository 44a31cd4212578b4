/** Some of the rules, as a person names them: `SC,PS-01,storage`. */

/** What a person names a rule by. */
interface Named {
  readonly id: string;
  readonly name: string;
}

/** A word that names no rule; the message lists what there is. */
export class SelectionError extends Error {
  override readonly name = "SelectionError";

  constructor(
    readonly unknown: readonly string[],
    rules: readonly Named[],
  ) {
    const families = [...new Set(rules.map(familyOf))].join(", ");
    const names = rules.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
    super(
      `no rule is called ${unknown.map((word) => `"${word}"`).join(", ")}: name a family (${families}), an id, or the name ` +
        `of a rule or its first words. There are\n${names}`,
    );
  }
}

const familyOf = ({ id }: Named) => id.slice(0, 2);

/**
 * The rules that a list names, in their order, each once.
 *
 * @param list families (`SC`), ids (`PS-01`), names (`image-tag`) and first words of names (`storage`), with commas
 * between them; capitals do not count
 * @throws SelectionError naming each word that stands for none
 */
export function selectRules<Rule extends Named>(list: string, rules: readonly Rule[]): Rule[] {
  const words = list.split(",").map((word) => word.trim().toLowerCase());
  const named = words.map((word) => ({ word, found: rules.filter((rule) => isNamed(rule, word)) }));
  const unknown = named.filter(({ found }) => found.length === 0).map(({ word }) => word);
  if (unknown.length > 0) throw new SelectionError(unknown, rules);
  const selected = new Set(named.flatMap(({ found }) => found));
  return rules.filter((rule) => selected.has(rule));
}

const isNamed = (rule: Named, word: string) =>
  word === familyOf(rule).toLowerCase() ||
  word === rule.id.toLowerCase() ||
  word === rule.name ||
  (word !== "" && rule.name.startsWith(`${word}-`));
