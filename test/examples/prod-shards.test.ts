/** One-cluster stacks: what they register together is what one stack of the whole environment registers. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import "../../policies/pack/linear-structs";
import { loadEnvironment } from "../../stacks/environment";
import { acceptHooks } from "../support/mocked-hooks";

const project = join(__dirname, "..", "..", "examples", "prod");
const { clusters } = loadEnvironment("prod", project);
const folder = process.cwd();

// what a cluster says that nobody reaches; the program needs kubectl to find that out
jest.mock("../../stacks/inspection", () => ({ inspect: async () => ({ replaced: new Set(), warnings: [] }) }));

beforeAll(() => process.chdir(project));
afterAll(() => process.chdir(folder));

/** By type and name, what a resource is registered with. */
type Registered = ReadonlyMap<string, { readonly provider: string | undefined; readonly inputs: unknown }>;

/** Runs the real program in a preview of a stack. */
async function register(stack: string, config: Readonly<Record<string, string>>): Promise<Registered> {
  const registered = new Map<string, { provider: string | undefined; inputs: unknown }>();
  pulumi.runtime.setAllConfig(config);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider }) => {
        // a URN names the stack, which is not the provider's own
        registered.set(`${type} ${name}`, { provider: provider?.split("::").slice(2).join("::"), inputs });
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "acme-platform",
    stack,
    true,
  );
  acceptHooks();
  const { program } = await import("../../stacks/program");
  await program();
  await pulumi.runtime.disconnect();
  return registered;
}

const shards = readdirSync(project)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
  .map((stack) => ({
    stack,
    config: parse(readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8")).config as Record<string, string>,
  }));

describe("the stacks of examples/prod", () => {
  it("hold each cluster once", () => {
    const held = shards.map(({ config }) => config["fleetwright:cluster"]);
    expect(held.sort()).toEqual(Object.keys(clusters).sort());
    for (const { stack, config } of shards) expect(stack).toBe(`prod-${config["fleetwright:cluster"]}`);
  });

  it("register together, resource by resource, what one stack of all registers", async () => {
    const whole = await register("prod", { "fleetwright:environment": "prod" });
    const parts = new Map<string, ReturnType<Registered["get"]>>();
    for (const { stack, config } of shards) {
      const part = await register(stack, config);
      for (const [key, value] of part) {
        expect(parts.has(key)).toBe(false);
        parts.set(key, value);
      }
    }
    expect([...parts.keys()].sort()).toEqual([...whole.keys()].sort());
    const marks = [...whole.keys()].filter((key) => key.endsWith(":ConfigMap/fleetwright-system/identity"));
    expect(marks).toHaveLength(Object.keys(clusters).length);
    for (const [key, value] of whole) {
      if (marks.includes(key)) {
        // the mark names the stack that deploys the cluster: the one thing that may differ
        const { data, ...rest } = value.inputs as { data: { stack: string } };
        expect(parts.get(key)?.inputs).toEqual({ ...rest, data: { ...data, stack: expect.stringMatching(/^prod-/) } });
        expect(data.stack).toBe("prod");
      } else expect(parts.get(key)).toEqual(value);
    }
  }, 300_000);
});
