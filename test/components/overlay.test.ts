import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { leftOut, overlaid, withLabels, withoutDescriptions } from "../../components/overlay";

const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "a", labels: { app: "a", tier: "x" } },
};
const secret: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } };

describe("overlaid", () => {
  it("changes what has an overlay, keeps the rest and the order", () => {
    const changed = overlaid("demo", [service, secret], { "Secret/a": (object) => ({ ...object, type: "Opaque" }) });
    expect(changed).toEqual([service, { ...secret, type: "Opaque" }]);
  });

  it("leaves an object out", () =>
    expect(overlaid("demo", [service, secret], { "Service/a": leftOut })).toEqual([secret]));

  it("refuses an overlay whose object upstream no longer has", () =>
    expect(() => overlaid("demo", [service], { "Service/b": leftOut })).toThrow(
      "demo: an overlay changes Service/b, which upstream does not have: compare it with the new version",
    ));

  it("refuses an overlay whose object is not one", () =>
    expect(() => overlaid("demo", [service, service], { "Service/a": leftOut })).toThrow(
      "demo: an overlay changes Service/a, which upstream has 2 times: compare it with the new version",
    ));
});

it("withLabels adds labels and leaves the rest", () =>
  expect(withLabels(service, { app: "b", part: "c" }).metadata).toEqual({
    name: "a",
    labels: { app: "b", tier: "x", part: "c" },
  }));

it("withoutDescriptions takes the prose of a schema and nothing that decides", () => {
  const definition = (prose: object): KubeObject => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.example.com" },
    spec: {
      group: "example.com",
      versions: [
        {
          name: "v1",
          additionalPrinterColumns: [{ name: "A", type: "string", jsonPath: ".a", description: "kept" }],
          schema: {
            openAPIV3Schema: {
              ...prose,
              type: "object",
              required: ["description"],
              properties: {
                description: { ...prose, type: "string", enum: ["description"] },
                list: { type: "array", items: { ...prose, type: "string" } },
                map: { type: "object", additionalProperties: { ...prose, type: "string" } },
                open: { type: "object", additionalProperties: true, default: { description: "kept" } },
                either: {
                  anyOf: [{ ...prose, type: "string" }, { not: { ...prose } }],
                  "x-kubernetes-int-or-string": true,
                },
              },
            },
          },
        },
        { name: "v2" },
      ],
    },
  });
  expect(withoutDescriptions(definition({ description: "words" }))).toEqual(definition({}));
});
