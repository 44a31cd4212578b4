/**
 * Up, in use, sabotaged, destroyed, nothing left: what `fleetwright preview --destroy` says is what happens, and the lines
 * that it prints are run as they stand. The tests follow one another.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import type { DestroyPlan } from "../../lifecycle/destroy-plan";
import { runCures } from "../../lifecycle/destroy-plan/cure";
import { spelt } from "../../lifecycle/destroy-plan/finding";
import { killCluster, pauseHostProgram } from "../../sandbox/sandbox";
import { onlyRules, sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { shopInUse } from "../support/objects";
import { TestProject } from "../support/project";
import { application, deafApi, deafWebhook, heldConfigMap, podChaos } from "../support/sabotage";
import { describeWhole } from "../support/whole";

jest.setTimeout(900_000);

const project = new TestProject();
let empty: string[];

/** Argo CD and Chaos Mesh, whose programs do not run here, beside Gatekeeper, whose program does. */
function environment(...clusters: string[]) {
  const { components, ...rest } = sandboxEnvironment(...clusters);
  const { argoCd: _, chaosMesh: __, ...others } = components as Record<string, object>;
  return {
    ...rest,
    sandbox: { withoutController: ["cert-manager", "chaos-mesh"] },
    ...onlyRules("IM-01"),
    components: { ...others, chaosMesh: { targets: ["shop"] } },
  };
}

/** What the command says, as a document. */
async function plan(): Promise<DestroyPlan & { readonly exitCode: number | undefined }> {
  const words = ["preview", "--destroy", "--environment=test", "--json"];
  const { exitCode, stderr, stdout } = await execa(join(packageRoot(), "bin", "fleetwright"), words, {
    cwd: project.root,
    reject: false,
  });
  const { stacks } = JSON.parse(stdout) as { readonly stacks?: readonly DestroyPlan[] };
  const [first] = stacks ?? [];
  if (!first) throw new Error(`no plan: ${stdout}${stderr}`);
  return { ...first, exitCode };
}

/** Objects of one verdict, and what they wait for. */
const told = ({ findings }: DestroyPlan, verdict: string) =>
  findings
    .filter((finding) => finding.verdict === verdict)
    .map(({ object, waitsFor }) => [spelt(object), waitsFor])
    .sort();

/** Runs the commands of the plan that come before the engine's, as they stand. */
async function cure({ steps }: DestroyPlan): Promise<void> {
  const { done, failures } = await runCures(steps, { root: project.root, variables: project.variables("test") });
  expect(failures).toEqual([]);
  expect(done).toBeGreaterThan(0);
}

const HELD = [
  ["APIService v1.dead.acme.example", "Service default/nobody"],
  ["Application argocd/cart", "finalizer resources-finalizer.argocd.argoproj.io"],
  ["ConfigMap shop/held", "finalizer acme.example/held"],
  ["PodChaos shop/kill", "finalizer chaos-mesh/records"],
  ["ValidatingWebhookConfiguration guard", "Service guard/guard"],
];

beforeAll(async () => {
  await ensureUpstream();
  project.environment("test", environment());
  await project.stack("test", "test");
  await project.start("hub");
  empty = await project.inventory("hub");
});
afterAll(() => project.dispose());

