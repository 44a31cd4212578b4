/** What the engine says of an object once it is dealt with, and why nobody here listens. */
import { createRequire } from "node:module";
import type { BinaryReader } from "google-protobuf";
import { PLATFORM_TYPE } from "../components/cluster-platform";

type Decode<T> = (message: T, reader: BinaryReader) => T;

/** The two messages of the SDK that are touched; it ships their code without types for this path. */
interface ResponseMessage {
  getUrn(): string;
}

/**
 * From here on the SDK does not decode what became of an object of a cluster: no part of the platform reads it, each says
 * by plain values what another needs. It is the whole object with all that the API server added, and decoding it costs
 * more than all else that a program does, because the decoder walks a value once for each level that it lies deep:
 * 17 of 32 s at 1,912 resources. Resources of other types keep their outputs.
 */
export function spareOutputs(): void {
  const fromSdk = createRequire(require.resolve("@pulumi/pulumi"));
  const { RegisterResourceResponse } = fromSdk("./proto/resource_pb") as {
    RegisterResourceResponse: { deserializeBinaryFromReader: Decode<ResponseMessage> };
  };
  const { Struct } = fromSdk("google-protobuf/google/protobuf/struct_pb") as {
    Struct: { deserializeBinaryFromReader: Decode<unknown> };
  };
  const decodeResponse = RegisterResourceResponse.deserializeBinaryFromReader;
  const decodeStruct = Struct.deserializeBinaryFromReader;
  RegisterResourceResponse.deserializeBinaryFromReader = (response, reader) => {
    // the URN comes first on the wire; were it to come later, all would be decoded as before
    Struct.deserializeBinaryFromReader = (value, within) =>
      isOfCluster(response.getUrn()) ? value : decodeStruct(value, within);
    try {
      return decodeResponse(response, reader);
    } finally {
      Struct.deserializeBinaryFromReader = decodeStruct;
    }
  };
}

/** Whether a URN is that of something within a cluster of the platform: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
const isOfCluster = (urn: string) => urn.split("::")[2]?.startsWith(`${PLATFORM_TYPE}$`) ?? false;
