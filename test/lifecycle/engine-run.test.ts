import { describe, expect, it } from "@jest/globals";
import { EngineRunError, isStarved } from "../../lifecycle/engine-run";

const TIMEOUT =
  '    error: resource "urn:pulumi:dev::p::t::n" was not successfully created by the Kubernetes API server: Timeout: request did ' +
  "not complete within requested timeout - context deadline exceeded";
const run = (...lines: string[]) =>
  new EngineRunError(["`pulumi up` failed with 1:", "Diagnostics:", ...lines, "All of it stands in x.log."].join("\n"));

describe("a run of the engine", () => {
  it("failed of starvation where an API server took too long over each request that failed", () => {
    expect(isStarved(run(TIMEOUT, "    error: update failed"))).toBe(true);
    expect(isStarved(run(TIMEOUT, TIMEOUT, "    error: destroy failed"))).toBe(true);
  });

  it("failed for another reason where anything else went wrong, or nothing is said", () => {
    expect(isStarved(run(TIMEOUT, "    error: admission webhook denied the request", "    error: update failed"))).toBe(
      false,
    );
    expect(isStarved(run("    error: update failed"))).toBe(false);
    expect(isStarved(run("    warning: a request did not complete within requested timeout"))).toBe(false);
  });
});
