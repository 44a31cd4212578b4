/**
 * Gatekeeper's own programs, as their own ServiceAccount, behind a real API server that tier 0 guards from the start; then
 * the same with the webhook dead.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { EXEMPT_NAMESPACES, GatekeeperChart } from "../../components/gatekeeper";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { placedObjects } from "../../components/placed-objects";
import { clusterRights } from "../../components/rights";
import { tierZeroObjects } from "../../components/tier-zero";
import { ensureUpstream } from "../../components/upstream";
import { tierZeroRules } from "../../policies/tier-zero";
import { killCluster, pauseHostProgram } from "../../sandbox/sandbox";
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
const policyNames = () => tierZeroRules().flatMap(({ policies }) => policies.map(({ name }) => name));
const DENIAL = 'admission webhook "validation.gatekeeper.sh" denied the request: [all] a moving tag';

/** May do everything, and is not the platform's account; and one who is. */
const OLGA = "--as=olga --as-group=acme:operators";
const PAULA = "--as=paula --as-group=acme:platform";

/** A program whose role lets it write its CA into webhook configurations, and which may do everything besides. */
const WRITER = "system:serviceaccount:default:writer";
const WRITER_ROLE = clusterRights(
  "writer",
  [{ apiGroups: ["admissionregistration.k8s.io"], resources: ["validatingwebhookconfigurations"], verbs: ["patch"] }],
  { serviceAccountName: "writer", namespace: "default", labels: {} },
);

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
  const rendered = objectsOf(chart);
  const objects = placedObjects("gatekeeper", rendered).map(({ object }) => object);
  const of = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  const policies = tierZeroRules().flatMap(({ policies, title }) =>
    policies.map((policy) => ({ ...policy, title, level: "deny" as const })),
  );
  const administrators = { users: [], groups: ["system:masters", "acme:platform"] };
  const exemptNamespaces = [...EXEMPT_NAMESPACES, "legacy"];
  await apply([
    ...WRITER_ROLE,
    ...tierZeroObjects({ policies, administrators, exemptNamespaces }, [...rendered, ...WRITER_ROLE]),
  ]);
  for (const account of ["olga", "paula", WRITER]) {
    await project.read(
      "hub",
      `create clusterrolebinding may-all-${account.split(":").pop()} --clusterrole=cluster-admin --user=${account}`,
    );
  }
  // a policy that was made just now is in force within a second or so
  await eventually(`${OLGA} label namespace kube-public a=b --dry-run=server`, "GK-02");
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