describe("a destroy that is planned", () => {
  it("would hang on nothing while the platform is in use, and says what is lost", async () => {
    await project.succeed("up --yes --skip-preview");
    expect(await project.refusals("hub", shopInUse())).toEqual([]);
    await eventually(
      async () => await project.read("hub", "-n shop get pvc cart -o jsonpath={.status.phase}"),
      "Bound",
    );
    const found = await plan();
    expect(told(found, "hangs")).toEqual([]);
    expect(told(found, "unknown")).toEqual([]);
    expect(found.exitCode).toBe(0);
    const lost = told(found, "lost").map(([name]) => name);
    for (const one of ["Service shop/cart", "Pod in shop", "PersistentVolumeClaim in shop"])
      expect(lost).toContain(one);
    expect(lost.some((name) => name?.startsWith("PersistentVolume pvc-"))).toBe(true);
    expect(told(found, "left")).toEqual([]);
    expect(found.steps.map(({ command }) => command)).toEqual(["pulumi destroy --stack test"]);
  });

  it("names exactly what would hang, after sabotage", async () => {
    const sabotage = [application, podChaos, heldConfigMap, deafWebhook, deafApi];
    expect(await project.refusals("hub", sabotage)).toEqual([]);
    for (const program of ["gatekeeper-controller-manager", "gatekeeper-audit"]) {
      await pauseHostProgram(project.sandbox, "hub", program);
    }
    const found = await plan();
    expect(told(found, "hangs")).toEqual(HELD);
    expect(found.exitCode).toBe(3);
  });

  it("hangs on nothing once the printed lines were run", async () => {
    await cure(await plan());
    const found = await plan();
    expect(told(found, "hangs")).toEqual([]);
    expect(found.exitCode).toBe(0);
  });

  it("goes in the waves that were told, with Gatekeeper dead, and leaves nothing", async () => {
    const { waves } = await plan();
    const { text } = await project.succeed("destroy --yes --skip-preview");
    const gone = [...text.matchAll(/ (hub:\S+) deleted \(/g)].map(([, name]) => name);
    const told = waves.map(({ objects }) =>
      objects.map(
        ({ cluster, kind, name, namespace }) => `${cluster}:${[kind, namespace, name].filter(Boolean).join("/")}`,
      ),
    );
    let from = 0;
    for (const wave of told) {
      expect(gone.slice(from, from + wave.length).sort()).toEqual([...wave].sort());
      from += wave.length;
    }
    await eventually(() => project.inventory("hub"), empty);
    expect((await plan()).summary.objects).toBe(0);
  });
});

// each holds up the engine for as long as it waits
describeWhole("a destroy that was not planned", () => {
  it("ends within a bounded time, names what it waited for, and is mended by the plan", async () => {
    await project.succeed("up --yes --skip-preview");
    expect(await project.refusals("hub", [application, podChaos, heldConfigMap])).toEqual([]);
    const { exitCode, seconds, text } = await project.pulumi("destroy --yes --skip-preview");
    expect(exitCode).not.toBe(0);
    expect(seconds).toBeLessThan(480);
    expect(text).toContain("hub:CustomResourceDefinition/applications.argoproj.io");
    expect(text).toContain("hub:Namespace/shop");
    const found = await plan();
    expect(told(found, "hangs").map(([name]) => name)).toEqual(
      expect.arrayContaining(["Application argocd/cart", "ConfigMap shop/held", "PodChaos shop/kill"]),
    );
    await cure(found);
    await project.succeed("destroy --yes --skip-preview");
    await eventually(() => project.inventory("hub"), empty);
  });

  it("of two clusters of which one is dead: destroys the other, and forgets the dead one when it is told to", async () => {
    project.environment("test", environment("hub", "east"));
    await project.start("hub", "east");
    const eastEmpty = await project.inventory("east");
    await project.succeed("up --yes --skip-preview");
    await killCluster(project.sandbox, "east");
    const found = await plan();
    expect(found.exitCode).toBe(5);
    expect(told(found, "unknown")).toEqual([["Cluster east", "an answer of cluster east"]]);
    const [first, second] = found.steps.map(({ command }) => command);
    expect(first).toBe("pulumi destroy --stack test --continue-on-error");
    expect((await project.pulumi("destroy --yes --skip-preview --continue-on-error")).exitCode).not.toBe(0);
    await eventually(() => project.inventory("hub"), empty);
    expect(second).toBe("PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --stack test");
    await project.succeed("destroy --yes --skip-preview", { env: { PULUMI_K8S_DELETE_UNREACHABLE: "true" } });
    expect((await plan()).summary.objects).toBe(0);
    expect(eastEmpty.length).toBeGreaterThan(0);
  });
});
