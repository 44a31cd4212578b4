/** L1: the policy pack, started as the engine starts it and asked over the engine's own protocol. */
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { execa } from "execa";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { policiesPath } from "../../policies/folder";
import { POLICY_NAME, packConfiguration } from "../../policies/pack/policy";
import type { RuleSettings } from "../../policies/parameters";
import { isOfInfrastructure } from "../../policies/rule";
import { type Answer, errorOf } from "./answer";
import { each } from "./at-once";
import { markedProperties } from "./engine-marks";
import type { Lane } from "./lane";
import type { Question, Setting } from "./question";

/** Requests at once: an engine asks for as many resources as its program registers side by side. */
const AT_ONCE = 16;

type JavaScript = Parameters<typeof Struct.fromJavaScript>[0];

const struct = (value: unknown) => Struct.fromJavaScript(value as JavaScript);

export class PreviewLane implements Lane {
  readonly name = "preview";
  readonly program = "the policy pack over its analyzer protocol";

  private constructor(
    private readonly client: AnalyzerClient,
    private readonly end: () => Promise<void>,
    private readonly set: (setting: Setting) => Setting,
  ) {}

  /**
   * Starts the pack, which takes a moment.
   *
   * @param pack the program. @default that of this package, which must be built
   * @param set what the pack is told of a setting. @default the setting
   */
  static async start(
    pack = policiesPath("policy-pack"),
    set: (setting: Setting) => Setting = (setting) => setting,
  ): Promise<PreviewLane> {
    // the engine's first word is its own address, which the pack has no use for
    const child = execa(pack, ["127.0.0.1:1"], { stdin: "ignore", reject: false, buffer: { stdout: false } });
    const lines = createInterface(child.stdout);
    const first = new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      void child.then(({ stderr }) => reject(new Error(`the policy pack ended: ${stderr}`)));
    });
    const client = new AnalyzerClient(`127.0.0.1:${await first}`, credentials.createInsecure());
    const end = async () => {
      client.close();
      child.kill();
      await child;
    };
    return new PreviewLane(client, end, set);
  }

  excluded({ setting: { rule } }: Question): string | undefined {
    if (isOfInfrastructure(rule)) return "a resource of a cloud, which belongs to no cluster";
    return rule.joins && "the pack joins resources when a whole stack was shown to it";
  }

  async ask(questions: readonly Question[]): Promise<Answer[]> {
    try {
      await this.configure([...new Set(questions.map(({ setting }) => setting))]);
    } catch (error) {
      return questions.map(() => errorOf(error));
    }
    const answers: Answer[] = [];
    await each(questions, AT_ONCE, async (question, index) => {
      answers[index] = await this.analyze(question).catch(errorOf);
    });
    return answers;
  }

  async stop(): Promise<void> {
    await this.end();
  }

  /** Each setting is a cluster of its own, of which nothing else is said. */
  private async configure(settings: readonly Setting[]): Promise<void> {
    const clusters = settings.map(({ name, ...own }) => {
      const { rule, level, parameters } = this.set({ name, ...own });
      const rules: Record<string, RuleSettings> = { [rule.id]: { level, parameters } };
      return [name, { environment: "conformance", rules }] as const;
    });
    const configuration = packConfiguration({ clusters: Object.fromEntries(clusters) });
    const request = new messages.ConfigureAnalyzerRequest();
    for (const [policy, properties] of Object.entries(configuration)) {
      request.getPolicyconfigMap().set(policy, new messages.PolicyConfig().setProperties(struct(properties)));
    }
    await new Promise<void>((resolve, reject) => {
      this.client.configure(request, (error) => (error ? reject(error) : resolve()));
    });
  }

  private async analyze(question: Question): Promise<Answer> {
    const { setting } = question;
    const found = await new Promise<messages.AnalyzeDiagnostic.AsObject[]>((resolve, reject) => {
      this.client.analyze(requestFor(question), (error, response) =>
        error ? reject(error) : resolve(response.toObject().diagnosticsList),
      );
    });
    const refusal = found.find(({ policyname }) => policyname === POLICY_NAME);
    if (refusal) return errorOf(refusal.message);
    return answerOf(setting, found);
  }
}

/** A resource as the engine describes it. */
function requestFor(question: Question): messages.AnalyzeRequest {
  const { apiVersion, kind } = question.object;
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const provider = new messages.AnalyzerProviderResource()
    .setType("pulumi:providers:kubernetes")
    .setName("conformance")
    .setUrn("urn:pulumi:conformance::conformance::pulumi:providers:kubernetes::conformance")
    .setProperties(struct({ clusterIdentifier: question.setting.name, context: "conformance" }));
  return new messages.AnalyzeRequest()
    .setType(type)
    .setName("case")
    .setUrn(`urn:pulumi:conformance::conformance::${type}::case`)
    .setProperties(struct(markedProperties(question)))
    .setProvider(provider);
}

/** Violations of other rules are not asked for: of those the cluster says nothing, which the pack reports. */
function answerOf({ rule }: Setting, found: readonly messages.AnalyzeDiagnostic.AsObject[]): Answer {
  const own = found.filter(({ policyname }) => policyname === rule.id);
  const [first] = own;
  if (!first) return { verdict: "allow", messages: [] };
  const isOpen = own.every(({ message }) => message.startsWith(`${rule.id} undetermined: `));
  const texts = own.map(({ message }) => message.slice(message.indexOf(": ") + 2)).sort();
  if (isOpen) return { verdict: "undetermined", messages: texts };
  const isMandatory = own.some(({ enforcementlevel }) => enforcementlevel === messages.EnforcementLevel.MANDATORY);
  return { verdict: "deny", level: isMandatory ? "deny" : "warn", messages: texts };
}
