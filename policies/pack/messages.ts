/**
 * The engine's messages, read no further than somebody looks: a stack may hold thousands of resources, and the definition of
 * a kind a megabyte.
 *
 * @see proto/pulumi/analyzer.proto of pulumi 3.259
 */
import { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import { BinaryReader } from "google-protobuf";
import { isJudged, type PackResource } from "./policy";
import { isSeenTogether, type StackEntry } from "./stack";

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
  const reader = new BinaryReader(bytes);
  const entries: StackEntry[] = [];
  while (reader.nextField() && !reader.isEndGroup()) {
    if (reader.getFieldNumber() !== RESOURCES) {
      reader.skipField();
      continue;
    }
    const { buffer, byteOffset, byteLength } = reader.readBytes();
    const resource = Buffer.from(buffer, byteOffset, byteLength);
    if (isSeenTogether(typeOf(resource))) entries.push(readEntry(resource));
  }
  return entries;
}

/** Number of the field in `AnalyzeStackRequest`. */
const RESOURCES = 1;

function readEntry(bytes: Buffer): StackEntry {
  const resource = AnalyzerResource.deserializeBinary(bytes);
  const dependencies = [...resource.getPropertydependenciesMap().entries()];
  return {
    urn: resource.getUrn(),
    dependencies: Object.fromEntries(dependencies.map(([property, of]) => [property, of.getUrnsList()])),
  };
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
