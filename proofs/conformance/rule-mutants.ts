/** The mutants of all rules and libraries. */
import { join } from "node:path";
import { each } from "./at-once";
import type { Chance } from "./chance";
import { type Mutant, mutantsOf } from "./mutant";
import { parseRego } from "./rego-syntax";
import type { SourceTree } from "./source-tree";

/** Programs at once. */
const AT_ONCE = 4;

/** Every mutant, file by file. */
export async function ruleMutants(opa: string, { root, written }: SourceTree): Promise<Mutant[]> {
  const found = new Map<string, Mutant[]>();
  await each(written, AT_ONCE, async ([path, text]) => {
    found.set(path, mutantsOf(await parseRego(opa, root, join(root, path), text)));
  });
  return written.flatMap(([path]) => (found.get(path) ?? []).map((mutant) => ({ ...mutant, file: path })));
}

/** A share of them by chance, at least one. */
export function someOf(mutants: readonly Mutant[], share: number, chance: Chance): Mutant[] {
  return chance.some(mutants, Math.max(1, Math.round(mutants.length * share)));
}
