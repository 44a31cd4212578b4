/** What is said to decide ten objects of eight components is what a reviewer read in `test/golden/decisions.yaml`: a faster search finds no less. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse, stringify } from "yaml";
import { ensureUpstream } from "../../components/upstream";
import { printPath } from "../../policies/engine/path";
import { parseEnvironment } from "../../stacks/environment";
import { provenanceOf } from "../../stacks/provenance";
import { sandboxEnvironment } from "../support/environments";

/** Objects by themselves, one that others add to, one that looks at all others, a rule, and a definition of upstream's. */
const OBJECTS = [
  ["identity", "/ConfigMap/fleetwright-system/identity"],
  ["cluster-base", "networking.k8s.io/NetworkPolicy/cert-manager/default-deny"],
  ["cluster-base", "/ResourceQuota/shop/tenant-size"],
  ["storage-classes", "storage.k8s.io/StorageClass//standard"],
  ["cert-manager", "apps/Deployment/cert-manager/cert-manager"],
  ["gatekeeper", "constraints.gatekeeper.sh/FleetwrightImageRegistry//im-03"],
  ["istio", "apps/Deployment/istio-system/istiod"],
  ["metrics-server", "apps/Deployment/metrics-server/metrics-server"],
  ["cert-manager", "apiextensions.k8s.io/CustomResourceDefinition//certificates.cert-manager.io"],
  ["prometheus", "monitoring.coreos.com/Prometheus/prometheus/prometheus"],
] as const;

const sandbox = sandboxEnvironment();
const { istio: _, metricsServer: __, prometheus: ___, ...components } = sandbox.components as Record<string, unknown>;
const spec = { ...sandbox, components };

const FILE = join(__dirname, "..", "golden", "decisions.yaml");

/** Of each setting that decides something, which fields; settings of which no other value could be tried. */
async function decisionsOn(component: string, key: string) {
  const environment = parseEnvironment(stringify(spec), "dev.yaml");
  const found = await provenanceOf(environment, spec, { cluster: "hub", component, key }, { seconds: 300 });
  return {
    tried: found.tried,
    unknown: found.unknown.map(({ path }) => printPath(path)),
    decisions: Object.fromEntries(
      found.decisions.map(({ existence, fields, holds, path }) => [
        printPath(path) || "the file's name",
        [
          ...(existence ? ["whether it is made"] : []),
          ...fields,
          ...(holds ? [] : ["with something else of the file"]),
        ],
      ]),
    ),
  };
}

beforeAll(() => ensureUpstream(), 300_000);

describe("what decides an object", () => {
  if (process.env.GOLDEN === "write") {
    it("is written for who reviews it", async () => {
      const all: Record<string, unknown> = {};
      for (const [component, key] of OBJECTS) all[`${component} ${key}`] = await decisionsOn(component, key);
      writeFileSync(FILE, stringify(all, { lineWidth: 0 }));
    });
  }

  it.each(OBJECTS)("of %s, %s, is what was reviewed", async (component, key) => {
    const reviewed = parse(readFileSync(FILE, "utf8")) as Record<string, unknown>;
    expect(await decisionsOn(component, key)).toEqual(reviewed[`${component} ${key}`]);
  });
});
