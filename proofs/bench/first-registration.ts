/**
 * Loaded into the Node processes of a measured run, before anything else: notes when the program registers its first
 * resource: seconds since its process started, and CPU seconds that it took to come there.
 */
import { writeFileSync } from "node:fs";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** What is noted. */
export interface FirstRegistration {
  readonly seconds: number;
  /** What the machine's other work does not change much. */
  readonly cpuSeconds: number;
}

/** Names the file that gets it. */
const FILE = process.env.FLEETWRIGHT_BENCH_FIRST_REGISTRATION;

const { registerResource } = ResourceMonitorClient.prototype;
let noted = false;

function notedRegisterResource(this: ResourceMonitorClient, ...given: unknown[]): unknown {
  const [request] = given;
  // the stack itself is registered by the SDK, before it runs the program
  if (!noted && FILE && request instanceof RegisterResourceRequest && request.getType() !== "pulumi:pulumi:Stack") {
    noted = true;
    const { user, system } = process.cpuUsage();
    const note: FirstRegistration = { seconds: process.uptime(), cpuSeconds: (user + system) / 1e6 };
    writeFileSync(FILE, JSON.stringify(note));
  }
  return Reflect.apply(registerResource, this, given);
}

Object.assign(ResourceMonitorClient.prototype, { registerResource: notedRegisterResource });
