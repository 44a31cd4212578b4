import { readFileSync } from "node:fs";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { catalogue } from "../../../policies/engine/catalogue";
import { graphRules } from "../../../policies/graph/graph-rules";
import { type ServedPack, servePack } from "../../../policies/pack/server";
import { offBut } from "../../support/rules";

const { version } = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8"));

type JavaScript = Parameters<typeof Struct.fromJavaScript>[0];

const struct = (value: unknown) => Struct.fromJavaScript(value as JavaScript);
const resource = (type: string, properties: unknown, clusterIdentifier = "dev/hub") =>
  new messages.AnalyzeRequest()
    .setType(type)
    .setProperties(struct(properties))
    .setProvider(new messages.AnalyzerProviderResource().setProperties(struct({ clusterIdentifier })));

describe("the served pack, over the engine's protocol", () => {
  let pack: ServedPack;
  let client: AnalyzerClient;

  beforeAll(async () => {
    pack = await servePack(() => new Date("2026-11-22T12:00:00Z"));
    client = new AnalyzerClient(`127.0.0.1:${pack.port}`, credentials.createInsecure());
  });
  afterAll(() => {
    client.close();
    pack.stop();
  });

  const analyze = (request: messages.AnalyzeRequest) =>
    new Promise<messages.AnalyzeDiagnostic.AsObject[]>((resolve, reject) => {
      client.analyze(request, (error, response) =>
        error ? reject(error) : resolve(response.toObject().diagnosticsList),
      );
    });
  const pod = (image: string) => ({ metadata: { name: "app" }, spec: { containers: [{ name: "app", image }] } });

  it("lists the rules as policies, so that each violation belongs to one", async () => {
    const info = await new Promise<messages.AnalyzerInfo.AsObject>((resolve, reject) => {
      client.getAnalyzerInfo(new Empty(), (error, response) => (error ? reject(error) : resolve(response.toObject())));
    });
    expect([info.name, info.version]).toEqual(["fleetwright", version]);
    expect(info.supportsconfig).toBe(true);
    expect(info.policiesList.map(({ name }) => name)).toEqual([
      "rules",
      "exemptions",
      ...[...catalogue().rules, ...graphRules()].map(({ id }) => id),
    ]);
  });

  it("refuses until it is configured, and judges by what arrives then", async () => {
    const [before] = await analyze(resource("kubernetes:core/v1:Pod", pod("nginx:1")));
    expect([before?.policyname, before?.enforcementlevel]).toEqual(["rules", messages.EnforcementLevel.MANDATORY]);
    const rules = {
      ...offBut("IM-01", "IM-02", "IM-03"),
      "IM-01": { level: "deny", parameters: {} },
      "IM-02": { level: "warn", parameters: {} },
      "IM-03": { level: "deny", parameters: { registries: ["ghcr.io/acme"] } },
    };
    const configuration = { clusters: { "dev/hub": { environment: "dev", rules } } };
    const request = new messages.ConfigureAnalyzerRequest();
    request.getPolicyconfigMap().set("rules", new messages.PolicyConfig().setProperties(struct(configuration)));
    await new Promise<void>((resolve, reject) => {
      client.configure(request, (error) => (error ? reject(error) : resolve()));
    });
    const after = await analyze(resource("kubernetes:core/v1:Pod", pod("nginx:1")));
    expect(after.map(({ policyname, enforcementlevel }) => [policyname, enforcementlevel])).toEqual([
      ["IM-02", messages.EnforcementLevel.ADVISORY],
      ["IM-03", messages.EnforcementLevel.MANDATORY],
    ]);
  });

  it("judges a type whose name is long, and says nothing of types that no rule looks at", async () => {
    const long = `kubernetes:${"a".repeat(200)}/v1:Pod`;
    expect(await analyze(resource(long, pod("nginx")))).toEqual([]);
    expect(await analyze(resource("kubernetes:core/v1:ConfigMap", { data: {} }))).toEqual([]);
    expect(await analyze(resource("kubernetes:core/v1:PodTemplate", { template: pod("nginx:latest") }))).toHaveLength(
      3,
    );
  });

  it("refuses the stack itself when an exemption has ended, and counts the others when all was judged", async () => {
    const exemption = { owner: "shop", reason: "a reason", group: "", kind: "Pod", namespace: "", name: "app" };
    const exemptions = [
      { ...exemption, expires: "2026-11-21" },
      { ...exemption, expires: "2027-11-01" },
    ];
    const rules = { ...offBut("IM-01"), "IM-01": { level: "deny", parameters: { exemptions } } };
    const request = new messages.ConfigureAnalyzerRequest();
    const configuration = { clusters: { "dev/hub": { environment: "dev", rules } } };
    request.getPolicyconfigMap().set("rules", new messages.PolicyConfig().setProperties(struct(configuration)));
    await new Promise<void>((resolve, reject) => {
      client.configure(request, (error) => (error ? reject(error) : resolve()));
    });
    const [ended, ...others] = await analyze(resource("pulumi:pulumi:Stack", {}));
    expect([ended?.policyname, ended?.enforcementlevel, others]).toEqual([
      "IM-01",
      messages.EnforcementLevel.MANDATORY,
      [],
    ]);
    expect(ended?.message).toContain("the exemption of Pod app ended on 2026-11-21, owner shop");
    expect(await analyze(resource("kubernetes:core/v1:Pod", pod("nginx:latest")))).toEqual([]);
    const whole = new messages.AnalyzeStackRequest().setResourcesList([
      new messages.AnalyzerResource().setType("a:b:C"),
    ]);
    const [counted, ...more] = await new Promise<messages.AnalyzeDiagnostic.AsObject[]>((resolve, reject) => {
      client.analyzeStack(whole, (error, response) =>
        error ? reject(error) : resolve(response.toObject().diagnosticsList),
      );
    });
    expect([counted?.policyname, counted?.enforcementlevel, more]).toEqual([
      "exemptions",
      messages.EnforcementLevel.ADVISORY,
      [],
    ]);
    expect(counted?.message).toBe("exemptions: 1 in force (IM-01 1), 1 violation exempted");
  });

  it("judges together, when all of a stack was shown, what belongs together, and begins anew with each run", async () => {
    const rules = { ...offBut("NW-01"), "NW-01": { level: "warn", parameters: {} } };
    const request = new messages.ConfigureAnalyzerRequest();
    const configuration = { clusters: { "dev/hub": { environment: "dev", rules } } };
    request.getPolicyconfigMap().set("rules", new messages.PolicyConfig().setProperties(struct(configuration)));
    const begin = () =>
      new Promise<void>((resolve, reject) => {
        client.configureStack(new messages.AnalyzerStackConfigureRequest(), (error) =>
          error ? reject(error) : client.configure(request, (wrong) => (wrong ? reject(wrong) : resolve())),
        );
      });
    const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
    const [namespace, policy] = [
      "kubernetes:core/v1:Namespace",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    ] as const;
    const spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    const show = async (type: string, name: string, properties: object) =>
      expect(await analyze(resource(type, properties).setUrn(urn(type, name)))).toEqual([]);
    const showAll = async () => {
      await show(namespace, "shop", { metadata: { name: "shop" } });
      await show(namespace, "search", { metadata: { name: "search" } });
      // what a preview cannot know is marked
      await show(policy, "deny", { metadata: { namespace: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, spec });
    };
    const stack = new messages.AnalyzeStackRequest().setResourcesList(
      [
        [namespace, "shop"],
        [policy, "deny"],
        ["kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "large"],
        [namespace, "search"],
      ].map(([type = "", name = ""]) => {
        const shown = new messages.AnalyzerResource().setType(type).setUrn(urn(type, name)).setProperties(struct({}));
        const dependencies = new messages.AnalyzerPropertyDependencies().setUrnsList([urn(namespace, "shop")]);
        if (type === policy) shown.getPropertydependenciesMap().set("metadata", dependencies);
        return shown;
      }),
    );
    const end = () =>
      new Promise<(readonly [string, string, number])[]>((resolve, reject) => {
        client.analyzeStack(stack, (error, response) =>
          error
            ? reject(error)
            : resolve(
                response
                  .toObject()
                  .diagnosticsList.map(({ urn: of, policyname, enforcementlevel }) => [
                    of,
                    policyname,
                    enforcementlevel,
                  ]),
              ),
        );
      });
    await begin();
    await showAll();
    expect(await end()).toEqual([[urn(namespace, "search"), "NW-01", messages.EnforcementLevel.ADVISORY]]);
    await begin();
    expect(await end()).toEqual([]);
  });

  it("judges what a stack registers for a cluster as a set, when all of it was shown", async () => {
    const rules = { ...offBut("GR-10"), "GR-10": { level: "deny", parameters: {} } };
    const request = new messages.ConfigureAnalyzerRequest();
    const configuration = { clusters: { "dev/hub": { environment: "dev", rules } } };
    request.getPolicyconfigMap().set("rules", new messages.PolicyConfig().setProperties(struct(configuration)));
    await new Promise<void>((resolve, reject) => {
      client.configure(request, (error) => (error ? reject(error) : resolve()));
    });
    const type = "kubernetes:core/v1:ConfigMap";
    const stack = new messages.AnalyzeStackRequest();
    for (const name of ["one", "two"]) {
      const urn = `urn:pulumi:dev::shop::${type}::${name}`;
      const properties = { metadata: { name: "settings", namespace: "default" }, data: { name } };
      expect(await analyze(resource(type, properties).setUrn(urn))).toEqual([]);
      stack.addResources(new messages.AnalyzerResource().setType(type).setUrn(urn).setProperties(struct(properties)));
    }
    const [twice, ...others] = await new Promise<messages.AnalyzeDiagnostic.AsObject[]>((resolve, reject) => {
      client.analyzeStack(stack, (error, response) =>
        error ? reject(error) : resolve(response.toObject().diagnosticsList),
      );
    });
    expect(others).toEqual([]);
    expect(twice).toMatchObject({
      policyname: "GR-10",
      urn: `urn:pulumi:dev::shop::${type}::one`,
      enforcementlevel: messages.EnforcementLevel.MANDATORY,
    });
    expect(twice?.message).toMatch(/^GR-10: metadata\.name says ConfigMap default\/settings 2 times, unlike each time/);
  });

  it("has no remediations, which the engine reads from the method's absence", async () => {
    const code = await new Promise((resolve) => {
      client.remediate(new messages.AnalyzeRequest(), (error) => resolve(error?.code));
    });
    expect(code).toBe(12); // UNIMPLEMENTED
  });
});
