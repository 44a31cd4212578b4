/**
 * Our mesh against upstream's charts, sentence by sentence. Every difference stands in the table of differences with its
 * reason, and on docs/components/istio.md.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { ensureUpstream } from "../../../components/upstream";
import { DIFFERENCES } from "./differences";
import { containerFacts, factsOf } from "./facts";
import { INJECTION_DIFFERENCES } from "./injection-differences";
import { containerOf, find, mesh, type Rendered, render } from "./mesh";
import { type UpstreamCharts, upstreamCharts } from "./upstream-charts";

const charts = upstreamCharts();
const skipped = typeof charts === "string" ? ` (skipped: ${charts})` : "";

(typeof charts === "string" ? describe.skip : describe)(`istio compared with upstream's charts${skipped}`, () => {
  const upstream = charts as UpstreamCharts;
  const isInjected = (fact: string) => / (argument|variable|mounts|listens on|is asked) ?/.test(fact);
  const isGateway = (fact: string) => /^istio-(ingress|egress|eastwest)gateway /.test(fact);
  let missing: string[];
  let added: string[];

  beforeAll(async () => {
    await ensureUpstream();
    const global = [
      "global.hub=registry.example",
      `global.tag=${mesh.version}`,
      "global.meshID=dev",
      "global.multiCluster.clusterName=hub",
      "global.network=central",
    ];
    const theirs = factsOf([
      ...upstream.render("base", "istio-base", "istio-system"),
      ...upstream.render("istio-control/istio-discovery", "istiod", "istio-system", [
        ...global,
        "pilot.cni.enabled=true",
      ]),
      ...upstream.render("istio-cni", "istio-cni", "istio-cni", [`global.tag=${mesh.version}`]),
      ...upstream.render("gateway", "istio-ingressgateway", "istio-ingress"),
      ...upstream.render("gateway", "istio-egressgateway", "istio-egress"),
      ...upstream.render("gateway", "istio-eastwestgateway", "istio-eastwest", ["networkGateway=central"]),
    ]);
    // what upstream's injector adds to a gateway's pod is compared below
    const ours = factsOf(render());
    missing = [...theirs].filter((fact) => !ours.has(fact) && !(isGateway(fact) && isInjected(fact)));
    added = [...ours].filter((fact) => !theirs.has(fact) && !(isGateway(fact) && isInjected(fact)));
    // the comparison would show nothing if the charts were not read
    expect(theirs.size).toBeGreaterThan(400);
    expect([...theirs].filter((fact) => ours.has(fact)).length).toBeGreaterThan(150);
  }, 600_000);

  it("says nothing else, and leaves nothing unsaid, but for the listed differences", () => {
    const all = [...missing.map((fact) => `- ${fact}`), ...added.map((fact) => `+ ${fact}`)];
    expect(all.filter((fact) => !DIFFERENCES.some(({ match }) => match.test(fact)))).toEqual([]);
    expect(DIFFERENCES.filter(({ match }) => !all.some((fact) => match.test(fact))).map(({ what }) => what)).toEqual(
      [],
    );
  });

  it("may do nothing that upstream's may not", () => {
    const rights = added.filter((fact) => / may [a-z*]+ /.test(fact));
    // gateways of Gateway API: upstream's chart permits every kind of that group
    expect(rights.filter((fact) => !/gateway\.networking\.k8s\.io\/gateways$/.test(fact))).toEqual([]);
    expect(missing).toContain("istiod may list gateway.networking.k8s.io/*");
  });

  it("defines the same kinds in the same versions", () => {
    const definitions = render().filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(definitions).toHaveLength(15);
    expect([...missing, ...added].filter((fact) => fact.startsWith("definition "))).toEqual([]);
  });

  describe.each<[string, string, () => Rendered]>([
    ["sidecar", "injection-template.yaml", () => injected("sidecar")],
    ["gateway", "gateway-injection-template.yaml", () => injected("gateway")],
    [
      "gateway of the platform",
      "gateway-injection-template.yaml",
      () => containerOf(render(), "Deployment/istio-eastwestgateway"),
    ],
  ])("the proxy of a %s", (_, file, ours) => {
    it("is told the same, and mounts the same, but for the listed differences", () => {
      const theirs = templateFacts(upstream.text(`istio-control/istio-discovery/files/${file}`));
      const own = namesOf(ours());
      const all = [
        ...[...theirs].filter((fact) => !own.has(fact)).map((fact) => `- ${fact}`),
        ...[...own].filter((fact) => !theirs.has(fact)).map((fact) => `+ ${fact}`),
      ];
      expect(theirs.size).toBeGreaterThan(30);
      expect(all.filter((fact) => !INJECTION_DIFFERENCES.some(({ match }) => match.test(fact)))).toEqual([]);
    });
  });

  it("has no listed difference of the proxy that is none", () => {
    const all = ["injection-template.yaml", "gateway-injection-template.yaml"].flatMap((file) => {
      const theirs = templateFacts(upstream.text(`istio-control/istio-discovery/files/${file}`));
      return [
        injected("sidecar"),
        injected("gateway"),
        containerOf(render(), "Deployment/istio-eastwestgateway"),
      ].flatMap((container) => {
        const own = namesOf(container);
        return [
          ...[...theirs].filter((fact) => !own.has(fact)).map((fact) => `- ${fact}`),
          ...[...own].filter((fact) => !theirs.has(fact)).map((fact) => `+ ${fact}`),
        ];
      });
    });
    const stale = INJECTION_DIFFERENCES.filter(({ match }) => !all.some((fact) => match.test(fact)));
    expect(stale.map(({ what }) => what)).toEqual([]);
  });
});

it("says every difference from upstream on its page", () => {
  const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "components", "istio.md"), "utf8");
  const lines = page.replaceAll("`", "").split("\n");
  const unsaid = [...DIFFERENCES, ...INJECTION_DIFFERENCES].filter(
    ({ what, why }) => !lines.some((line) => line.startsWith("|") && line.includes(what) && line.includes(why)),
  );
  expect(unsaid.map(({ what, why }) => `| ${what} | ${why} |`)).toEqual([]);
});

/** The proxy of one of our templates. */
function injected(template: "sidecar" | "gateway"): Rendered {
  const { templates } = parse(find(render(), "ConfigMap/istio-sidecar-injector").data.config);
  const { containers, initContainers } = parse(templates[template]).spec;
  return containers?.[0] ?? initContainers[1];
}

/** Names of flags, variables and mounts of a container; values in templates are filled in later. */
function namesOf(container: Rendered): ReadonlySet<string> {
  return new Set(
    containerFacts("proxy", container)
      .filter((fact) => /^proxy (argument -|variable|mounts)/.test(fact))
      .map((fact) => fact.replace(/^proxy /, "").replace(/(argument --[\w-]+|variable \w+).*$/, "$1")),
  );
}

/** The same of a template that is not YAML before it is filled in: of its proxy, which stands after `- name: istio-proxy`. */
function templateFacts(text: string): ReadonlySet<string> {
  const proxy = text.slice(text.indexOf("- name: istio-proxy\n"));
  const all = (pattern: RegExp, word: string) => [...proxy.matchAll(pattern)].map(([, name = ""]) => `${word} ${name}`);
  return new Set([
    ...all(/^ {4}- (--[\w-]+)/gm, "argument"),
    ...all(/^ {4}- name: ([A-Z_]+)$/gm, "variable"),
    ...all(/mountPath: ([\w/.-]+?)\/?$/gm, "mounts"),
  ]);
}
