/** The first five minutes as the README tells them, typed in a checkout of its own: real tools, real clusters, no mock. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { Checkout, type Typed } from "../support/checkout";
import { textOf } from "../support/sources";
import { describeWhole } from "../support/whole";
import type { ON_A_CHECKOUT } from "./command-runs";

jest.setTimeout(1_500_000);

type Command = (typeof ON_A_CHECKOUT)[number];

const ENV: Command = 'eval "$(bin/fleetwright env dev)"';
let checkout: Checkout;

beforeAll(() => {
  checkout = new Checkout();
});

afterAll(() => checkout.dispose());

/** Types a command of the pages as they have it. */
const type = (command: Command) => checkout.type(command);
/** The same in a shell that evaluated what `fleetwright env` prints. */
const typeInEnv = (command: Command, answers = "") => checkout.type(`${ENV} && ${command} ${answers}`.trim());

function succeeded({ exitCode, text }: Typed): string {
  if (exitCode !== 0) throw new Error(`ended with ${exitCode}:\n${text}`);
  return text;
}

// builds a checkout and brings the whole fleet up and down
describeWhole("a clone", () => {
  it("holds the platform after `make up`, which shows it first and says what to type next", async () => {
    const text = succeeded(await type("make up"));
    expect(text.indexOf("CLUSTER  ROLE")).toBeLessThan(text.indexOf("tools: "));
    expect(text).toMatch(/hub +hub +local .* ready\n/);
    for (const next of [ENV, "pulumi preview", "kubectl --context hub apply -f examples/refused.yaml", "make down"]) {
      expect(text.slice(text.indexOf("What to type next"))).toContain(next);
    }
  });

  it("has nothing missing, as the doctor says", async () => {
    expect(succeeded(await type("bin/fleetwright doctor"))).not.toContain("MISSING");
    expect(succeeded(await type("bin/fleetwright doctor -e dev"))).not.toContain("MISSING");
  });

  it("has nothing to change, as plain pulumi says", async () => {
    expect(succeeded(await typeInEnv("pulumi preview", "--non-interactive"))).toMatch(/Resources:\n +\d+ unchanged\n/);
    expect(succeeded(await typeInEnv("pulumi up", "--yes --skip-preview"))).toMatch(/Resources:\n +\d+ unchanged\n/);
  });

  it("has a template for every rule", async () => {
    const text = succeeded(await typeInEnv("kubectl --context hub get constrainttemplates"));
    expect(text).toContain("fleetwrightimagetag");
  });

  it("refuses the example at the API server, in the words of the README", async () => {
    const { exitCode, text } = await typeInEnv("kubectl --context hub apply -f examples/refused.yaml");
    expect(exitCode).toBe(1);
    const excerpt = /```text\n(Error from server[\s\S]*?)```/.exec(textOf("README.md"))?.[1] ?? "";
    const spaces = (words: string) => words.replace(/\s+/g, " ").trim();
    expect(spaces(text)).toContain(spaces(excerpt));
  });

  it("stays as it is when it is brought up again", async () => {
    expect(succeeded(await type("make up"))).toMatch(/pulumi up .*: \d+ unchanged/);
  });

  it("is a clone and nothing else after `make down`", async () => {
    expect(succeeded(await type("make down"))).toMatch(/\d+ deleted/);
    expect(existsSync(join(checkout.root, ".fleetwright", "default"))).toBe(false);
    const { text } = await checkout.type(`ps -eo args | grep -F -- "$PWD/.fleetwright" | grep -v grep`);
    expect(text).toBe("");
  });
});
