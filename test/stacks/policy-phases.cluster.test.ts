/** A cluster on its way back, by plain `pulumi`: rebuilt, restored, and as it should be. The tests follow one another. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { PolicyPhase } from "../../policies/parameters";
import { pauseHostProgram, resumeHostProgram } from "../../sandbox/sandbox";
import { sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { FORBIDDEN_IMAGE, pod } from "../support/objects";
import { TestProject } from "../support/project";
import { levelsOffBut } from "../support/rules";

jest.setTimeout(900_000);

const project = new TestProject();
const GATEKEEPER = "gatekeeper-controller-manager";
const DENIED = /denied the request: \[im-01\]/;
const WARNED = /Warning: \[im-01\]/;

/** One rule is enough, and makes one template to wait for. */
function write(phase: PolicyPhase, administrators?: object): void {
  const { clusters, ...rest } = sandboxEnvironment();
  const policy = { levels: levelsOffBut("IM-01"), ...(administrators && { administrators }) };
  const hub = { ...clusters.hub, policyPhase: phase };
  project.environment("test", { ...rest, policy, clusters: { hub } });
}

const create = (name: string) => project.kubectl("hub", "create -f -", [pod(name, FORBIDDEN_IMAGE)]);

/** A changed constraint or webhook configuration is in force after a moment. */
async function becomes(name: string, expected: RegExp): Promise<void> {
  const dryRun = "create --dry-run=server -f -";
  await eventually(
    async () => expected.test((await project.kubectl("hub", dryRun, [pod(name, FORBIDDEN_IMAGE)])).text),
    true,
  );
}

beforeAll(async () => {
  write("bootstrap");
  await project.stack("test", "test");
  await project.start("hub");
});
afterAll(() => project.dispose());

describe("an account that tier 0 would refuse", () => {
  beforeAll(() => write("bootstrap", { users: ["somebody"], groups: [] }));
  afterAll(() => write("bootstrap"));

  it("is told so by a preview, and refused by `up` before anything is made", async () => {
    const sentence = /cluster hub: the account kwok-admin .* is none of policy\.administrators \(somebody\)/;
    expect((await project.succeed("preview")).text).toMatch(sentence);
    const { exitCode, text } = await project.pulumi("up --yes --skip-preview");
    expect(text).toMatch(sentence);
    expect(exitCode).not.toBe(0);
    expect((await project.kubectl("hub", "get namespace fleetwright-system")).text).toContain("NotFound");
  });
});

describe.each<[PolicyPhase, RegExp]>([
  ["bootstrap", /^pod\/now-bootstrap created\n?$/],
  ["recover", WARNED],
])("in phase %s", (phase, said) => {
  it("`up` brings the cluster there, and warns that rules are not enforced", async () => {
    write(phase);
    const { text } = await project.succeed("up --yes --skip-preview");
    expect(text).toContain(`cluster hub is in policyPhase ${phase}`);
    expect((await project.succeed("stack output --json")).text).toContain(`"hub": "${phase}"`);
  });

  it("a forbidden pod is let through", async () => {
    if (phase === "recover") await becomes("now-recover", WARNED);
    const { exitCode, text } = await create(`now-${phase}`);
    expect({ exitCode, text }).toEqual({ exitCode: 0, text: expect.stringMatching(said) });
  });

  it("Gatekeeper dead holds nothing up, and tier 0 holds all the same", async () => {
    await pauseHostProgram(project.sandbox, "hub", GATEKEEPER);
    expect(await create(`dead-${phase}`)).toMatchObject({ exitCode: 0 });
    const words = "--as=olga --as-group=system:authenticated delete constrainttemplate fleetwrightimagetag";
    await project.kubectl("hub", "create clusterrolebinding olga --clusterrole=cluster-admin --user=olga");
    expect((await project.kubectl("hub", words)).text).toContain("GK-01");
    await resumeHostProgram(project.sandbox, "hub", GATEKEEPER);
  });
});

describe("in phase enforce", () => {
  it("`up` changes the constraint and the webhook configuration, nothing else, and warns of nothing", async () => {
    write("enforce");
    const { text } = await project.succeed("up --yes --skip-preview");
    const updated = [...text.matchAll(/ hub:(\S+) updated/g)].map(([, name]) => name?.split("/")[0]);
    expect(new Set(updated)).toEqual(new Set(["FleetwrightImageTag", "ValidatingWebhookConfiguration"]));
    expect(text).not.toContain("policyPhase bootstrap");
    expect(text).not.toContain("is in policyPhase");
  });

  it("a forbidden pod is refused, and while Gatekeeper is dead as well", async () => {
    await becomes("now-enforce", DENIED);
    await pauseHostProgram(project.sandbox, "hub", GATEKEEPER);
    await becomes("dead-enforce", /failed calling webhook "validation\.gatekeeper\.sh"/);
  });

  it("`destroy` goes through, Gatekeeper dead or not", () => project.succeed("destroy --yes --skip-preview"));
});
