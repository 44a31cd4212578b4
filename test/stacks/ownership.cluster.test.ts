/** Whose cluster it is, asked of real ones: in use by others, adopted, and ours although the state is lost. The tests follow one another. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { oneRuleEnvironment } from "../support/environments";
import { TestProject } from "../support/project";
import { itWhole } from "../support/whole";

jest.setTimeout(900_000);

const project = new TestProject();
/** What someone made by hand before: a namespace of their own, and three objects that the platform has too. */
const theirs = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "billing" } },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { "acme.example/team": "payments" } } },
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "tenant-size", namespace: "shop" },
    spec: { hard: { pods: "3" } },
  },
  {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: "tenant" },
    value: 17,
  },
];

beforeAll(async () => {
  project.environment("test", oneRuleEnvironment());
  await project.stack("test", "test");
  await project.start("hub");
  const made = await project.kubectl("hub", "create -f -", theirs);
  expect(made).toMatchObject({ exitCode: 0 });
});
afterAll(() => project.dispose());

describe("a cluster that is in use", () => {
  it("is refused, with the namespaces that are in use, and nothing is changed", async () => {
    const before = await project.inventory("hub");
    const { exitCode, text } = await project.pulumi("up --yes --skip-preview");
    expect(text).toMatch(
      /context hub leads to a cluster that is in use \(namespaces billing, shop\) and carries no mark/,
    );
    expect(text).toMatch(/say `adopt: true` in the environment file to take it over/);
    expect(exitCode).not.toBe(0);
    expect(await project.inventory("hub")).toEqual(before);
  });
});

describe("a cluster that is adopted", () => {
  const taken = ["core Namespace shop", "core ResourceQuota shop/tenant-size"];

  it("is refused while an object differs in what cannot be changed, and the sentence says what to delete", async () => {
    project.environment("test", { ...oneRuleEnvironment(), adopt: true });
    const { exitCode, text } = await project.pulumi("preview");
    expect(text).toMatch(
      /scheduling\.k8s\.io PriorityClass tenant: value or preemptionPolicy differs and cannot be changed/,
    );
    expect(exitCode).not.toBe(0);
    await project.read("hub", "delete priorityclass tenant");
  });

  it("has what is taken over in the preview, and nothing else", async () => {
    const { text } = await project.succeed("preview");
    const listed = [...text.matchAll(/cluster hub: (.+) exists and is taken over/g)].map(([, object]) => object);
    expect([...new Set(listed)].sort()).toEqual(taken);
  });

  it("is taken over by `up`: the objects are as the environment says, what is not its own stays", async () => {
    await project.succeed("up --yes --skip-preview");
    const read = (what: string, path: string) => project.read("hub", `get ${what} -o jsonpath={${path}}`);
    expect(await read("-n shop quota tenant-size", ".spec.hard.pods")).toBe("50");
    expect(await read("namespace shop", ".metadata.labels.acme\\.example/team")).toBe("payments");
    expect(await read("namespace billing", ".status.phase")).toBe("Active");
  });

  // that of a lost state below ends with the same preview
  itWhole("is our own from then on: a preview finds nothing to do", async () => {
    await project.succeed("preview --expect-no-changes");
  });
});

describe("a cluster whose state is lost", () => {
  it("converges by `up`: nothing is replaced, and every pod lives on", async () => {
    const pods = () => project.read("hub", "get pods -A -o jsonpath={.items[*].metadata.uid}");
    const before = await pods();
    expect(before.split(" ").length).toBeGreaterThan(3);
    rmSync(join(project.root, ".fleetwright", "default", "state"), { recursive: true });
    await project.stack("test", "test");
    const { text } = await project.succeed("up --yes --skip-preview");
    expect(text).toMatch(/Resources:\n {4}\+ \d+ created\n/);
    expect(await pods()).toBe(before);
    await project.succeed("preview --expect-no-changes");
  });
});
