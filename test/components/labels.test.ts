import { describe, expect, it } from "@jest/globals";
import { objectLabels, selectorLabels } from "../../components/labels";

describe("labels", () => {
  it("of an object hold those that select it", () => {
    expect(objectLabels("cert-manager", "webhook")).toEqual({
      ...selectorLabels("cert-manager", "webhook"),
      "app.kubernetes.io/part-of": "fleetwright",
    });
    expect(selectorLabels("cert-manager")).toEqual({ "app.kubernetes.io/name": "cert-manager" });
  });

  it.each([
    ["Cert", undefined, 'labels: app.kubernetes.io/name is "Cert", must be a DNS label (RFC 1123)'],
    ["", undefined, 'app.kubernetes.io/name is ""'],
    ["-a", undefined, 'app.kubernetes.io/name is "-a"'],
    ["a".repeat(64), undefined, "at most 63"],
    ["cert-manager", "web hook", 'app.kubernetes.io/component is "web hook"'],
  ])("refuse %j %j", (name, component, sentence) => expect(() => objectLabels(name, component)).toThrow(sentence));
});
