import { describe, expect, it } from "@jest/globals";
import { kubernetesFault, minorOf, PROGRAMS, versionFault } from "../../components/compatibility";

const istio = PROGRAMS.find(({ setting }) => setting === "istio");
if (!istio) throw new Error("Istio is a program of the platform");
const installed = { program: istio, version: "1.30.3-distroless", definitions: "1.30.3" };

describe("a set of versions", () => {
  it.each(["1.32", "1.35", "1.36"])("is fine on a minor of Kubernetes that the program is made for: %s", (minor) =>
    expect(kubernetesFault(installed, minor)).toBeUndefined(),
  );

  it.each(["1.31", "1.37"])("is refused outside of it, with the range, its source and the way out: %s", (minor) =>
    expect(kubernetesFault(installed, minor)).toBe(
      "Istio 1.30.3-distroless is made for Kubernetes 1.32 to 1.36 (https://istio.io/latest/docs/releases/supported-releases/): " +
        "choose such a minor, or say management: external or off for istio",
    ),
  );

  it("tells no way out that there is not", () => {
    const gatekeeper = PROGRAMS.find(({ setting }) => setting === "gatekeeper") ?? istio;
    expect(kubernetesFault({ program: gatekeeper, version: "v3.23.1" }, "1.30")).toMatch(/: choose such a minor$/);
  });

  it("is refused for a minor of a program of which nothing is known", () =>
    expect(versionFault({ ...installed, version: "1.31.1" })).toBe(
      "Istio 1.31.1 (image istio-pilot) is of no supported minor: it is not known what it runs on, must be of 1.30",
    ));

  it("is refused where a program runs beside definitions of another minor", () => {
    expect(versionFault(installed)).toBeUndefined();
    expect(versionFault({ ...installed, definitions: "1.29.2" })).toContain("runs beside definitions of 1.29.2");
  });

  it("has a source for each range, and bounds that a cluster can meet", () => {
    for (const { supported } of PROGRAMS) {
      for (const { least, most = 99, source } of supported) {
        expect(source).toMatch(/^https:\/\//);
        expect(least).toBeLessThanOrEqual(35);
        expect(most).toBeGreaterThanOrEqual(35);
      }
    }
  });

  it.each([
    ["v1.21.2", "1.21"],
    ["1.30.3-distroless", "1.30"],
    ["0.152.0", "0.152"],
    ["latest", undefined],
    ["12", undefined],
  ])("reads the minor of %s", (version, minor) => expect(minorOf(version)).toBe(minor));
});
