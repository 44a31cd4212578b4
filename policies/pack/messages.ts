/**
 * The engine's messages, read no further than somebody looks: a stack may hold thousands of resources, and the definition of
 * a kind a megabyte.
 *
 * @see proto/pulumi/analyzer.proto of pulumi 3.259
 */
import { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import { BinaryReader } from "google-protobuf";
import { isJudged, type PackResource } from "./policy";
import { isPartOrWhole, isSeenTogether, type StackEntry } from "./stack";

/** A resource as far as it was read: without its content where no rule looks at it. */
export interface ReadRequest {
  readonly urn: string;
  readonly resource?: PackResource;
}

export function readRequest(bytes: Buffer): ReadRequest {
  if (!isJudged(typeOf(bytes))) return { urn: "" };
  const request = AnalyzeRequest.deserializeBinary(bytes);
  const properties = request.getProperties()?.toJavaScript();
  const provider = request.getProvider()?.getProperties()?.toJavaScript();
  return { urn: request.getUrn(), resource: { type: request.getType(), properties, provider } };
}

/** Of all resources of a stack those that rules see together. */
export function readStack(bytes: Buffer): StackEntry[] {
  const entries: StackEntry[] = [];
  eachField(bytes, RESOURCES, (resource) => {
    const type = typeOf(resource);
    if (isSeenTogether(type)) entries.push(isPartOrWhole(type) ? readEntry(resource) : readName(resource));
  });
  return entries;
}

/** Number of the field in `AnalyzeStackRequest`. */
const RESOURCES = 1;

/** Number of the field in `AnalyzerResource`. */
const URN = 3;

function readEntry(bytes: Buffer): StackEntry {
  const resource = AnalyzerResource.deserializeBinary(bytes);
  const dependencies = [...resource.getPropertydependenciesMap().entries()];
  return {
    urn: resource.getUrn(),
    dependencies: Object.fromEntries(dependencies.map(([property, of]) => [property, of.getUrnsList()])),
  };
}

/** Of the others it matters only that they are there. */
function readName(bytes: Buffer): StackEntry {
  let urn = "";
  eachField(bytes, URN, (text) => {
    urn = text.toString("utf8");
  });
  return { urn, dependencies: {} };
}

/** Each value of one field whose values have a length; all others are skipped unread. */
function eachField(bytes: Buffer, wanted: number, take: (value: Buffer) => void): void {
  const reader = new BinaryReader(bytes);
  while (reader.nextField() && !reader.isEndGroup()) {
    if (reader.getFieldNumber() !== wanted) {
      reader.skipField();
      continue;
    }
    const { buffer, byteOffset, byteLength } = reader.readBytes();
    take(Buffer.from(buffer, byteOffset, byteLength));
  }
}

/**
 * The type of a resource, which stands first in either message: field 1 as a length and UTF-8. Any other order is read
 * whole, by the message whose fields 1 to 5 both have.
 */
function typeOf(bytes: Buffer): string {
  const [tag, length = 0] = bytes;
  const isShortText = tag === 0x0a && length < 0x80;
  if (isShortText) return bytes.toString("utf8", 2, 2 + length);
  return AnalyzeRequest.deserializeBinary(bytes).getType();
}
