/**
 * In the place of AWS's provider plugin, so that the real engine previews a real program of `@pulumi/aws` without a plugin of
 * 800 MB and without credentials. It takes what it is given and computes nothing: what it leaves out, a preview does not know.
 */
import { Server, ServerCredentials, type UntypedHandleCall } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  type CheckRequest,
  CheckResponse,
  ConfigureResponse,
  type CreateRequest,
  CreateResponse,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

export interface AwsStandIn {
  /** Of 127.0.0.1, for `PULUMI_DEBUG_PROVIDERS=aws:<port>`. */
  readonly port: number;
  stop(): void;
}

const answer =
  <Request, Response>(reply: (request: Request) => Response): UntypedHandleCall =>
  ({ request }: { request: Request }, callback: (error: null, response: Response) => void) =>
    callback(null, reply(request));

const checked = answer((request: CheckRequest) => new CheckResponse().setInputs(request.getNews()));

export function serveAwsStandIn(): Promise<AwsStandIn> {
  const server = new Server();
  const { attach, check, checkConfig, configure, create, diffConfig, getPluginInfo } = ResourceProviderService;
  server.addService(
    { attach, check, checkConfig, configure, create, diffConfig, getPluginInfo },
    {
      attach: answer(() => new Empty()),
      getPluginInfo: answer(() => new PluginInfo().setVersion("7.48.0")),
      checkConfig: checked,
      diffConfig: answer(() => new DiffResponse()),
      configure: answer(() =>
        new ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true),
      ),
      check: checked,
      create: answer((request: CreateRequest) => new CreateResponse().setProperties(request.getProperties())),
    },
  );
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve({ port, stop: () => server.forceShutdown() }),
    );
  });
}
