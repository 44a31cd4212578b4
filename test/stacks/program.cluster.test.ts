/** One environment of one cluster through its life, by plain `pulumi` and `kubectl`. The tests follow one another. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { pauseHostProgram } from "../../sandbox/sandbox";
import { loadEnvironment } from "../../stacks/environment";
import { renderedObjects } from "../../stacks/render";
import { onlyRules, sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { ALLOWED_IMAGE, FORBIDDEN_IMAGE, pod, shopInUse } from "../support/objects";
import { TestProject } from "../support/project";
import { describeWhole, itWhole } from "../support/whole";

jest.setTimeout(900_000);

const project = new TestProject();
const testEnvironment = () => ({ ...sandboxEnvironment(), ...onlyRules("IM-01", "IM-03", "SC-01") });
const kubectl = (words: string, objects?: readonly object[]) => project.kubectl("hub", words, objects);
const create = (...objects: readonly object[]) => kubectl("create -f -", objects);
let empty: string[] = [];
let rendered: KubeObject[] = [];

beforeAll(async () => {
  project.environment("test", testEnvironment());
  await project.stack("test", "test");
  rendered = renderedObjects(loadEnvironment("test", project.root)).map(({ object }) => object);
});
afterAll(() => project.dispose());

describe("without a cluster", () => {
  it("a preview lists every object, and says that the cluster could not be reached", async () => {
    const { text } = await project.succeed("preview");
    const names = rendered.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(Boolean));
    expect([...text.matchAll(/ hub:(\S+) create/g)].map(([, name]) => name).sort()).toEqual(
      names.map((parts) => parts.join("/")).sort(),
    );
    expect(text).toMatch(
      /warning: cluster hub cannot be reached \(.*\): this preview compares with the last known state/,
    );
  });
});

describe("on an empty cluster", () => {
  it("`up` makes every object that `render` shows", async () => {
    await project.start("hub");
    empty = await project.inventory("hub");
    await project.succeed("up --yes --skip-preview");
    const found = new Set(await project.inventory("hub"));
    expect(rendered.map(keyOf).filter((key) => !found.has(key))).toEqual([]);
  });

  it("and from then on the API server refuses a forbidden image, naming each rule", async () => {
    const { exitCode, text } = await create(pod("forbidden", FORBIDDEN_IMAGE));
    expect(text).toMatch(/validation\.gatekeeper\.sh.*denied the request/);
    expect(text).toMatch(/\[im-01\]/);
    expect(text).toMatch(/\[im-03\]/);
    expect(exitCode).toBe(1);
  });

  it("a second preview and a second `up` find nothing to do", async () => {
    await project.succeed("preview --expect-no-changes");
    const { text } = await project.succeed("up --yes --skip-preview --expect-no-changes");
    expect(text).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });
});

describe("admission", () => {
  it("takes a tenant's pod, its volume and its LoadBalancer", async () => {
    expect(await create(...shopInUse())).toMatchObject({ exitCode: 0 });
    const read = (kind: string, path: string) => project.read("hub", `-n shop get ${kind} cart -o jsonpath={${path}}`);
    await eventually(() => read("pvc", ".status.phase"), "Bound");
    await eventually(() => read("pod", ".status.phase"), "Running");
    await eventually(() => read("service", ".status.loadBalancer.ingress[0].ip"), "192.0.2.1");
  });

  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "forbidden", namespace: "shop" },
    spec: {
      selector: { matchLabels: { app: "forbidden" } },
      template: { metadata: { labels: { app: "forbidden" } }, spec: pod("forbidden", FORBIDDEN_IMAGE).spec },
    },
  };
  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "forbidden" },
    provisioner: "nfs.csi.k8s.io",
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  };
  it.each([
    ["a Deployment of a forbidden image", deployment, "im-01"],
    [
      "a registry whose name only begins like an allowed one",
      pod("evil", ALLOWED_IMAGE.replace("acme", "acme-evil")),
      "im-03",
    ],
    ["a StorageClass of a foreign provisioner", storageClass, "sc-01"],
  ])("refuses %s", async (_, object, rule) => {
    const { exitCode, text } = await create(object);
    expect(text).toContain(`[${rule}]`);
    expect(exitCode).toBe(1);
  });

  it("refuses a forbidden image that joins a running pod as an ephemeral container", async () => {
    const debug = `-n shop debug cart --profile=restricted --image=${FORBIDDEN_IMAGE}`;
    expect((await kubectl(debug)).text).toContain("[im-01]");
    expect((await kubectl(debug.replace(FORBIDDEN_IMAGE, ALLOWED_IMAGE))).exitCode).toBe(0);
  });
});

/** A team's program that puts Deployments of its own beside the platform, each on a cluster by its identifier. */
const ownProgram = (...own: readonly { name: string; image: string; clusterIdentifier: string }[]) => `
const fleetwright = require("fleetwright");
const { Provider } = require("@pulumi/kubernetes/provider");
const { Deployment } = require("@pulumi/kubernetes/apps/v1/deployment");
module.exports = async () => {
  const outputs = await fleetwright();
  const access = { kubeconfig: ".fleetwright/default/kubeconfig", context: "hub" };
  for (const { clusterIdentifier, name, spec } of ${JSON.stringify(
    own.map(({ image, ...one }) => ({ ...one, spec: pod(one.name, image).spec })),
  )}) {
    const provider = new Provider(name, { ...access, clusterIdentifier });
    const labels = { app: name };
    new Deployment(name, {
      metadata: { name, namespace: "shop" },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    }, { provider });
  }
  return outputs;
};
`;

