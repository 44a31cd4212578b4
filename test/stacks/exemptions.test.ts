/** The two files of exemptions: a team's, with all its faults at once, and the platform's own, held against what is rendered. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { check } from "../../policies/check";
import { exemptionKey, ruleExemptions, standing } from "../../policies/exemption-report";
import { settingsOn } from "../../policies/parameters";
import { EnvironmentError, loadEnvironment } from "../../stacks/environment";
import { parseExemptions, platformExemptions, readExemptions } from "../../stacks/exemptions";
import { policyParameters } from "../../stacks/policy-parameters";
import { renderedObjects } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";

const now = new Date("2026-11-22T12:00:00Z");
const context = { environments: { dev: ["hub", "east"], prod: ["hub", "eu-1"] }, now };
const entry = {
  rule: "PS-01",
  owner: "search",
  reason: "The indexer reads the files of its node.",
  expires: "2027-03-31",
  environments: ["dev", "prod"],
  object: { kind: "DaemonSet", namespace: "search", name: "indexer" },
};

function faultsOf(text: string): string[] {
  try {
    parseExemptions(text, "exemptions.yaml", context);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
}
const faultsAfter = (...changes: object[]) =>
  faultsOf(stringify({ exemptions: changes.map((change) => ({ ...entry, ...change })) }));

describe("a team's exemptions", () => {
  it("are taken as they stand, and the group that the rule has for the kind with them", () => {
    const paths = ["spec.template.spec.hostPID", 'spec.template.metadata.annotations["a.b/c"]'];
    const [read] = parseExemptions(stringify({ exemptions: [{ ...entry, paths }] }), "exemptions.yaml", context);
    expect(read).toEqual({ ...entry, paths });
  });

  it("tell all faults of shape at once, each with its place, its value and its line", () => {
    const text = stringify({
      exemptions: [
        { ...entry, rule: "PS01", owner: "Search Team", reason: "because", expires: "31.3.2027", environments: [] },
        { ...entry, object: { kind: "DaemonSet", namespace: "search", name: "index*" }, path: ["spec"] },
        { ...entry, paths: ["spec..a"], clusters: [] },
      ],
    });
    expect(faultsOf(text)).toEqual([
      "exemptions[0].rule: must be a rule id such as IM-02",
      "exemptions[0].owner: must be a DNS label (RFC 1123): lower-case letters, digits and '-'",
      "exemptions[0].reason: must be a sentence of at least 20 characters that says why",
      "exemptions[0].expires: must be a day such as 2027-03-31, the last on which it holds (UTC)",
      "exemptions[0].environments: must name at least one environment",
      "exemptions[1].object.name: must be one exact name: an exemption has no wildcards",
      "exemptions[1].path: no such field; fields are spelt exactly as the reference page lists them",
      "exemptions[2].clusters: must name at least one cluster, or be left out",
      "exemptions[2].paths[0]: must be a field path as violations say it, such as spec.template.spec.containers[0].image",
    ]);
    expect(() => parseExemptions(text, "exemptions.yaml", context)).toThrow(
      /exemptions\.yaml: 9 faults, nothing was changed\.\n {2}exemptions\.yaml:2 {2}exemptions\[0\]\.rule is "PS01": must be/,
    );
  });

  it("tell what does not fit between fields beside faults of shape", () => {
    expect(
      faultsAfter(
        { rule: "PS-99" },
        { reason: "short" },
        { owner: "fleetwright", environments: "every", paths: ["spec"] },
        { expires: "2027-11-25", environments: ["dev", "pord"], clusters: ["hub", "west"] },
        { object: { kind: "Indexer", namespace: "search", name: "indexer" } },
        { object: { kind: "DaemonSet", namespace: "search" } },
        { object: { kind: "DaemonSet", name: "indexer" } },
        { rule: "RB-01", object: { kind: "ClusterRole", namespace: "search", name: "indexer" } },
      ),
    ).toEqual([
      "exemptions[1].reason: must be a sentence of at least 20 characters that says why",
      "exemptions[0].rule: no such rule: docs/reference/rules.md lists them",
      "exemptions[2].owner: must be the team that answers for it: this is Fleetwright itself",
      "exemptions[2].environments: must list environments by name, such as [dev, prod]",
      "exemptions[3].expires: is 368 days ahead, must be at most 366",
      "exemptions[3].environments[1]: no such environment: there are dev, prod",
      "exemptions[3].clusters[1]: no such cluster: these environments have hub, east",
      expect.stringMatching(/^exemptions\[4\]\.object\.kind: PS-01 does not look at this kind, only at Pod, /),
      "exemptions[5].object.name: is missing",
      "exemptions[6].object.namespace: is missing: name the namespace of the object",
      "exemptions[7].object.namespace: must be absent: a ClusterRole lies in no namespace",
    ]);
  });

  it("may end 366 days from now, and not a day later", () => {
    expect(faultsAfter({ expires: "2027-11-23" })).toEqual([]);
    expect(faultsAfter({ expires: "2027-11-24" })).toEqual([
      "exemptions[0].expires: is 367 days ahead, must be at most 366",
    ]);
  });

  it("may end in the past: that is told by whoever judges", () =>
    expect(faultsAfter({ expires: "2026-01-31" })).toEqual([]));

  it("stand once for each environment and cluster", () => {
    expect(faultsAfter({ environments: ["dev"] }, { environments: ["prod"] })).toEqual([]);
    expect(faultsAfter({ clusters: ["hub"] }, { clusters: ["east"] })).toEqual([]);
    expect(faultsAfter({ environments: ["dev"] }, { clusters: ["hub"] })).toEqual([
      "exemptions[1]: is exempt already, by exemptions[0]",
    ]);
  });

  it("leave the name out only for controllers whose kind no rule looks at", () => {
    const object = { kind: "DataUpload", group: "velero.io", namespace: "velero" };
    expect(faultsAfter({ object })).toEqual([]);
    expect(faultsAfter({ object: { ...object, namespace: undefined } })).toEqual([
      "exemptions[0].object.namespace: is missing: name the namespace of the object",
    ]);
    expect(faultsAfter({ object: { ...object, group: "apps" } })).toHaveLength(1);
    // a rule that does not look at Pods would never see what such a controller makes
    expect(faultsAfter({ rule: "SC-01", object })).toHaveLength(1);
  });

  it("are told where they are no YAML", () => {
    expect(faultsOf("exemptions: [")).toHaveLength(1);
    expect(faultsOf("")).toEqual(["exemptions: is missing: must be a list"]);
  });
});

describe("the parameters of an environment", () => {
  const project = mkdtempSync(join(tmpdir(), "fleetwright-exemptions-"));
  const write = (...entries: object[]) =>
    writeFileSync(join(project, "exemptions.yaml"), stringify({ exemptions: entries }));
  const environment = () => loadEnvironment("dev", project);
  /** Names of a team's exempt objects by cluster. */
  const exempt = (rule: string) =>
    Object.fromEntries(
      Object.entries(policyParameters(environment(), now).clusters).map(([cluster, { rules }]) => [
        cluster,
        (rules[rule]?.parameters.exemptions ?? []).filter(({ owner }) => owner === "search").map(({ name }) => name),
      ]),
    );
  beforeAll(() => {
    mkdirSync(join(project, "environments"));
    for (const name of ["dev", "other"]) {
      writeFileSync(join(project, "environments", `${name}.yaml`), stringify(sandboxEnvironment("hub", "east")));
    }
  });
  afterAll(() => rmSync(project, { recursive: true }));

  it("hold each exemption on the clusters of the environments that it names, and on no other", () => {
    write(
      { ...entry, environments: ["dev"] },
      { ...entry, environments: ["dev", "other"], clusters: ["east"], object: { ...entry.object, name: "b" } },
      { ...entry, environments: ["other"], object: { ...entry.object, name: "c" } },
    );
    expect(exempt("PS-01")).toEqual({ "dev/hub": ["indexer"], "dev/east": ["indexer", "b"] });
    expect(exempt("PS-02")).toEqual({ "dev/hub": [], "dev/east": [] });
    const [first] =
      policyParameters(environment(), now).clusters["dev/hub"]?.rules["PS-01"]?.parameters.exemptions?.slice(-1) ?? [];
    const { expires, owner, reason } = entry;
    expect(first).toEqual({ expires, owner, reason, group: "apps", ...entry.object });
  });

  it("are none of a team's where it has no file", () => {
    rmSync(join(project, "exemptions.yaml"));
    expect(exempt("PS-01")).toEqual({ "dev/hub": [], "dev/east": [] });
  });

  it("cannot be had while the file has faults, which name environments and clusters that there are", () => {
    write({ ...entry, environments: ["prod"] }, { ...entry, environments: ["dev"], clusters: ["west"] });
    expect(() => readExemptions(environment(), now)).toThrow(
      [
        "exemptions.yaml: 2 faults, nothing was changed.",
        '  exemptions.yaml:7  exemptions[0].environments[0] is "prod": no such environment: there are dev, other',
        '  exemptions.yaml:20  exemptions[1].clusters[0] is "west": no such cluster: these environments have hub, east',
      ].join("\n"),
    );
  });
});

