import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { packConfiguration } from "../../policies/pack/policy";
import type { PolicyParameters } from "../../policies/parameters";
import { binDir, pulumiHome } from "../../sandbox/toolchain/tools";
import { offBut } from "../support/rules";
import { itWhole } from "../support/whole";

jest.setTimeout(900_000);

const root = join(__dirname, "..", "..");
/** The same pack, started by the engine itself and through the Node language host. */
const program = join(root, "policies", "policy-pack");
const folder = join(root, "policies");

const parameters: PolicyParameters = {
  clusters: {
    "dev/hub": {
      environment: "dev",
      rules: {
        ...offBut("IM-01", "IM-02"),
        "IM-01": { level: "deny", parameters: {} },
        "IM-02": { level: "warn", parameters: {} },
      },
    },
  },
};

/** The same, but that the Deployment `latest` is exempt from IM-01 up to a day. */
const exemptUntil = (expires: string): PolicyParameters => {
  const { environment = "", rules = {} } = parameters.clusters["dev/hub"] ?? {};
  const exemption = {
    owner: "shop",
    reason: "The vendor publishes no versions of it.",
    expires,
    group: "apps",
    kind: "Deployment",
    namespace: "shop",
    name: "latest",
    paths: ["spec.template.spec.containers[0].image"],
  };
  const exempt = { ...rules, "IM-01": { level: "deny" as const, parameters: { exemptions: [exemption] } } };
  return { clusters: { "dev/hub": { environment, rules: exempt } } };
};

/** A program of previews without any cluster: `namespace.id` is what a preview cannot know. */
const PROGRAM = `
const k8s = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");
const provider = new k8s.Provider("hub", { kubeconfig: "/nowhere", context: "hub", clusterIdentifier: "dev/hub" });
const other = new k8s.Provider("other", { kubeconfig: "/nowhere", context: "other", clusterIdentifier: "dev/other" });
const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, { provider });
const only = (name) => process.env.ONLY && process.env.ONLY !== name;
const deployment = (name, image, annotations, to = provider) => only(name) ||
  new k8s.apps.v1.Deployment(name, {
    metadata: { name, namespace: "shop", annotations },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "app", image }] } },
    },
  }, { provider: to });
deployment("pinned", "nginx@sha256:" + "0".repeat(64), {});
deployment("latest", "nginx:latest", { id: namespace.id });
deployment("unknown", pulumi.interpolate\`nginx:\${namespace.id}\`, {});
deployment("secret", pulumi.secret("quay.io/canary"), {});
deployment("elsewhere", "nginx:1", {}, other);
only("patch") || new k8s.apps.v1.DeploymentPatch("patch", {
  metadata: { name: "patch", namespace: "shop" },
  spec: { template: { spec: { containers: [{ name: "app", image: "nginx" }] } } },
}, { provider });
`;

