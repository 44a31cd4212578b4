/** What a schema finds wrong with a value, as a sentence: what is wrong, and what would be right. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Types as people call them; of a schema's own words one is left as it is. */
const NOUNS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a map of fields",
  record: "a map by name",
  string: "a text",
};

/**
 * The sentence of one issue. What a schema's author wrote is kept; what zod writes by itself is put into our words.
 *
 * @param isMissing whether nothing stands there
 */
export function shapeSentence(issue: Issue, isMissing: boolean): string {
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => message).join("; ");
  if (!isZodsOwn(issue.message)) return issue.message;
  return isMissing ? `is missing: ${bound(issue)}` : bound(issue);
}

/** `Invalid input: expected string, received undefined`, `Too small: expected array to have >=1 items`. */
const isZodsOwn = (message: string) =>
  /^(Invalid (input|option|discriminator value)\b|Too (small|big): )/.test(message);

function bound(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${NOUNS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${choice(issue.values)}`;
    case "too_small":
      return `must ${verb(issue.origin)} at least ${issue.minimum}${unit(issue)}`;
    case "too_big":
      return `must ${verb(issue.origin)} at most ${issue.maximum}${unit(issue)}`;
    case "invalid_union":
      return issue.message.replace(
        /^Invalid discriminator value\. Expected (.*)$/,
        (_, values: string) => `must be ${choice(values.split(" | ").map((value) => value.replace(/^'|'$/g, "")))}`,
      );
    default:
      return lowerFirst(issue.message);
  }
}

const verb = (origin: string) => (origin === "string" || origin === "array" ? "have" : "be");

function unit({ minimum, maximum, origin }: { minimum?: unknown; maximum?: unknown; origin: string }): string {
  const s = (minimum ?? maximum) === 1 ? "" : "s";
  return origin === "string" ? ` character${s}` : origin === "array" ? ` item${s}` : "";
}

function choice(values: readonly unknown[]): string {
  const said = values.map(String);
  return said.length < 2 ? said.join("") : `${said.slice(0, -1).join(", ")} or ${said.at(-1)}`;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