// test/policies/pack.cluster.test.ts has refusals by the real engine, test/policies/pack/policy.test.ts the cluster of which nothing is known
describeWhole("the policy pack", () => {
  afterAll(() => project.write("index.js", 'module.exports = require("fleetwright");\n'));

  it("refuses in a plain preview a forbidden image, naming each rule, and what is of a cluster that it knows nothing of; an allowed image passes", async () => {
    project.write(
      "index.js",
      ownProgram(
        { name: "bad", image: FORBIDDEN_IMAGE, clusterIdentifier: "test/hub" },
        { name: "good", image: ALLOWED_IMAGE, clusterIdentifier: "test/hub" },
        { name: "stray", image: ALLOWED_IMAGE, clusterIdentifier: "elsewhere/hub" },
      ),
    );
    const { exitCode, text } = await project.pulumi("preview");
    const refused = [...text.matchAll(/\[mandatory\] +(\S+) +\((\S+): (\S+)\)/g)].map(
      ([, rule, , name]) => `${name} ${rule}`,
    );
    expect([...new Set(refused)].sort()).toEqual(["bad IM-01", "bad IM-03", "stray rules"]);
    expect(text).toMatch(/Deployment +good +create/);
    expect(text).toMatch(/nothing is known of the rules of the cluster "elsewhere\/hub"/);
    expect(exitCode).not.toBe(0);
  });
});

describe("a cluster that is another's", () => {
  /** `up` of another stack is refused, and leaves the cluster as it is. */
  async function expectRefused(stack: string, environment: string): Promise<void> {
    project.environment("other", testEnvironment());
    await project.stack(stack, environment);
    const before = await project.inventory("hub");
    const { exitCode, text } = await project.pulumi("up --yes --skip-preview", { stack });
    expect(text).toContain(
      `context hub leads to cluster hub of environment test (stack test), and this stack is cluster hub of environment ${environment} (stack ${stack}): nothing was changed.`,
    );
    expect(exitCode).not.toBe(0);
    expect(await project.inventory("hub")).toEqual(before);
    expect(await project.read("hub", "-n fleetwright-system get configmap identity -o jsonpath={.data.stack}")).toBe(
      "test",
    );
  }

  it("is refused to another environment, naming both, and nothing is changed", () => expectRefused("other", "other"));

  // test/stacks/shards.cluster.test.ts asks a stack of one cluster and one of all
  itWhole("is refused to another stack of the same environment, naming both, and nothing is changed", () =>
    expectRefused("second", "test"),
  );
});

