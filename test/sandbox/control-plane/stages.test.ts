import { describe, expect, it } from "@jest/globals";
import { podNamePattern, readStages } from "../../../sandbox/control-plane/stages";
import { hostPrograms } from "../../../sandbox/host-programs";

const stage = (name: string, programs = hostPrograms) => {
  const found = readStages(programs).find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no stage ${name}`);
  return found;
};

describe("the KWOK stages", () => {
  it("are those of nodes and pods, each named as its file", () => {
    expect(readStages(hostPrograms).map(({ metadata, spec }) => `${spec.resourceRef.kind} ${metadata.name}`)).toEqual([
      "Node node-heartbeat",
      "Node node-initialize",
      "Pod pod-complete",
      "Pod pod-delete",
      "Pod pod-ready",
    ]);
  });

  it("make no pod of a host program Ready", () => {
    const rules = (programs: typeof hostPrograms) => stage("pod-ready", programs).spec.selector.matchExpressions;
    expect(rules(hostPrograms)).toHaveLength(rules([]).length + hostPrograms.length);
    expect(rules(hostPrograms)).toContainEqual({
      jq: {
        key: '.metadata | select( .namespace == "gatekeeper-system" and ( .name | test("^gatekeeper-audit-[a-z0-9]+-[a-z0-9]{5}$") ) ) | .name',
        operator: "DoesNotExist",
      },
    });
  });

  it("delete the pods of host programs as any other", () => {
    expect(stage("pod-delete")).toEqual(stage("pod-delete", []));
  });
});

describe("the name of a Deployment's pod", () => {
  const pattern = new RegExp(podNamePattern("gatekeeper-audit"));

  it.each(["gatekeeper-audit-58657548c7-h5mz8", "gatekeeper-audit-abc-2x4k9"])("may be %s", (name) => {
    expect(pattern.test(name)).toBe(true);
  });

  it.each(["gatekeeper-audit", "gatekeeper-audit-0", "gatekeeper-audit-more-58657548c7-h5mz8"])("is not %s", (name) => {
    expect(pattern.test(name)).toBe(false);
  });
});
