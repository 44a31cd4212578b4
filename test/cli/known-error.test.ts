import { describe, expect, it } from "@jest/globals";
import { asCliError, lastWords } from "../../cli/known-error";
import { EnvironmentError } from "../../stacks/environment";

describe("an error that ends the command", () => {
  it("is bad input where a component has refused its arguments: exit code 2, and a document for machines", () => {
    const message = "slo checkout: objective is 2, must be a share of 0.9–0.99999, such as 0.999";
    expect(asCliError(new Error(message))).toMatchObject({
      code: "ArgumentsInvalid",
      message,
      exitCode: 2,
      faults: [],
    });
  });

  it("keeps the faults of an environment", () => {
    const faults = [{ path: "clusters.hub.role", value: "hib", message: "must be hub or spoke" }];
    expect(asCliError(new EnvironmentError("dev.yaml", faults))).toMatchObject({
      code: "EnvironmentInvalid",
      exitCode: 2,
      faults,
    });
  });

  it.each([
    ["a bug", new TypeError("x is not a function"), /^internal error: TypeError: x is not a function\n\s+at /],
    ["no Error at all", "gone", /^internal error: gone$/],
    [
      "what the operating system refuses",
      Object.assign(new Error("ENOSPC: no space left on device, write"), { syscall: "write" }),
      /^ENOSPC: no space left on device, write$/,
    ],
  ])("is not taken for bad input where it is %s", (_, error, said) => {
    expect(asCliError(error)).toBeUndefined();
    expect(lastWords(error)).toMatch(said);
  });
});
