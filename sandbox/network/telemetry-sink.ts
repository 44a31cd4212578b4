/** Takes telemetry over OTLP/HTTP and drops it: host programs leave their metrics here until a collector runs beside them. */
import { createServer, type Server } from "node:http";

/** Listens on 127.0.0.1. The empty answer is a complete one: a message of the protocol without fields has no bytes. */
export async function telemetrySink(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(200, { "content-type": "application/x-protobuf" }).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
