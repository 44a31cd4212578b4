import { describe, expect, it } from "@jest/globals";
import { misfitsStill } from "../../../lifecycle/preview/schema-change";

type Schema = Record<string, unknown>;

const text = { type: "string" };
const definition = (spec: Schema, version = "v1") => ({
  kind: "CustomResourceDefinition",
  spec: {
    versions: [{ name: version, schema: { openAPIV3Schema: { type: "object", properties: { spec } } } }],
  },
});
const object = (properties: Schema, more: Schema = {}) => ({ type: "object", properties, ...more });
const misfit = (...faults: string[]) =>
  `failed to create typed patch object (shop/front; acme.example/v1, Kind=Page): ${faults.length > 1 ? "errors:\n  " : ""}${faults.join("\n  ")}`;
const TITLE = ".spec.title: expected string, got &value.valueUnstructured{Value:7}";
const SIZE = ".spec.size: field not declared in schema";

describe("an object that does not fit its kind's schema, which changes in the same plan", () => {
  const before = definition(object({ title: text }));
  const still = (message: string, after: Schema, from: Schema | undefined = before) =>
    misfitsStill(message, { before: from, after }, "v1");

  it("does not fit the new one either where the field's schema stays", () => {
    expect(still(misfit(TITLE), definition(object({ title: text, size: { type: "integer" } })))).toBe(true);
    expect(still(misfit(SIZE), definition(object({ title: text, colour: text })))).toBe(true);
  });

  it("may fit where the field's schema changes, is new, or anything is kept", () => {
    expect(still(misfit(TITLE), definition(object({ title: { type: "integer" } })))).toBe(false);
    expect(still(misfit(SIZE), definition(object({ title: text, size: { type: "integer" } })))).toBe(false);
    const open = definition(object({ title: text }, { "x-kubernetes-preserve-unknown-fields": true }));
    expect(still(misfit(SIZE), open)).toBe(false);
    expect(still(misfit(SIZE), definition(object({ title: text }, { additionalProperties: text })))).toBe(false);
  });

  it("does not fit as long as one of several faults stays", () => {
    const after = definition(object({ title: text, size: { type: "integer" } }));
    expect(still(misfit(SIZE, TITLE), after)).toBe(true);
    expect(still(misfit(SIZE), after)).toBe(false);
  });

  it("is looked at inside of lists and maps", () => {
    const pages = (title: Schema) => definition(object({ pages: { type: "array", items: object({ title }) } }));
    const inList = '.spec.pages[name="front page"].title: expected string, got 7';
    expect(still(misfit(inList), pages(text), pages(text))).toBe(true);
    expect(still(misfit(inList), pages({ type: "integer" }), pages(text))).toBe(false);
    const colours = (of: Schema) => definition(object({ colours: { type: "object", additionalProperties: of } }));
    expect(still(misfit(".spec.colours.sky: expected string, got 7"), colours(text), colours(text))).toBe(true);
    expect(still(misfit(".spec.colours.sky: expected string, got 7"), colours({}), colours(text))).toBe(false);
  });

  it("may fit where nobody knows what the schema was, of this version or at all", () => {
    const after = definition(object({ title: text }));
    expect(misfitsStill(misfit(TITLE), { before: undefined, after }, "v1")).toBe(false);
    expect(misfitsStill(misfit(TITLE), { before: definition(object({ title: text }), "v1beta1"), after }, "v1")).toBe(
      false,
    );
  });

  it("may fit where the API server names no field", () => {
    expect(still("failed to create typed patch object: no corresponding type", before)).toBe(false);
  });
});
