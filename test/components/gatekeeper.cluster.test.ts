/** Gatekeeper's own programs, as their own ServiceAccount, behind a real API server; then the same with the webhook dead. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { GatekeeperChart } from "../../components/gatekeeper";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { pauseHostProgram } from "../../sandbox/sandbox";
import { TestProject } from "../support/project";

jest.setTimeout(900_000);

const RULE = `package tags
violation contains {"msg": "a moving tag"} if {
  some list in ["containers", "ephemeralContainers"]
  some container in input.review.object.spec[list]
  endswith(container.image, ":latest")
}`;
const template: KubeObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "tags" },
  spec: {
    crd: { spec: { names: { kind: "Tags" } } },
    targets: [
      { target: "admission.k8s.gatekeeper.sh", code: [{ engine: "Rego", source: { version: "v1", rego: RULE } }] },
    ],
  },
};
const constraint: KubeObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "Tags",
  metadata: { name: "all" },
  spec: { match: { kinds: [{ apiGroups: [""], kinds: ["Pod"] }] } },
};

const project = new TestProject();
const kubectl = (words: string, objects?: readonly object[]) => project.kubectl("hub", words, objects);
const apply = async (objects: readonly object[]) => {
  const { exitCode, text } = await kubectl("apply --server-side -f -", objects);
  if (exitCode !== 0) throw new Error(text);
};
const DENIAL = 'admission webhook "validation.gatekeeper.sh" denied the request: [all] a moving tag';

/** Asks again until the text is there: a webhook or a restarted program needs a moment. */
async function eventually(words: string, expected: string): Promise<void> {
  let text = "";
  for (let tries = 0; tries < 100 && !text.includes(expected); tries++) {
    if (tries > 0) await sleep(300);
    text = (await kubectl(words)).text;
  }
  expect(text).toContain(expected);
}

beforeAll(async () => {
  await ensureUpstream();
  await project.start("hub");
  const chart = new GatekeeperChart({
    image: `registry.example/gatekeeper:v3.23.1@sha256:${"a".repeat(64)}`,
    templates: [template],
    constraints: [constraint],
    auditIntervalSeconds: 10,
  });
  const objects = objectsOf(chart);
  const of = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  await apply([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "gatekeeper-system" } },
    ...of("CustomResourceDefinition"),
  ]);
  await project.read("hub", "wait --for=condition=Established crd --all --timeout=20s");
  // it exists before there is anybody to refuse it, so that audit has something to find
  await project.read("hub", "run old --image=nginx:latest");
  const late = ["CustomResourceDefinition", "Config", "ConstraintTemplate", "Tags", "ValidatingWebhookConfiguration"];
  await apply(objects.filter(({ kind }) => !late.includes(kind)));
  for (const name of ["gatekeeper-controller-manager", "gatekeeper-audit"]) {
    await project.read("hub", `-n gatekeeper-system rollout status deployment ${name} --timeout=60s`);
  }
  await apply(of("Config", "ConstraintTemplate"));
  await project.read("hub", "wait --for=jsonpath={.status.created}=true constrainttemplate/tags --timeout=30s");
  await eventually("get crd tags.constraints.gatekeeper.sh -o jsonpath={.status.conditions[*].type}", "Established");
  await apply(of("Tags"));
  await apply(of("ValidatingWebhookConfiguration"));
}, 180_000);

afterAll(() => project.dispose(), 30_000);

describe("Gatekeeper", () => {
  it("refuses a forbidden pod by its webhook, with the CA that it wrote into the configuration itself", () =>
    eventually("run bad --image=nginx:latest", DENIAL));

  it("refuses a forbidden container that is added to a running pod", async () => {
    await project.read("hub", "run good --image=nginx:1.27.0");
    await project.read("hub", "wait --for=condition=Ready pod/good --timeout=20s");
    const { exitCode, text } = await kubectl("debug good --image=busybox:latest --profile=restricted");
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: expect.stringContaining(DENIAL) });
  });

  it("finds by audit what existed before", () =>
    eventually("get tags all -o jsonpath={.status.violations[*].name}", "old"));

  it("needs no right that it does not have", () => {
    for (const program of ["controller-manager", "audit"]) {
      const folder = join(project.root, ".fleetwright", "default", "programs", "hub", `gatekeeper-${program}`);
      const lines = readFileSync(join(folder, "program.log"), "utf8").split("\n");
      expect(lines.length).toBeGreaterThan(3);
      expect(lines.filter((line) => /forbidden:|is forbidden/i.test(line))).toEqual([]);
    }
  });
});

describe("Gatekeeper, its webhook dead,", () => {
  beforeAll(async () => {
    await pauseHostProgram(project.sandbox, "hub", "gatekeeper-controller-manager");
    await eventually("run probe --image=nginx:1.27.0 --dry-run=server", "failed calling webhook");
  });

  it("still has a forbidden pod refused, and says so at once", async () => {
    const { exitCode, seconds, text } = await kubectl("run worse --image=nginx:latest");
    expect({ exitCode, text }).toEqual({
      exitCode: 1,
      text: expect.stringContaining('failed calling webhook "validation.gatekeeper.sh"'),
    });
    expect(seconds).toBeLessThan(5);
  });

  it("keeps nobody from making, changing and deleting namespaces, nor what no constraint matches", async () => {
    for (const words of [
      "create namespace meanwhile",
      "label namespace meanwhile a=b",
      "-n meanwhile create configmap c --from-literal=a=b",
      "-n meanwhile create deployment d --image=nginx:latest",
      "delete pod good --wait=false",
      "delete namespace meanwhile --wait=false",
    ]) {
      const { exitCode, text } = await kubectl(words);
      expect({ words, exitCode, text }).toMatchObject({ words, exitCode: 0 });
    }
  });

  it.each(["kube-system", "gatekeeper-system"])("keeps no pod of %s from starting", (namespace) =>
    project.read("hub", `-n ${namespace} run any --image=nginx:latest`),
  );

  it("keeps no node from renewing its lease", async () => {
    const renewals = "-n kube-node-lease get leases -o jsonpath={.items[*].spec.renewTime}";
    const before = await project.read("hub", renewals);
    expect(before).not.toBe("");
    for (let tries = 0; tries < 150 && (await project.read("hub", renewals)) === before; tries++) await sleep(300);
    expect(await project.read("hub", renewals)).not.toBe(before);
    expect(
      await project.read("hub", "get nodes -o jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}"),
    ).toBe("True True True");
  });
});
