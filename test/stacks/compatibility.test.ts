import { describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { PROGRAMS } from "../../components/compatibility";
import { readImageLock } from "../../components/images";
import { readUpstreamLock } from "../../components/upstream/lock";
import { EnvironmentError, parseEnvironment } from "../../stacks/environment";
import { environmentSchema } from "../../stacks/environment-schema";
import { sandboxEnvironment } from "../support/environments";

function faults(kubernetes: string, components: object): string[] {
  const file = sandboxEnvironment();
  const clusters = Object.fromEntries(
    Object.entries(file.clusters).map(([name, its]) => [name, { ...its, kubernetes }]),
  );
  try {
    parseEnvironment(stringify({ ...file, clusters, components }), "environments/dev.yaml");
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map(({ message, path }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe("an environment", () => {
  it("is refused when a cluster's Kubernetes is none that its programs are made for, one fault each", () => {
    const said = faults("1.31", {});
    expect(said).toContainEqual(expect.stringMatching(/^clusters\.hub\.kubernetes: Istio .* 1\.32 to 1\.36/));
    expect(said).toContainEqual(expect.stringMatching(/^clusters\.hub\.kubernetes: cert-manager .* 1\.33 to 1\.36/));
  });

  it("is not asked about what somebody else installs", () => {
    const said = faults("1.31", { istio: { management: "external" }, certManager: { management: "external" } });
    expect(said.join()).not.toMatch(/Istio|cert-manager/);
  });

  it("is not asked about Velero where there is no bucket for backups", () => {
    const file = { ...sandboxEnvironment(), sandbox: undefined, secretStore: undefined };
    const clusters = { hub: { ...file.clusters.hub, kubernetes: "1.31" } };
    const said = (velero: object) => {
      const objectStore = { kind: "s3", region: "eu", buckets: { thanos: "thanos-bucket", ...velero } };
      const text = stringify({
        purpose: "production",
        owner: "platform",
        clusters,
        objectStore,
        storageClasses: file.storageClasses,
        images: file.images,
      });
      try {
        parseEnvironment(text, "environments/dev.yaml");
      } catch (error) {
        return String(error);
      }
      return "";
    };
    expect(said({})).not.toMatch(/Velero/);
    expect(said({ velero: "velero-bucket" })).toMatch(/Velero v.* is made for/);
  });

  it("is accepted as the sandbox has it", () => expect(faults("1.35", {})).toEqual([]));
});

describe("the table of versions", () => {
  const settings = Object.keys(environmentSchema.shape.components.unwrap().shape);

  it.each(PROGRAMS)("tells a way out that $setting has", ({ elsewhere = ["external", "off"], setting }) => {
    const others = elsewhere.map((management) => faults("1.35", { [setting]: { management } }));
    expect(others.flat().filter((fault) => fault.includes("management"))).toEqual([]);
    expect(faults("1.35", { [setting]: { management: "nobody" } }).join()).toMatch(
      elsewhere.length > 0 ? /must be managed/ : /no such field/,
    );
  });

  it("names images and definitions as the locks do, where the platform has them", () => {
    const [images, upstream] = [readImageLock(), readUpstreamLock()];
    for (const { definitions, image, setting } of PROGRAMS.filter((program) => settings.includes(program.setting))) {
      expect([setting, Object.keys(images).includes(image)]).toEqual([setting, true]);
      if (definitions) expect([setting, Object.keys(upstream).includes(definitions)]).toEqual([setting, true]);
    }
  });
});
