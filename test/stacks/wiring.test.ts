import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { ensureUpstream } from "../../components/upstream";
import { danglingReferences } from "../../components/wiring";
import { type Environment, loadEnvironment } from "../../stacks/environment";
import { environmentWiring, wiredClusters } from "../../stacks/wiring";

const root = join(__dirname, "..", "..");

describe("what an environment becomes", () => {
  beforeAll(async () => {
    await ensureUpstream();
  });

  it.each([
    ["dev", "."],
    ["dev", "examples/minimal"],
    ["prod", "examples/prod"],
  ])("fits together: %s of %s", (name, project) =>
    expect(environmentWiring(loadEnvironment(name, join(root, project)))).toEqual([]),
  );

  it("has one series where two replicas of Prometheus send it: queries leave out the label by which they differ", () => {
    const objects = wiredClusters(loadEnvironment("dev", root)).flatMap(({ wired }) => wired.objects);
    const spec = (kind: string, name: string) =>
      objects.find((object) => object.kind === kind && object.metadata.name === name)?.spec;
    const { replicaExternalLabelName } = spec("Prometheus", "prometheus") as { replicaExternalLabelName: string };
    const { template } = spec("Deployment", "thanos-query") as {
      template: { spec: { containers: { args: string[] }[] } };
    };
    expect(template.spec.containers[0]?.args).toContain(`--query.replica-label=${replicaExternalLabelName}`);
  });

  describe("is found out", () => {
    let hub: ReturnType<typeof wiredClusters>[number];
    beforeAll(() => {
      const minimal: Environment = loadEnvironment("dev", join(root, "examples/minimal"));
      const [only] = wiredClusters(minimal);
      if (!only) throw new Error("the minimal environment has one cluster");
      hub = only;
    });

    it("when a Service, a Secret's maker or an account of the real platform is gone", () => {
      const lost = (kind: string, name: string) =>
        danglingReferences({
          ...hub.wired,
          objects: hub.wired.objects.filter((object) => object.kind !== kind || object.metadata.name !== name),
        }).join("\n");
      expect(lost("Service", "opentelemetry-gateway")).toContain("names Service opentelemetry/opentelemetry-gateway");
      expect(lost("Certificate", "opentelemetry-gateway")).toContain("names Secret opentelemetry/");
      expect(lost("ServiceAccount", "cert-manager")).toContain("names ServiceAccount cert-manager/cert-manager");
    });

    it("when a flow of the real platform is gone", () => {
      const { flows } = hub.wired;
      const said = danglingReferences({ ...hub.wired, flows: flows.filter(({ from }) => from !== "control-plane") });
      expect(said.join("\n")).toContain("but no flow lets the control plane call its pods");
    });
  });
});
