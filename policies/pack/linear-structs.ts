/**
 * Objects on their way to and from the engine, in time that grows with their size alone. google-protobuf 3 walks through all
 * that is inside of an object at each of its levels, when it writes and when it reads, so that a schema of twenty levels
 * is walked through twenty times: 2,016 objects of three clusters take 5.0 s to write and 4.9 s to read, most of it for the
 * definitions of kinds; here 0.9 and 1.0 s. The engine waits for both.
 *
 * What is replaced is how a `google.protobuf.Struct` is made, read, written and turned into an object; what comes of it is the same,
 * byte by byte.
 *
 * @see https://protobuf.dev/reference/protobuf/google.protobuf/#struct the messages
 */
import { createRequire } from "node:module";
import { type BinaryReader, type BinaryWriter, Message } from "google-protobuf";
import type { JavaScriptValue, Struct as StructClass } from "google-protobuf/google/protobuf/struct_pb";

/** A message as google-protobuf keeps it: each field at its number less one. */
type Row = unknown[];
type Entry = [key: string, value: Row];

/** Numbers of the fields of `google.protobuf.Value`. */
const NULL = 1;
const NUMBER = 2;
const STRING = 3;
const BOOL = 4;
const STRUCT = 5;
const LIST = 6;

/** In the words of the message itself. */
const UNEXPECTED = "Unexpected struct type.";

const Struct = structOfSdk();
if (Struct) {
  Struct.fromJavaScript = (object) => new (Struct as unknown as new (row: Row) => StructClass)([entriesOf(object)]);
  Struct.prototype.toJavaScript = function toJavaScript() {
    return objectOf(entriesIn(this));
  };
  Struct.serializeBinaryToWriter = (message, writer) => writeEntries(entriesIn(message), writer);
  Struct.deserializeBinaryFromReader = (message, reader) => {
    Message.setField(message, 1, [...entriesIn(message), ...readEntries(reader)] as unknown as string[]);
    return message;
  };
}

/** That of the copy which the SDK itself uses; undefined where another version of it uses none. */
function structOfSdk(): typeof StructClass | undefined {
  const ask = createRequire(require.resolve("@pulumi/pulumi"));
  try {
    return (ask("google-protobuf/google/protobuf/struct_pb") as { Struct: typeof StructClass }).Struct;
  } catch {
    return undefined;
  }
}

/** What was set by other functions of the message stands in it as well. */
function entriesIn(message: StructClass): Entry[] {
  return ((message.toArray() as Row)[0] ?? []) as Entry[];
}

const entriesOf = (object: object): Entry[] => Object.entries(object).map(([key, value]) => [key, rowOf(value)]);

function rowOf(value: unknown): Row {
  if (value === null) return field(NULL, 0);
  if (Array.isArray(value)) return field(LIST, [Array.from(value, rowOf)]);
  switch (typeof value) {
    case "number":
      return field(NUMBER, value);
    case "string":
      return field(STRING, value);
    case "boolean":
      return field(BOOL, value);
    case "object":
      return field(STRUCT, [entriesOf(value as object)]);
    default:
      throw new Error(UNEXPECTED);
  }
}

const objectOf = (entries: readonly Entry[]): Record<string, JavaScriptValue> =>
  Object.fromEntries(entries.map(([key, row]) => [key, plainOf(row)]));

function plainOf(row: Row): JavaScriptValue {
  const number = row.findIndex((one) => one !== undefined && one !== null) + 1;
  const value = row[number - 1];
  if (number === STRUCT) return objectOf(((value as Row)[0] ?? []) as Entry[]);
  if (number === LIST) return (((value as Row)[0] ?? []) as Row[]).map(plainOf);
  if (number === 0) throw new Error(UNEXPECTED);
  return number === NULL ? null : (value as JavaScriptValue);
}

function field(number: number, value: unknown): Row {
  const row: Row = [];
  row[number - 1] = value;
  return row;
}

function readEntries(reader: BinaryReader): Entry[] {
  const entries: Entry[] = [];
  eachMessage(reader, 1, () => {
    let key = "";
    let value: Row = [];
    while (nextField(reader)) {
      if (reader.getFieldNumber() === 1) key = reader.readString();
      else if (reader.getFieldNumber() === 2) value = within(reader, () => readValue(reader));
      else reader.skipField();
    }
    entries.push([key, value]);
  });
  return entries;
}

function readValue(reader: BinaryReader): Row {
  let row: Row = [];
  while (nextField(reader)) {
    const number = reader.getFieldNumber();
    if (number === NULL) row = field(NULL, reader.readEnum());
    else if (number === NUMBER) row = field(NUMBER, reader.readDouble());
    else if (number === STRING) row = field(STRING, reader.readString());
    else if (number === BOOL) row = field(BOOL, reader.readBool());
    else if (number === STRUCT) row = field(STRUCT, [within(reader, () => readEntries(reader))]);
    else if (number === LIST) row = field(LIST, [within(reader, () => readList(reader))]);
    else reader.skipField();
  }
  return row;
}

function readList(reader: BinaryReader): Row[] {
  const values: Row[] = [];
  eachMessage(reader, 1, () => values.push(readValue(reader)));
  return values;
}

/** Each message of one field; all other fields are skipped. */
function eachMessage(reader: BinaryReader, number: number, take: () => void): void {
  while (nextField(reader)) {
    if (reader.getFieldNumber() === number) within(reader, take);
    else reader.skipField();
  }
}

/** In the order of their keys, as the message itself writes them. */
function writeEntries(entries: readonly Entry[], writer: BinaryWriter): void {
  for (const [key, row] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    inside(writer, 1, () => {
      writer.writeString(1, key);
      inside(writer, 2, () => writeValue(row, writer));
    });
  }
}

function writeValue(row: Row, writer: BinaryWriter): void {
  const [isNull, number, text, bool, struct, list] = row as [number?, number?, string?, boolean?, Row?, Row?];
  if (isNull != null) writer.writeEnum(NULL, isNull);
  if (number != null) writer.writeDouble(NUMBER, number);
  if (text != null) writer.writeString(STRING, text);
  if (bool != null) writer.writeBool(BOOL, bool);
  if (struct != null) inside(writer, STRUCT, () => writeEntries((struct[0] ?? []) as Entry[], writer));
  if (list != null) {
    inside(writer, LIST, () => {
      for (const one of (list[0] ?? []) as Row[]) inside(writer, 1, () => writeValue(one, writer));
    });
  }
}

const inside = (writer: BinaryWriter, number: number, write: () => void) => writer.writeMessage(number, {}, write);

const nextField = (reader: BinaryReader) => reader.nextField() && !reader.isEndGroup();

/** Reads the message that begins here, to its end and no further. */
function within<T>(reader: BinaryReader, read: () => T): T {
  let result: T | undefined;
  reader.readMessage({} as Message, () => {
    result = read();
  });
  return result as T;
}
