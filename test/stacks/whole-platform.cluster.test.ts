/**
 * Every object of the whole platform, as the dev environment renders it for its hub and for a spoke, in front of a real
 * API server: schema, defaults and the rules in the definitions themselves (CEL). Nothing of it is kept but what the
 * others need in order to be judged.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { clusterObjects } from "../../components/cluster-parts";
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { clusterArgs } from "../../stacks/cluster-args";
import { loadEnvironment } from "../../stacks/environment";
import { TestProject } from "../support/project";

jest.setTimeout(900_000);

const project = new TestProject();

const objectsOf = (cluster: string): KubeObject[] =>
  clusterObjects(clusterArgs(loadEnvironment("dev", packageRoot()), cluster, "dev")).map(({ object }) => object);

/** Gatekeeper makes these kinds from its templates, and it does not run here; gatekeeper.cluster.test.ts has them. */
const isConstraint = ({ apiVersion }: KubeObject) => apiVersion.startsWith("constraints.gatekeeper.sh/");
const isKept = ({ kind }: KubeObject) => ["CustomResourceDefinition", "Namespace", "PriorityClass"].includes(kind);

/** What kubectl says against the objects; in small heaps, for a busy API server takes its time over definitions. */
async function apply(objects: readonly KubeObject[], ...more: readonly string[]): Promise<string[]> {
  const command = ["apply --server-side", ...more, "-f -"].join(" ");
  const refusals: string[] = [];
  for (let from = 0; from < objects.length; from += HEAP) {
    const { exitCode, text } = await project.kubectl("hub", command, objects.slice(from, from + HEAP));
    if (exitCode !== 0) refusals.push(text.replaceAll(/^.*serverside-applied.*\n?/gm, ""));
  }
  return refusals;
}

const HEAP = 40;

beforeAll(async () => {
  await ensureUpstream();
  await project.start("hub");
  const kept = [...objectsOf("hub"), ...objectsOf("east")].filter(isKept);
  const once = [...new Map(kept.map((object) => [`${object.kind}/${object.metadata.name}`, object])).values()];
  expect(await apply(once)).toEqual([]);
  await project.read("hub", "wait --for=condition=Established crd --all --timeout=120s");
}, 600_000);

afterAll(() => project.dispose(), 60_000);

describe("the whole platform", () => {
  it.each(["hub", "east"])("is taken by a real API server, object by object: %s", async (cluster) => {
    const judged = objectsOf(cluster).filter((object) => !isKept(object) && !isConstraint(object));
    expect(judged.length).toBeGreaterThan(300);
    expect(await apply(judged, "--dry-run=server")).toEqual([]);
  });

  it("is refused where one field of one object is misspelt, which shows that the others were looked at", async () => {
    const [monitor] = objectsOf("hub").filter(({ kind }) => kind === "PodMonitor");
    const misspelt = { ...monitor, spec: { ...(monitor?.spec as object), selector: { matchLables: {} } } };
    const refusals = await apply([misspelt as KubeObject], "--dry-run=server");
    expect(refusals.join()).toContain("matchLables");
  });
});
