/** What is said of violations: every one where a run is refused, and the first few of each rule where it is not. */
import { describe, expect, it } from "@jest/globals";
import { type Judgement, shortViolationLines, violationLines } from "../../lifecycle/judgement";

type Violation = Judgement["violations"][number];

const violation = (id: string, name: string, cluster: string): Violation => ({
  id,
  rule: "image-digest",
  verdict: "deny",
  level: "warn",
  resource: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name },
  refuses: false,
  path: "spec",
  message: `${id} of ${name}`,
  cluster,
});

const five = ["a", "b", "c", "d", "e"].map((name) => violation("IM-02", name, "hub"));

describe("violations", () => {
  it("are one line for all clusters that have them", () => {
    expect(violationLines([violation("IM-02", "a", "hub"), violation("IM-02", "a", "east")])).toEqual([
      "warn  Deployment/a: IM-02 of a (hub, east)",
    ]);
  });

  it("are all said where they refuse a run", () => {
    expect(violationLines(five)).toHaveLength(5);
  });

  it("are folded rule by rule where they do not, and a rule that has few is not hidden behind one that has many", () => {
    const lines = shortViolationLines([...five, violation("IM-01", "z", "hub")]);
    expect(lines).toHaveLength(5);
    expect(lines[3]).toBe("…     and 2 more by IM-02: `pulumi preview` lists each at its resource");
    expect(lines[4]).toBe("warn  Deployment/z: IM-01 of z (hub)");
  });
});
