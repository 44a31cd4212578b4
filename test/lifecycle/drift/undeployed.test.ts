/** What waits for `up`: told from what the state says was deployed. */
import { describe, expect, it } from "@jest/globals";
import { type KubeObject, keyOf } from "../../../components/kube-object";
import { countUndeployed } from "../../../lifecycle/drift/undeployed";

const pod = (...containers: readonly object[]): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop" },
  spec: { containers },
});
const count = (declared: KubeObject, deployed: KubeObject) =>
  countUndeployed([declared], new Map([[keyOf(deployed), { declared: deployed }]]));

describe("a declaration that was deployed", () => {
  it("waits for nothing, though the state leaves out what is empty in the items of a list", () => {
    const declared = pod({ name: "web", env: [{ name: "LEVEL", value: "" }], stdin: false });
    expect(count(declared, pod({ name: "web", env: [{ name: "LEVEL" }] }))).toBe(0);
  });

  it("waits for `up` when an item of a list is another one, is new, or is gone", () => {
    const deployed = pod({ name: "web", image: "a:1" });
    expect(count(pod({ name: "web", image: "a:2" }), deployed)).toBe(1);
    expect(count(pod({ name: "web", image: "a:1" }, { name: "log", image: "b:1" }), deployed)).toBe(1);
    expect(count(pod(), deployed)).toBe(1);
  });
});
