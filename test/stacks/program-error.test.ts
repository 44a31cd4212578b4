import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { RunError } from "@pulumi/pulumi";
import { EnvironmentError } from "../../stacks/environment";
import { programError } from "../../stacks/program-error";

/** Its last frame is one on which Node's own printing hangs. */
const stack = [
  "TypeError: x is not a function",
  "    at program (/project/node_modules/fleetwright/dist/stacks/program.js:61:41)",
  "    at Stack.initialize (/project/node_modules/@pulumi/runtime/stack.ts:78:28)",
  "    at Stack.initializeAndRegisterOutputs (/project/node_modules/@pulumi/resource.ts:1598:22)",
].join("\n");

/** As the SDK prints it. */
const printed = (error: unknown) => inspect(error, { colors: true });

describe("an error of the program", () => {
  it.each([
    ["a sentence", new Error("context hub leads to another cluster")],
    [
      "a wrong environment",
      new EnvironmentError("environments/dev.yaml", [{ path: "a", value: 1, message: "is wrong" }]),
    ],
    ["what is a RunError already", new RunError("context hub leads to another cluster")],
  ])("is the sentence alone, for %s", (_, error) => {
    const shown = programError(Object.assign(error, { stack }));
    expect(shown).toBeInstanceOf(RunError);
    expect(shown).toMatchObject({ message: error.message, stack: "" });
  });

  it("keeps our own frames where the fault is ours, and is printed at once", () => {
    const started = Date.now();
    const text = printed(programError(Object.assign(new TypeError("x is not a function"), { stack })));
    expect(text).toContain("dist/stacks/program.js:61:41");
    expect(text).not.toContain("resource.ts");
    expect(Date.now() - started).toBeLessThan(1000);
  });
});
