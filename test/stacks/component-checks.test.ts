import { describe, expect, it } from "@jest/globals";
import { componentFaults } from "../../stacks/component-checks";

const faults = (file: Readonly<Record<string, unknown>>) =>
  componentFaults(file).map(({ message, path }) => `${path.join(".")}: ${message}`);

const slos = { checkout: { sli: { kind: "istio" } }, api: { sli: { kind: "availability" } } };
const clusters = { hub: { role: "hub" }, east: {} };
const storageClasses = { standard: {}, fast: { clusters: ["hub"] }, far: { clusters: ["east"] } };

describe("what an environment asks of its components", () => {
  it("is refused of an objective that a mesh would measure which is off", () => {
    expect(faults({ slos, components: { istio: { management: "off" } } })).toEqual([
      "slos.checkout.sli.kind: is measured by the mesh, which is off in this environment: set components.istio.management to managed or external, or take another kind",
    ]);
    expect(faults({ slos, components: { istio: { management: "external" } } })).toEqual([]);
    expect(faults({ slos })).toEqual([]);
  });

  it.each(["external", "off"])("is refused of experiments that nothing would end: Prometheus is %s", (management) => {
    expect(faults({ experiments: { kill: {} }, components: { prometheus: { management } } })).toEqual([
      "experiments: are ended by answers of Prometheus, which is not managed in this environment: set components.prometheus.management to managed, or declare no experiment",
    ]);
    expect(faults({ experiments: {}, components: { prometheus: { management } } })).toEqual([]);
  });

  it("is taken of experiments where Prometheus is managed", () =>
    expect(faults({ experiments: { kill: {} } })).toEqual([]));

  it.each([
    ["prometheus", "storageClassName"],
    ["loki", "storageClass"],
    ["grafana", "storageClass"],
  ])("is refused of %s in a storage class that there is not", (component, field) => {
    const file = { clusters, storageClasses, components: { [component]: { [field]: "gold" } } };
    expect(faults(file)).toEqual([
      `components.${component}.${field}: no such class: storageClasses has standard, fast, far`,
    ]);
    const isOff = { [component]: { [field]: "gold", management: "off" } };
    expect(faults({ ...file, components: isOff })).toEqual([]);
  });

  it("is refused of volumes in a cluster that does not have their class", () => {
    const of = (components: object) => faults({ clusters, storageClasses, components });
    expect(of({ prometheus: { storageClassName: "fast" } })).toEqual([
      "components.prometheus.storageClassName: cluster east has no such class: name it in storageClasses.fast.clusters",
    ]);
    expect(of({ loki: { storageClass: "far" } })).toEqual([
      "components.loki.storageClass: cluster hub has no such class: name it in storageClasses.far.clusters",
    ]);
    expect(of({ loki: { storageClass: "fast" }, grafana: { storageClass: "standard" } })).toEqual([]);
  });
});
