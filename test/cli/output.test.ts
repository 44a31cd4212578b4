import { describe, expect, it } from "@jest/globals";
import { formatOf } from "../../cli/output";

describe("the format of an error", () => {
  it.each([
    ["render -o json", "json"],
    ["render -ojson", "json"],
    ["render -oyaml", "yaml"],
    ["render --output yaml", "yaml"],
    ["render --output=json", "json"],
    ["render --json", "json"],
    ["render -otable", "table"],
    ["render -o", "table"],
    ["render", "table"],
    ["json", "table"],
    ["yaml --out json", "table"],
  ])("is the one that the words ask for, however it is spelt: %s is %s", (words, format) => {
    expect(formatOf(words.split(" "))).toBe(format);
  });
});
