import { beforeAll, describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { AdmissionUnprovable, admissionPods } from "../../../lifecycle/drill/admission-pods";
import { loadEnvironment } from "../../../stacks/environment";
import { policyParameters } from "../../../stacks/policy-parameters";

beforeAll(() => ensureUpstream(), 300_000);

const environment = loadEnvironment("dev", packageRoot());

describe("the Pods that prove admission", () => {
  it("differ in the image alone, and only the one is refused", () => {
    const { allowed, refused, sentences } = admissionPods(environment, "east");
    const image = /"image":"[^"]+"/;
    expect(allowed.replace(image, "")).toBe(refused.replace(image, ""));
    expect(sentences[0]).toContain("registry.example/fleetwright/drill:latest, which moves");
    expect(`${allowed}${refused}`).not.toContain("'"); // they stand between single quotes
  });

  it("are none where no rule would refuse, where all is refused, or while the cluster refuses nothing", () => {
    const parameters = policyParameters(environment);
    const settings = (change: (id: string) => object) => {
      const of = parameters.clusters["dev/east"];
      const rules = Object.fromEntries(
        Object.entries(of?.rules ?? {}).map(([id, rule]) => [id, { ...rule, ...change(id) }]),
      );
      return { ...parameters, clusters: { "dev/east": { ...of, rules } } } as typeof parameters;
    };
    const pods = (change: (id: string) => object) => () => admissionPods(environment, "east", settings(change));
    expect(pods(() => ({ level: "warn" }))).toThrow(/no rule of cluster east refuses a Pod with the image/);
    expect(pods((id) => (id === "PS-05" || id === "IM-01" ? { level: "deny" } : { level: "warn" }))).not.toThrow();
    expect(pods((id) => (id === "IM-03" ? { parameters: { registries: ["other.example"] } } : {}))).toThrow(
      /cluster east refuses the Pod that must pass/,
    );
    const clusters = { ...environment.clusters, east: { ...environment.clusters.east, policyPhase: "recover" } };
    expect(() => admissionPods({ ...environment, clusters } as typeof environment, "east")).toThrow(
      AdmissionUnprovable,
    );
  });
});