describe("the pack in a preview by the real engine", () => {
  const work = mkdtempSync(join(tmpdir(), "fleetwright-pack-"));
  const config = join(work, "config.json");
  afterAll(() => rmSync(work, { recursive: true }));
  beforeAll(async () => {
    mkdirSync(join(work, "state"));
    writeFileSync(config, JSON.stringify(packConfiguration(parameters)));
    writeFileSync(
      join(work, "Pulumi.yaml"),
      "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
    );
    writeFileSync(join(work, "package.json"), '{ "name": "shop" }\n');
    writeFileSync(join(work, "index.js"), PROGRAM);
    symlinkSync(join(root, "node_modules"), join(work, "node_modules"));
    await pulumi(["stack", "init", "dev"]);
  });

  const pulumi = (words: string[], env: Record<string, string> = {}) =>
    execa("pulumi", [...words, "--non-interactive"], {
      cwd: work,
      reject: false,
      env: {
        PATH: `${binDir()}:${process.env.PATH}`,
        PULUMI_HOME: pulumiHome(),
        PULUMI_BACKEND_URL: `file://${join(work, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        ...env,
      },
    });
  /** Exit code, and `resource rule level` for each violation, sorted. */
  const preview = async (pack: string, configuration?: string, env: Record<string, string> = {}) => {
    const { exitCode, stdout } = await pulumi(["preview", "--stack=dev", "--json"], {
      ...env,
      PULUMI_OPTION_POLICY_PACK: pack,
      ...(configuration ? { PULUMI_OPTION_POLICY_PACK_CONFIG: configuration } : {}),
    });
    const events = stdout.split("\n").filter((line) => line.includes('"policyEvent"'));
    const violations = events.map((line) => {
      const { resourceUrn, policyName, enforcementLevel } = JSON.parse(line).policyEvent;
      return `${resourceUrn.split("::").at(-1)} ${policyName} ${enforcementLevel}`;
    });
    return { exitCode, violations: violations.sort(), stdout };
  };
  const expected = [
    "elsewhere rules mandatory",
    "latest IM-01 mandatory",
    "latest IM-02 advisory",
    "patch IM-01 mandatory",
    "patch IM-02 advisory",
    "secret IM-01 mandatory",
    "secret IM-02 advisory",
    "unknown IM-01 advisory",
    "unknown IM-02 advisory",
  ];

  it("refuses what each cluster refuses, shows what it cannot know, and passes the rest", async () => {
    const { exitCode, violations, stdout } = await preview(program, config);
    expect(violations).toEqual(expected);
    expect(exitCode).not.toBe(0);
    expect(stdout.split("\n").filter((line) => line.includes('"policyEvent"') && line.includes("canary"))).toEqual([]);
  });

  itWhole("says the same through the language host, where a team's own tools look for a pack", async () => {
    expect((await preview(folder, config)).violations).toEqual(expected);
  });

  it("lets pass what is exempt, and counts that at the end, at the stack", async () => {
    const file = join(work, "exempt.json");
    const ahead = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    writeFileSync(file, JSON.stringify(packConfiguration(exemptUntil(ahead))));
    const { stdout, violations } = await preview(program, file);
    const others = expected.filter((line) => line !== "latest IM-01 mandatory");
    expect(violations).toEqual([...others, "shop-dev exemptions advisory"].sort());
    expect(stdout).toContain("exemptions: 1 in force (IM-01 1), 1 violation exempted");
  });

  it("refuses a run as it begins when an exemption has ended: nothing is made by `up`", async () => {
    const file = join(work, "ended.json");
    writeFileSync(file, JSON.stringify(packConfiguration(exemptUntil("2026-01-31"))));
    const { exitCode, stdout, violations } = await preview(program, file);
    expect(violations).toEqual([...expected, "shop-dev IM-01 mandatory"].sort());
    expect(stdout).toContain(
      "IM-01: the exemption of Deployment shop/latest ended on 2026-01-31, owner shop: have the",
    );
    expect(exitCode).not.toBe(0);
    const up = await pulumi(["up", "--stack=dev", "--yes", "--skip-preview"], {
      PULUMI_OPTION_POLICY_PACK: program,
      PULUMI_OPTION_POLICY_PACK_CONFIG: file,
    });
    expect(up.exitCode).not.toBe(0);
    expect(up.stdout).toContain("the exemption of Deployment shop/latest ended on 2026-01-31");
    const { stdout: state } = await pulumi(["stack", "export", "--stack=dev"]);
    expect((JSON.parse(state) as { deployment: { resources?: object[] } }).deployment.resources ?? []).toEqual([]);
  });

  it.each(["warn", "deny"] as const)(
    "never lets a rule pass that meets an unknown value: undetermined, and in an environment that says %s as grave as that",
    async (undetermined) => {
      const hub = { ...parameters.clusters["dev/hub"], undetermined };
      writeFileSync(join(work, "gate.json"), JSON.stringify(packConfiguration({ clusters: { "dev/hub": hub } })));
      const { exitCode, violations, stdout } = await preview(program, join(work, "gate.json"), { ONLY: "unknown" });
      const isGate = undetermined === "deny";
      expect(violations).toEqual([
        `unknown IM-01 ${isGate ? "mandatory" : "advisory"}`,
        "unknown IM-02 advisory", // its level is warn
      ]);
      expect(exitCode === 0).toBe(!isGate);
      expect(stdout).toContain("IM-01 undetermined: spec.template.spec.containers[0].image is not known yet");
      // what the engine's own SDK says where it lets such a policy pass
      expect(stdout).not.toContain("can't run policy");
    },
  );

  it("refuses everything that a rule looks at when it was started without parameters", async () => {
    const { exitCode, violations } = await preview(program);
    expect(violations).toEqual(
      ["elsewhere", "latest", "patch", "pinned", "secret", "shop", "unknown"].map((name) => `${name} rules mandatory`),
    );
    expect(exitCode).not.toBe(0);
  });
});
