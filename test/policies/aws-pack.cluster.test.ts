/**
 * The pack on resources of AWS in a preview by the real engine: the program that makes the platform's clusters, and buckets
 * beside it. Only the provider's plugin is a stand-in, so that nothing is known but what the program says.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { execa } from "execa";
import { stringify } from "yaml";
import { packConfiguration } from "../../policies/pack/policy";
import { binDir, pulumiHome } from "../../sandbox/toolchain/tools";
import { policyParameters } from "../../stacks/policy-parameters";
import { environmentOf, file } from "../stacks/managed-cluster/environment";
import { type AwsStandIn, serveAwsStandIn } from "../support/aws-stand-in";

jest.setTimeout(900_000);

const root = join(__dirname, "..", "..");

/** The platform's own, then buckets of a team; `id` and `arn` are what a preview cannot know. */
const PROGRAM = `
const { parseEnvironment } = require("${root}/dist/stacks/environment");
const { registerInfrastructure } = require("${root}/dist/stacks/infrastructure");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const { BucketServerSideEncryptionConfiguration } = require("@pulumi/aws/s3/bucketServerSideEncryptionConfiguration");
const { BucketVersioning } = require("@pulumi/aws/s3/bucketVersioning");
const { Cluster } = require("@pulumi/aws/eks/cluster");
const { Key } = require("@pulumi/aws/kms/key");
const pulumi = require("@pulumi/pulumi");

const environment = parseEnvironment(require("fs").readFileSync("prod.yaml", "utf8"), "environments/prod.yaml");
registerInfrastructure(environment, Object.keys(environment.clusters));

const blocked = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
const kept = (name, bucket, key) => {
  new BucketPublicAccessBlock(name, { bucket, ...blocked });
  new BucketVersioning(name, { bucket, versioningConfiguration: { status: "Enabled" } });
  new BucketServerSideEncryptionConfiguration(name, {
    bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
  });
};
const key = new Key("team", {});
const sound = new Bucket("sound", {});
kept("sound", sound.id, key.arn);
const bare = new Bucket("bare", {});
const [left, right] = [new Bucket("left", {}), new Bucket("right", {})];
kept("either", pulumi.all([left.id, right.id]).apply(([one]) => one), key.arn);
const foreign = new Bucket("foreign", {});
kept("foreign", foreign.id, sound.arn);
new Cluster("open", {
  roleArn: sound.arn,
  vpcConfig: { subnetIds: [sound.id], publicAccessCidrs: ["0.0.0.0/0"] },
  encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
  enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
});
`;

describe("the pack on resources of AWS", () => {
  const work = mkdtempSync(join(tmpdir(), "fleetwright-aws-pack-"));
  let aws: AwsStandIn;

  const pulumi = (...words: string[]) =>
    execa("pulumi", [...words, "--non-interactive"], {
      cwd: work,
      reject: false,
      env: {
        PATH: `${binDir()}:${process.env.PATH}`,
        PULUMI_HOME: pulumiHome(),
        PULUMI_BACKEND_URL: `file://${join(work, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${aws.port}`,
        PULUMI_OPTION_POLICY_PACK: join(root, "policies", "policy-pack"),
        PULUMI_OPTION_POLICY_PACK_CONFIG: join(work, "config.json"),
      },
    });

  beforeAll(async () => {
    aws = await serveAwsStandIn();
    mkdirSync(join(work, "state"));
    writeFileSync(join(work, "config.json"), JSON.stringify(packConfiguration(policyParameters(environmentOf()))));
    writeFileSync(join(work, "prod.yaml"), stringify(file));
    writeFileSync(
      join(work, "Pulumi.yaml"),
      "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
    );
    writeFileSync(join(work, "package.json"), '{ "name": "shop" }\n');
    writeFileSync(join(work, "index.js"), PROGRAM);
    symlinkSync(join(root, "node_modules"), join(work, "node_modules"));
    await pulumi("stack", "init", "dev");
  });
  afterAll(() => {
    aws.stop();
    rmSync(work, { recursive: true });
  });

  it("refuses what is open and, in production, what it cannot know, and passes the platform's own, joined by the engine's dependencies", async () => {
    const { exitCode, stdout, stderr } = await pulumi("preview", "--stack=dev", "--json");
    const events = stdout.split("\n").filter((line) => line.includes('"policyEvent"'));
    const violations = events.map((line) => {
      const { resourceUrn, policyName, enforcementLevel } = JSON.parse(line).policyEvent;
      return `${resourceUrn.split("::").at(-1)} ${policyName} ${enforcementLevel}`;
    });
    expect({ violations: violations.sort(), exitCode, stderr }).toEqual({
      violations: [
        "bare AW-01 mandatory",
        "bare AW-02 mandatory",
        "bare AW-03 mandatory",
        "foreign AW-02 mandatory",
        "left AW-01 mandatory",
        "left AW-02 mandatory",
        "left AW-03 mandatory",
        "open AW-04 mandatory",
        "right AW-01 mandatory",
        "right AW-02 mandatory",
        "right AW-03 mandatory",
      ],
      exitCode: 1,
      stderr: "",
    });
    // all that the platform makes was there to be judged
    for (const bucket of ["acme-backups", "acme-logs", "acme-metrics"])
      expect(stdout).toContain(`aws:s3/bucket:Bucket::${bucket}`);
    expect(stdout).toContain("aws:eks/cluster:Cluster::prod-hub");
  });
});