// test/components/immutable-fields.cluster.test.ts replaces an object for each immutable field, test/stacks/replacements.test.ts has the sentence
describeWhole("a storage class whose reclaim policy changes", () => {
  it("is replaced, and the preview says so, and that there is no default meanwhile", async () => {
    const { storageClasses, ...rest } = testEnvironment();
    project.environment("test", { ...rest, storageClasses: { standard: { default: true, reclaimPolicy: "Retain" } } });
    const { text } = await project.succeed("preview --diff");
    expect(text).toMatch(/\+-kubernetes:storage.k8s.io\/v1:StorageClass: \(replace\)/);
    expect(text).toMatch(/cluster hub: StorageClass standard is the default and is replaced: there is none meanwhile/);
  });

  it("has the new one after `up`, and a preview finds nothing to do", async () => {
    await project.succeed("up --yes --skip-preview");
    expect(await project.read("hub", "get storageclass standard -o jsonpath={.reclaimPolicy}")).toBe("Retain");
    await project.succeed("preview --expect-no-changes");
  });
});

describe("with Gatekeeper dead", () => {
  let renewed: string;
  const renewals = () => project.read("hub", "-n kube-node-lease get leases -o jsonpath={.items[*].spec.renewTime}");

  it("a forbidden pod is still refused", async () => {
    await pauseHostProgram(project.sandbox, "hub", "gatekeeper-controller-manager");
    renewed = await renewals();
    const { exitCode, text } = await create(pod("forbidden", FORBIDDEN_IMAGE));
    expect(text).toMatch(/failed calling webhook "validation\.gatekeeper\.sh"/);
    expect(exitCode).toBe(1);
  });

  it("what no rule looks at, and what Kubernetes itself needs, can be made", async () => {
    const metadata = (name: string, namespace?: string) => ({ name, ...(namespace && { namespace }) });
    expect(
      await create(
        pod("anything", FORBIDDEN_IMAGE, { namespace: "kube-system" }),
        { apiVersion: "v1", kind: "ConfigMap", metadata: metadata("settings", "shop") },
        { apiVersion: "v1", kind: "Namespace", metadata: metadata("new") },
      ),
    ).toMatchObject({ exitCode: 0 });
    await project.read("hub", "delete --wait=false namespace/new");
    await project.read("hub", "-n kube-system delete pod/anything");
  });

  it.each(["preview", "up --yes --skip-preview"])("`pulumi %s` ends by itself and says why", async (command) => {
    await eventually(
      () =>
        project
          .read(
            "hub",
            "-n gatekeeper-system get endpointslices -l kubernetes.io/service-name=gatekeeper-webhook-service -o jsonpath={.items[*].endpoints[*].conditions.ready}",
          )
          .then((all) => all.includes("true")),
      false,
    );
    const { exitCode, text, seconds } = await project.pulumi(command);
    expect(text).toMatch(
      /webhook validation\.gatekeeper\.sh fails closed and nothing answers it: Service gatekeeper-system\/gatekeeper-webhook-service/,
    );
    expect(exitCode).not.toBe(0);
    expect(seconds).toBeLessThan(120); // on a busy machine; on an idle one it takes a few seconds
  });

  it("nodes stay Ready, and leases are renewed", async () => {
    await eventually(
      async () => {
        const [before, now] = [renewed.split(" "), (await renewals()).split(" ")];
        return now.some((time, index) => time > (before[index] ?? ""));
      },
      true,
      60,
    );
    expect(
      await project.read("hub", 'get nodes -o jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}'),
    ).toBe("True True True");
  });

  // test/lifecycle/destroy.cluster.test.ts does so by plan
  itWhole("`destroy` leaves nothing behind, volumes and addresses that were in use included", async () => {
    await project.succeed("destroy --yes --skip-preview");
    await eventually(() => project.inventory("hub"), empty);
  });
});
