/**
 * Kubernetes' own fixtures of the Pod Security Standards, in the version that PS-01 and PS-02 are written for: pods that
 * the API server lets pass, and pods that it fails. Each is judged by itself and as the template of other kinds.
 */
import { afterAll, describe, expect, it } from "@jest/globals";
import { catalogue } from "../../policies/engine/catalogue";
import {
  expectedOf,
  POD_SECURITY_MODULE,
  POD_SECURITY_VERSION,
  podSecurityFixtures,
} from "../../proofs/conformance/pod-security-fixture";

/** A kind of object that makes pods out of a template, and what stands before the template's own fields. */
const WRAPPERS = [
  { apiVersion: "apps/v1", kind: "Deployment", prefix: ["spec", "template"] },
  { apiVersion: "batch/v1", kind: "CronJob", prefix: ["spec", "jobTemplate", "spec", "template"] },
  { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", prefix: ["spec", "template"] },
];

const found = podSecurityFixtures();
const fixtures = found ?? [];
const skipped = found ? "" : ` (skipped: ${POD_SECURITY_MODULE} cannot be had here, and is in no module cache)`;

(found === undefined ? describe.skip : describe)(`Kubernetes' fixtures of Pod Security${skipped}`, () => {
  const counts = { missed: 0, falselyDenied: 0, wrapped: 0, differ: 0 };

  afterAll(() => {
    const { missed, falselyDenied, wrapped, differ } = counts;
    const ofPods = `${fixtures.length} fixtures, ${missed} missed, ${falselyDenied} falsely denied`;
    process.stdout.write(
      `Pod Security ${POD_SECURITY_VERSION}: ${ofPods}; ${wrapped} verdicts in other kinds, ${differ} differ\n`,
    );
  });

  it("are all read", () => {
    const count = (level: string, outcome: string) =>
      fixtures.filter((fixture) => fixture.level === level && fixture.outcome === outcome).length;
    expect({
      baseline: { pass: count("baseline", "pass"), fail: count("baseline", "fail") },
      restricted: { pass: count("restricted", "pass"), fail: count("restricted", "fail") },
    }).toEqual({ baseline: { pass: 15, fail: 34 }, restricted: { pass: 23, fail: 76 } });
  });

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))("%s", (_name, fixture) => {
    for (const { id, denies } of expectedOf(fixture)) {
      const paths = pathsOf(id, { apiVersion: "v1", kind: "Pod", ...fixture.pod });
      if (denies && paths.length === 0) counts.missed += 1;
      if (!denies && paths.length > 0) counts.falselyDenied += 1;
      expect({ id, denied: paths.length > 0, paths }).toEqual({ id, denied: denies, paths });
    }
  });

  it.each(WRAPPERS.map((wrapper) => [wrapper.kind, wrapper] as const))(
    "get the same verdicts in a %s",
    (_, wrapper) => {
      const { apiVersion, kind, prefix } = wrapper;
      const differ = fixtures.flatMap(({ name, pod }) => {
        const wrapped = { apiVersion, kind, metadata: { name: "wrapper" }, ...nested(prefix, pod) };
        return ["PS-01", "PS-02"]
          .filter((id) => {
            counts.wrapped += 1;
            const ofPod = pathsOf(id, { apiVersion: "v1", kind: "Pod", ...pod });
            const prefixed = ofPod.map((path) => `${prefix.join(".")}.${path}`);
            return JSON.stringify(pathsOf(id, wrapped)) !== JSON.stringify(prefixed);
          })
          .map((id) => `${id} ${name}`);
      });
      counts.differ += differ.length;
      expect(differ).toEqual([]);
    },
  );
});

function pathsOf(id: string, object: object): string[] {
  return catalogue()
    .violations(catalogue().rule(id), object, {})
    .map(({ path }) => path);
}

const nested = (fields: readonly string[], value: object) =>
  fields.reduceRight<object>((inner, field) => ({ [field]: inner }), value);