describe("the platform's own exemptions", () => {
  beforeAll(() => ensureUpstream(), 300_000);
  const projects = [
    ["dev", packageRoot()],
    ["dev", join(packageRoot(), "examples", "minimal")],
    ["prod", join(packageRoot(), "examples", "prod")],
  ] as const;
  const OF_PLATFORM = ["PS-01", "PS-02", "PS-03", "PS-05", "RB-01"];

  it("are Fleetwright's, hold everywhere, and end within a year of the day on which they were last looked through", () => {
    for (const { environments, expires, owner } of platformExemptions()) {
      expect([owner, environments, expires]).toEqual(["fleetwright", "every", "2027-10-31"]);
    }
  });

  it("have not ended: look each of them through again, and move the day", () => {
    const parameters = policyParameters(loadEnvironment(...projects[0]));
    expect(standing(ruleExemptions(parameters), new Date().toISOString().slice(0, 10)).ended).toEqual([]);
  });

  it("are all that the platform needs to keep PS-01, PS-02, PS-03, PS-05 and RB-01, and each of them is needed", () => {
    const used = new Set<string>();
    for (const [name, root] of projects) {
      const environment = loadEnvironment(name, root);
      const objects = renderedObjects(environment).map(({ object }) => object);
      const { results } = check(objects, { parameters: {}, environment: policyParameters(environment, now), now });
      const denied = results.filter(({ id, verdict }) => verdict === "deny" && OF_PLATFORM.includes(id));
      expect(denied.map(({ id, path, resource }) => `${id} ${resource.kind} ${resource.name} ${path}`)).toEqual([]);
      for (const { exemption, id, path } of results) {
        if (!exemption) continue;
        // path by path, since one that exempts nothing would go unseen beside one that does
        const covering = exemption.paths?.filter((one) => path === one || path.startsWith(`${one}[`)) ?? [""];
        for (const one of covering) used.add(`${exemptionKey({ id, exemption })} ${one}`);
      }
    }
    const all = ruleExemptions(policyParameters(loadEnvironment(...projects[0]), now)).flatMap((one) =>
      (one.exemption.paths ?? [""]).map((path) => ({ key: `${exemptionKey(one)} ${path}`, ...one.exemption })),
    );
    const unused = all.filter(({ key }) => !used.has(key));
    // Velero makes these Pods while it runs: judged below
    expect([...new Set(unused.map(({ kind }) => kind))]).toEqual(["DataUpload", "DataDownload"]);
  });

  it("let Velero's movers run, as its exposer makes them", () => {
    const parameters = policyParameters(loadEnvironment(...projects[0]), now);
    const { rules = {} } = parameters.clusters["dev/hub"] ?? {};
    const settings = Object.fromEntries(
      ["PS-01", "PS-02", "PS-03"].flatMap((id) => (rules[id] ? [[id, rules[id]]] : [])),
    );
    const mover = (kind: string, namespace: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "shop-20261122-x7k2p",
        namespace,
        ownerReferences: [
          { apiVersion: "velero.io/v2alpha1", kind, name: "shop-20261122-x7k2p", uid: "a", controller: true },
        ],
      },
      spec: {
        restartPolicy: "Never",
        securityContext: { runAsUser: 0 },
        containers: [{ name: "mover", image: "velero", command: ["/velero", "data-mover", "backup"] }],
        volumes: [{ name: "volume", persistentVolumeClaim: { claimName: "shop-20261122-x7k2p" } }],
      },
    });
    const denied = (kind: string, namespace: string) => {
      const clusters = { "dev/hub": { environment: "dev", rules: settings } };
      const { results } = check([mover(kind, namespace)], { parameters: {}, environment: { clusters }, now });
      return [
        ...new Set(results.filter(({ id, verdict }) => verdict === "deny" && id in settings).map(({ id }) => id)),
      ];
    };
    expect(settingsOn(rules["PS-02"] ?? { level: "off", parameters: {} }, "2026-11-22").level).toBe("deny");
    expect([denied("DataUpload", "velero"), denied("DataDownload", "velero")]).toEqual([[], []]);
    expect([denied("Backup", "velero"), denied("DataUpload", "shop")]).toEqual([
      ["PS-02", "PS-03"],
      ["PS-02", "PS-03"],
    ]);
  });
});
