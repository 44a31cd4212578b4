import { beforeAll, describe, expect, it } from "@jest/globals";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import type { KubeObject } from "../../components/kube-object";
import { registerObjects, typeToken } from "../../components/objects";
import { acceptHooks } from "../support/mocked-hooks";

/** What the engine was told of one resource. */
interface Registered {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  readonly parent: string | undefined;
  readonly provider: string | undefined;
  readonly dependencies: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
}
const registered = new Map<string, Registered>();

/** A URN's last part. */
const nameOf = (urn: string) => urn.split("::")[3];

const secret: KubeObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "key", namespace: "shop" },
  data: { key: "c2VjcmV0" },
};
const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
const storageClass: KubeObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard" },
  provisioner: "ebs.csi.aws.com",
};

const definition: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.org" },
  spec: { group: "example.org", names: { kind: "Widget" }, scope: "Namespaced", versions: [] },
};

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
      call: () => ({}),
    },
    "team",
    "test",
    true,
  );
  acceptHooks();
  recordRegistrations();
  const parent = new pulumi.ComponentResource("fleetwright:components:ClusterPlatform", "hub", {});
  await registerObjects(
    "hub",
    [
      { component: "base", object: secret },
      { component: "base", object: namespace },
      { component: "storage-classes", object: storageClass },
      { component: "widgets", object: definition },
    ],
    (component) => `fleetwright:components:${component}`,
    {
      parent,
      provider: new Provider("hub", { context: "hub" }),
      replaced: new Set(["storage.k8s.io/StorageClass//standard"]),
      slots: 1,
    },
  );
  await pulumi.runtime.disconnect();
});

/** The mocks show a resource's inputs only; how it is registered stands in the request. */
function recordRegistrations(): void {
  const monitor = getMonitor() as unknown as {
    registerResource: (request: Request, done: unknown) => void;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    registered.set(`${request.getName()}`, {
      type: request.getType(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      parent: nameOf(request.getParent()),
      provider: nameOf(request.getProvider()),
      dependencies: request.getDependenciesList().map((urn) => nameOf(urn) ?? ""),
      replaceOnChanges: request.getReplaceonchangesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
    });
    register(request, done);
  };
}

interface Request {
  getName(): string;
  getType(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getReplaceonchangesList(): string[];
  getDeletebeforereplace(): boolean;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

describe("the type of a resource", () => {
  it.each([
    [{ apiVersion: "v1", kind: "Namespace" }, "kubernetes:core/v1:Namespace"],
    [{ apiVersion: "apps/v1", kind: "Deployment" }, "kubernetes:apps/v1:Deployment"],
    [
      { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: "NoLatest" },
      "kubernetes:constraints.gatekeeper.sh/v1beta1:NoLatest",
    ],
  ])("of %j is %s", (object, token) => {
    expect(typeToken({ ...object, metadata: { name: "x" } })).toBe(token);
  });
});

describe("the objects of a cluster", () => {
  it("are registered one by one, below their component, each with the cluster's provider", () => {
    expect(
      [...registered]
        .filter(([name]) => name.startsWith("hub:"))
        .map(([name, { type, parent, provider }]) => [name, type, parent, provider]),
    ).toEqual(
      expect.arrayContaining([
        ["hub:Namespace/shop", "kubernetes:core/v1:Namespace", "hub-base", "hub"],
        ["hub:Secret/shop/key", "kubernetes:core/v1:Secret", "hub-base", "hub"],
        ["hub:StorageClass/standard", "kubernetes:storage.k8s.io/v1:StorageClass", "hub-storage-classes", "hub"],
      ]),
    );
    expect([...registered.keys()].filter((name) => name.startsWith("hub:"))).toHaveLength(4);
  });

  it("are registered when the definitions are there, so that the provider reads the cluster's schema once", () => {
    const objects = [...registered.keys()].filter((name) => name.startsWith("hub:"));
    expect(objects[0]).toBe("hub:CustomResourceDefinition/widgets.example.org");
  });

  it("have components of their own type, below the cluster", () => {
    expect(registered.get("hub-base")).toMatchObject({ type: "fleetwright:components:base", parent: "hub" });
  });

  it("wait for what they depend on", () => {
    expect(registered.get("hub:Secret/shop/key")?.dependencies).toEqual(["hub:Namespace/shop"]);
    expect(registered.get("hub:Namespace/shop")?.dependencies).toEqual([]);
  });

  it("are replaced when an immutable field changes, the old one first", () => {
    expect(registered.get("hub:StorageClass/standard")).toMatchObject({
      replaceOnChanges: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
      deleteBeforeReplace: true,
    });
    expect(registered.get("hub:Namespace/shop")).toMatchObject({ replaceOnChanges: [], deleteBeforeReplace: false });
  });

  it("keep what a Secret holds from the state and the output", () => {
    const secretMark = "4dabf18193072939515e22adb298388d"; // the engine's own mark of values
    expect(registered.get("hub:Secret/shop/key")?.inputs.data).toMatchObject({
      [secretMark]: "1b47061264138c4ac30d75fd1eb44270",
      value: { key: "c2VjcmV0" },
    });
  });

  it("have an unknown value in a preview that knows them to be replaced", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"; // the engine's own mark of what is not known yet
    expect(registered.get("hub:StorageClass/standard")?.inputs.metadata).toEqual({
      name: "standard",
      annotations: { "fleetwright.dev/replaced": unknown },
    });
  });
});
