/** The message as google-protobuf makes it, beside ours: a copy of it is loaded before ours takes its place. */
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import { ensureUpstream } from "../../../components/upstream";
import { parseEnvironment } from "../../../stacks/environment";
import { renderedObjects } from "../../../stacks/render";
import { sandboxEnvironment } from "../../support/environments";

type Messages = typeof import("google-protobuf/google/protobuf/struct_pb");

let theirs: Messages;
let ours: Messages;

beforeAll(async () => {
  await ensureUpstream();
  jest.isolateModules(() => {
    theirs = require("google-protobuf/google/protobuf/struct_pb");
  });
  ours = require("google-protobuf/google/protobuf/struct_pb");
  require("../../../policies/pack/linear-structs");
}, 300_000);

const OBJECTS: [string, Record<string, never>][] = Object.entries({
  nothing: {},
  "values of each kind": { text: "é\u{1F600}", none: "", one: 1.5, zero: 0, yes: true, no: false, nothing: null },
  "numbers at the edges": { a: -0, b: Number.MAX_SAFE_INTEGER, c: 5e-324, d: -1e308, e: Number.POSITIVE_INFINITY },
  "keys that are not in order": { b: 1, a: { d: 1, c: 2 }, B: 3, "10": 4, "9": 5 },
  "lists and objects in one another": { a: [[], [{}], [[1, [null, "x"]], { b: [{ c: [] }] }]] },
}) as never;

/** Every object of a small platform, the definitions of kinds among them. */
const platform = () =>
  renderedObjects(parseEnvironment(stringify(sandboxEnvironment()), "dev.yaml")).map(
    ({ object }) => JSON.parse(JSON.stringify(object)) as Record<string, never>,
  );

const written = ({ Struct }: Messages, object: Record<string, never>) =>
  Buffer.from(Struct.fromJavaScript(object).serializeBinary()).toString("base64");

describe("objects on their way to the engine", () => {
  it("are two copies of the message, of which one is ours", () => {
    expect(ours.Struct).not.toBe(theirs.Struct);
    expect(ours.Struct.fromJavaScript).not.toEqual(theirs.Struct.fromJavaScript);
  });

  it.each(OBJECTS)("are, byte by byte, what google-protobuf writes: %s", (_, object) => {
    expect(written(ours, object)).toBe(written(theirs, object));
  });

  it("are, byte by byte, what google-protobuf writes: a platform", () => {
    const objects = platform();
    expect(objects.some(({ kind }) => kind === "CustomResourceDefinition")).toBe(true);
    expect(objects.map((object) => written(ours, object))).toEqual(objects.map((object) => written(theirs, object)));
  });

  it("have what was set by other functions of the message", () => {
    const [mine, other] = [ours, theirs].map(({ Struct, Value }) => {
      const struct = Struct.fromJavaScript({ a: { b: "c" } });
      const inner = struct.getFieldsMap().get("a")?.getStructValue();
      inner?.getFieldsMap().set("d", Value.fromJavaScript(["e"]));
      struct.getFieldsMap().set("f", Value.fromJavaScript({ g: 1 }));
      return { bytes: Buffer.from(struct.serializeBinary()).toString("base64"), object: struct.toJavaScript() };
    });
    expect(mine).toEqual(other);
    expect(mine?.object).toEqual({ a: { b: "c", d: ["e"] }, f: { g: 1 } });
  });

  it("are refused where a value has no place in the message, in the same words", () => {
    const object = { a: undefined } as unknown as Record<string, never>;
    expect(() => theirs.Struct.fromJavaScript(object)).toThrow("Unexpected struct type.");
    expect(() => ours.Struct.fromJavaScript(object)).toThrow("Unexpected struct type.");
  });
});

describe("objects on their way from the engine", () => {
  it.each(OBJECTS)("are what google-protobuf reads: %s", (_, object) => {
    const bytes = theirs.Struct.fromJavaScript(object).serializeBinary();
    expect(ours.Struct.deserializeBinary(bytes).toJavaScript()).toEqual(object);
    expect(ours.Struct.deserializeBinary(bytes).toObject()).toEqual(theirs.Struct.deserializeBinary(bytes).toObject());
  });

  it("are written again as they came", () => {
    for (const object of platform()) {
      const bytes = theirs.Struct.fromJavaScript(object).serializeBinary();
      const read = ours.Struct.deserializeBinary(bytes);
      expect(Buffer.from(read.serializeBinary()).equals(Buffer.from(bytes))).toBe(true);
    }
  });

  it("are read to their end and no further, inside of another message", () => {
    const { ListValue } = ours;
    const bytes = theirs.ListValue.fromJavaScript([{ a: [{ b: 1 }] }, "after", { c: null }] as never).serializeBinary();
    expect(ListValue.deserializeBinary(bytes).toJavaScript()).toEqual([{ a: [{ b: 1 }] }, "after", { c: null }]);
  });

  it("may have fields that nobody knows, which are passed over", () => {
    const known = theirs.Struct.fromJavaScript({ a: 1 } as never).serializeBinary();
    const unknown = [...known, 0x10, 0x07]; // field 2, a number
    expect(ours.Struct.deserializeBinary(Uint8Array.from(unknown)).toJavaScript()).toEqual({ a: 1 });
  });
});