describe("Tier 0", () => {
  it("has no expression in which the API server finds a fault of type", () =>
    eventually(
      "get validatingadmissionpolicies -o jsonpath={.items[*].status.typeChecking}",
      policyNames()
        .map(() => "{}")
        .join(" "),
    ));

  it("would hear of such a fault", async () => {
    const rule = { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE"] };
    const spec = {
      matchConstraints: { resourceRules: [rule] },
      validations: [{ expression: "object.metadata.nam == ''" }],
    };
    const kind = "ValidatingAdmissionPolicy";
    await apply([{ apiVersion: "admissionregistration.k8s.io/v1", kind, metadata: { name: "faulty" }, spec }]);
    const warnings = "jsonpath={.status.typeChecking.expressionWarnings[*].warning}";
    await eventually(`get validatingadmissionpolicy faulty -o ${warnings}`, "undefined field 'nam'");
  });

  it("lets a program write its CA into webhook configurations by its role, and not delete them", async () => {
    const configuration = "validatingwebhookconfiguration gatekeeper-validating-webhook-configuration";
    await project.read("hub", `--as=${WRITER} annotate ${configuration} ca=new`);
    expect((await kubectl(`--as=${WRITER} delete ${configuration}`)).text).toContain("GK-03: ");
  });

  it("lets the platform's account do what nobody else may", async () => {
    for (const words of [
      'patch tags all --type=merge -p {"metadata":{"annotations":{"a":"b"}}}',
      "label namespace kube-public a=b",
      "-n gatekeeper-system scale deployment gatekeeper-audit --replicas=1",
      "create namespace legacy",
    ]) {
      expect({ words, ...(await kubectl(`${PAULA} ${words}`)) }).toMatchObject({ words, exitCode: 0 });
    }
  });

  it("keeps nobody from ordinary work, with namespaces, definitions and webhooks of his own", async () => {
    const webhooks = { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration" };
    const own = [{ ...webhooks, metadata: { name: "own" }, webhooks: [] }];
    expect(await kubectl(`${OLGA} apply -f -`, own)).toMatchObject({ exitCode: 0 });
    for (const words of [
      "create namespace ordinary",
      "label namespace ordinary a=b",
      "-n ordinary create deployment d --image=nginx:1.27.0",
      "-n ordinary create secret generic s --from-literal=a=b",
      "-n ordinary create role r --verb=get --resource=pods",
      "create clusterrole ordinary --verb=get --resource=pods",
      "delete validatingwebhookconfiguration own",
      "annotate namespace kube-system a=b",
      "-n gatekeeper-system delete pod -l control-plane=audit-controller --wait=false",
      "delete namespace ordinary --timeout=60s",
    ]) {
      expect({ words, ...(await kubectl(`${OLGA} ${words}`)) }).toMatchObject({ words, exitCode: 0 });
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

  const may = "users [] and groups [system:masters, acme:platform] may";
  it.each([
    ["GK-01", 'patch tags all --type=merge -p {"spec":{"enforcementAction":"dryrun"}}'],
    ["GK-01", "delete tags all"],
    ["GK-01", "delete --raw /apis/constraints.gatekeeper.sh/v1beta1/tags"],
    ["GK-01", "delete constrainttemplate tags"],
    ["GK-01", "delete crd tags.constraints.gatekeeper.sh"],
    ["GK-01", '-n gatekeeper-system patch config.config.gatekeeper.sh config --type=merge -p {"spec":{"match":[]}}'],
    ["GK-01", "delete clusterrole gatekeeper-manager-role"],
    ["GK-01", "-n gatekeeper-system delete rolebinding gatekeeper-manager-rolebinding"],
    ["GK-01", "-n gatekeeper-system delete deployment gatekeeper-controller-manager"],
    ["GK-01", "-n gatekeeper-system scale deployment gatekeeper-controller-manager --replicas=0"],
    ["GK-01", "-n gatekeeper-system delete service gatekeeper-webhook-service"],
    ["GK-01", '-n gatekeeper-system patch secret gatekeeper-webhook-server-cert --type=merge -p {"data":null}'],
    ["GK-01", "-n gatekeeper-system create token gatekeeper-admin"],
    ["GK-01", "-n gatekeeper-system run thief --image=nginx:1.27.0"],
    ["GK-01", "-n gatekeeper-system exec deploy/gatekeeper-audit -- true"],
    ["GK-02", "label namespace kube-system pod-security.kubernetes.io/enforce=privileged"],
    ["GK-02", "delete namespace gatekeeper-system"],
    ["GK-02", "delete namespace legacy"],
    ["GK-03", "delete validatingwebhookconfiguration gatekeeper-validating-webhook-configuration"],
    ["NS-02", "label namespace default admission.gatekeeper.sh/ignore=true"],
  ])("is guarded by the API server itself: %s refuses `%s`, and says who may", async (id, words) => {
    const { exitCode, text } = await kubectl(`${OLGA} ${words}`);
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: expect.stringContaining(`${id}: `) });
    expect(text.toLowerCase()).toContain(may);
  });

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

  it("goes altogether where the platform's account deletes it, by the hands of the control plane", async () => {
    await project.read(
      "hub",
      `${PAULA} delete validatingwebhookconfiguration gatekeeper-validating-webhook-configuration`,
    );
    await project.read("hub", `${PAULA} delete constrainttemplate tags --cascade=foreground --timeout=60s`);
    await project.read("hub", `${PAULA} delete namespace gatekeeper-system --timeout=60s`);
  });

  it("is no trap for an API server that starts with tier 0 in place", async () => {
    await killCluster(project.sandbox, "hub");
    await project.start("hub");
    await project.read("hub", "-n kube-system run again --image=nginx:latest");
    await project.read("hub", `${OLGA} create namespace afterwards`);
    expect((await kubectl(`${OLGA} label namespace kube-system a=c --overwrite`)).text).toContain("GK-02");
  });
});
