/**
 * Serves the rules to the engine over its analyzer protocol.
 *
 * Written here although npm has `@pulumi/policy`: that SDK loads the whole Pulumi SDK, about 1.1 s of a preview's start
 * against 0.15 s for this file, unpacks each resource once per policy, and turns a mandatory policy into a remark when it
 * meets a value that a preview does not know. A method that is not served here (`Remediate`) the engine takes for a pack
 * that has no such policies.
 *
 * @see proto/pulumi/analyzer.proto of pulumi 3.259
 */
import { readFileSync } from "node:fs";
import { type handleUnaryCall, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { policiesPath } from "../folder";
import { type ReadRequest, readRequest, readStack } from "./messages";
import { packRules } from "./pack-rules";
import { EXEMPTIONS_POLICY, type PackViolation, POLICY_NAME, RulesPolicy } from "./policy";
import { SeenResources } from "./stack";

const PACK_NAME = "fleetwright";
/** A message of any weight: the last one holds the whole stack, and a refusal would fail a run that is done. */
const UNBOUNDED = -1;

/** A pack that is being served. */
export interface ServedPack {
  /** Of 127.0.0.1. */
  readonly port: number;
  stop(): void;
}

/**
 * Starts to serve on a free port of 127.0.0.1.
 *
 * @param now the clock by which exemptions end. @default the machine's
 */
export async function servePack(now = () => new Date()): Promise<ServedPack> {
  const server = new Server({ "grpc.max_receive_message_length": UNBOUNDED });
  const { version } = JSON.parse(readFileSync(policiesPath("package.json"), "utf8")) as { version: string };
  let rules = new RulesPolicy(undefined, now);
  let seen = new SeenResources();

  const { analyze, analyzeStack, configure, configureStack, getAnalyzerInfo, getPluginInfo, handshake } =
    AnalyzerService;
  server.addService(
    {
      analyze: { ...analyze, requestDeserialize: readRequest },
      analyzeStack: { ...analyzeStack, requestDeserialize: readStack },
      configure,
      configureStack,
      getAnalyzerInfo,
      getPluginInfo,
      handshake,
    },
    {
      handshake: answer(() => new messages.AnalyzerHandshakeResponse()),
      getPluginInfo: answer(() => new PluginInfo().setVersion(version)),
      getAnalyzerInfo: answer(() => analyzerInfo(version)),
      // a run begins: what an earlier one showed is not of this one
      configureStack: answer(() => {
        seen = new SeenResources();
        return new messages.AnalyzerStackConfigureResponse();
      }),
      configure: answer((request: messages.ConfigureAnalyzerRequest) => {
        rules = new RulesPolicy(request.getPolicyconfigMap().get(POLICY_NAME)?.getProperties()?.toJavaScript(), now);
        return new Empty();
      }),
      analyze: answer(({ resource, urn }: ReadRequest) => {
        if (resource) seen.see(urn, resource);
        return diagnostics(resource ? rules.violations(resource) : [], version);
      }),
      // what is counted is counted when all was judged
      analyzeStack: answer((stack: ReturnType<typeof readStack>) => {
        const together = seen.violations(stack, rules).map(({ urn, ...one }) => diagnostic(one, version).setUrn(urn));
        const counted = rules.conclusion().map((one) => diagnostic(one, version));
        return new messages.AnalyzeResponse().setDiagnosticsList([...together, ...counted]);
      }),
    },
  );
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve({ port, stop: () => server.forceShutdown() }),
    );
  });
}

/** A handler that answers at once; what it throws ends the engine's run, and is never an allow. */
function answer<Request, Response>(reply: (request: Request) => Response): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    try {
      callback(null, reply(request));
    } catch (error) {
      callback({ code: status.INTERNAL, message: error instanceof Error ? error.message : String(error) });
    }
  };
}

function analyzerInfo(version: string): messages.AnalyzerInfo {
  const { ADVISORY, MANDATORY } = messages.EnforcementLevel;
  const { POLICY_TYPE_RESOURCE, POLICY_TYPE_STACK } = messages.PolicyType;
  const policy = (
    name: string,
    description: string,
    level: messages.EnforcementLevel,
    type: messages.PolicyType = POLICY_TYPE_RESOURCE,
  ) =>
    new messages.PolicyInfo()
      .setName(name)
      .setDisplayname(name)
      .setDescription(description)
      .setEnforcementlevel(level)
      .setPolicyType(type);
  const rules = packRules().map(({ id, isOfStack, levels, title }) =>
    policy(
      id,
      title,
      levels.prod === "deny" ? MANDATORY : ADVISORY,
      isOfStack ? POLICY_TYPE_STACK : POLICY_TYPE_RESOURCE,
    ),
  );
  return new messages.AnalyzerInfo()
    .setName(PACK_NAME)
    .setDisplayname("Fleetwright")
    .setVersion(version)
    .setSupportsconfig(true)
    .setPoliciesList([
      policy(POLICY_NAME, "Every rule needs its parameters.", MANDATORY),
      policy(EXEMPTIONS_POLICY.name, EXEMPTIONS_POLICY.description, ADVISORY, POLICY_TYPE_STACK),
      ...rules,
    ]);
}

const diagnostics = (violations: readonly PackViolation[], version: string) =>
  new messages.AnalyzeResponse().setDiagnosticsList(violations.map((one) => diagnostic(one, version)));

function diagnostic({ policy, description, message, isMandatory }: PackViolation, version: string) {
  const { ADVISORY, MANDATORY } = messages.EnforcementLevel;
  return new messages.AnalyzeDiagnostic()
    .setPolicyname(policy)
    .setPolicypackname(PACK_NAME)
    .setPolicypackversion(version)
    .setDescription(description)
    .setMessage(message)
    .setEnforcementlevel(isMandatory ? MANDATORY : ADVISORY);
}
