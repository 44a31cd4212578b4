/** Every line of the table of immutable fields, tried on a real API server. The tests follow one another. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { immutableFields } from "../../components/immutable-fields";
import type { KubeObject } from "../../components/kube-object";
import { killCluster } from "../../sandbox/sandbox";
import { sandboxEnvironment } from "../support/environments";
import { TestProject } from "../support/project";
import { registersOnly } from "../support/raw-program";

jest.setTimeout(900_000);

/** For each field of the table the rest of an object, its value at first, and another. */
const tries: Readonly<Record<string, readonly [rest: object, before: unknown, after: unknown]>> = {
  "StorageClass provisioner": [{}, "ebs.csi.aws.com", "pd.csi.storage.gke.io"],
  "StorageClass parameters": [{ provisioner: "ebs.csi.aws.com" }, { type: "gp3" }, { type: "io2" }],
  "StorageClass reclaimPolicy": [{ provisioner: "ebs.csi.aws.com" }, "Delete", "Retain"],
  "StorageClass volumeBindingMode": [{ provisioner: "ebs.csi.aws.com" }, "Immediate", "WaitForFirstConsumer"],
  "RoleBinding roleRef": [{}, roleRef("view"), roleRef("edit")],
  "ClusterRoleBinding roleRef": [{}, roleRef("view"), roleRef("edit")],
  "CSIDriver spec.attachRequired": [{}, true, false],
  "CSIDriver spec.volumeLifecycleModes": [{}, ["Persistent"], ["Persistent", "Ephemeral"]],
  "PriorityClass value": [{}, 10, 20],
  "PriorityClass preemptionPolicy": [{ value: 10 }, "Never", "PreemptLowerPriority"],
  "IngressClass spec.controller": [{}, "acme.example/one", "acme.example/two"],
  "RuntimeClass handler": [{}, "runc", "runsc"],
};

const fields = immutableFields.flatMap(({ group, kind, paths }) => paths.map((path) => ({ group, kind, path })));
const nameOf = (kind: string, path: string) => `${kind}-${path}`.toLowerCase().replace(/[^a-z]+/g, "-");

/** One object per field, with its first value or with the other. */
function objects(value: "before" | "after"): KubeObject[] {
  return fields.map(({ group, kind, path }) => {
    const [rest, before, after] = tries[`${kind} ${path}`] ?? [{}, undefined, undefined];
    const chosen = value === "before" ? before : after;
    const [outer = "", inner] = path.split(".");
    return {
      apiVersion: `${group}/v1`,
      kind,
      metadata: { name: nameOf(kind, path), ...(kind === "RoleBinding" && { namespace: "default" }) },
      ...rest,
      [outer]: inner === undefined ? chosen : { [inner]: chosen },
    };
  });
}

function roleRef(name: string) {
  return { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
}

const project = new TestProject();
const resources = fields.map(({ kind, path }) =>
  [kind, ...(kind === "RoleBinding" ? ["default"] : []), nameOf(kind, path)].join("/"),
);
const all = (verb: string, text: string) =>
  [...text.matchAll(new RegExp(` hub:(\\S+) ${verb}`, "g"))].map(([, name]) => name).sort();

beforeAll(async () => {
  const off = Object.fromEntries(["SC-01", "SC-02", "SC-03", "SC-08"].map((rule) => [rule, "off"]));
  project.environment("test", { ...sandboxEnvironment(), policy: { levels: off } });
  await project.stack("test", "test");
  await project.start("hub");
  registersOnly(project, objects("before"));
  await project.succeed("up --yes --skip-preview");
});
afterAll(() => project.dispose());

describe("the table of immutable fields", () => {
  it("has a try for each field", () => {
    expect(Object.keys(tries)).toEqual(fields.map(({ kind, path }) => `${kind} ${path}`));
  });

  it.each(objects("after").map((object, index) => [`${fields[index]?.kind} ${fields[index]?.path}`, object] as const))(
    "is right about %s: the API server refuses another value",
    async (_, object) => {
      const { exitCode, text } = await project.kubectl(
        "hub",
        "apply --server-side --force-conflicts --dry-run=server -f -",
        [object],
      );
      expect(text).toMatch(
        /is invalid: .*(immutable|Forbidden: (updates to|may not be changed)|cannot change roleRef)/s,
      );
      expect(exitCode).toBe(1);
    },
  );
});

describe("a change of every one", () => {
  it("is announced as replacements by a preview of the live cluster", async () => {
    registersOnly(project, objects("after"));
    const { text } = await project.succeed("preview");
    expect(all("replace", text)).toEqual([...resources].sort());
  });

  it("is announced as replacements while the cluster cannot be reached", async () => {
    await killCluster(project.sandbox, "hub");
    try {
      const { text } = await project.succeed("preview");
      expect(text).toContain("cluster hub cannot be reached");
      expect(all("replace", text)).toEqual([...resources].sort());
    } finally {
      await project.start("hub");
    }
  });

  it("is carried out by `up`, and a preview finds nothing to do", async () => {
    const { text } = await project.succeed("up --yes --skip-preview");
    expect(text).toMatch(new RegExp(`\\+-\\s?${fields.length} replaced`));
    await project.succeed("preview --expect-no-changes");
  });
});
