/** Clusters on Amazon EKS, as the engine would be told of them. AWS itself is not asked. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { registerInfrastructure } from "../../stacks/infrastructure";
import { environmentOf } from "./managed-cluster/environment";
import { mockAws, type Registered } from "./managed-cluster/mocked-aws";

// biome-ignore lint/suspicious/noExplicitAny: inputs are read as AWS reads them
type Inputs = any;
interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: object;
}

let registered: Registered[];
let kubeconfig: string;
const ofType = (type: string): Registered[] => registered.filter((resource) => resource.type === type);
const inputsOf = (type: string, name: string): Inputs =>
  registered.find((resource) => resource.type === type && resource.name === name)?.inputs;
const statements = (policy: unknown): Statement[] => JSON.parse(policy as string).Statement;

beforeAll(async () => {
  registered = await mockAws();
  const environment = environmentOf();
  registerInfrastructure(environment, Object.keys(environment.clusters)).kubeconfig.apply((text) => {
    kubeconfig = text;
  });
  // once all that was registered has come back
  await pulumi.runtime.disconnect();
}, 30_000);

describe("a managed cluster", () => {
  it("is made for each cluster that says so, and for no other", () =>
    expect(
      ofType("aws:eks/cluster:Cluster")
        .map(({ inputs }) => inputs.name)
        .sort(),
    ).toEqual(["prod-hub", "prod-west"]));

  it("is made with credentials of its account, and of no other", () =>
    expect(ofType("pulumi:providers:aws").map(({ inputs }) => [inputs.region, inputs.allowedAccountIds])).toEqual([
      ["eu-central-1", JSON.stringify(["111122223333"])],
      ["eu-west-1", JSON.stringify(["111122223333"])],
    ]));

  it("has three subnets in each zone, nodes behind the NAT of their own", () => {
    const subnets = ofType("aws:ec2/subnet:Subnet").filter(({ name }) => name.startsWith("prod-hub"));
    expect(subnets).toHaveLength(9);
    expect(new Set(subnets.map(({ inputs }) => inputs.availabilityZone)).size).toBe(3);
    expect(subnets.filter(({ inputs }) => inputs.mapPublicIpOnLaunch !== false)).toEqual([]);
    expect(inputsOf("aws:ec2/subnet:Subnet", "prod-hub-nodes-eu-central-1b").cidrBlock).toBe("10.16.64.0/18");
    expect(inputsOf("aws:ec2/route:Route", "prod-hub-nodes-eu-central-1b").natGatewayId).toBe(
      "prod-hub-eu-central-1b-id",
    );
    // the control plane's network interfaces need no way out
    expect(inputsOf("aws:ec2/route:Route", "prod-hub-control-plane")).toBeUndefined();
    expect(inputsOf("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "prod-hub")).toMatchObject({
      ingress: [],
      egress: [],
    });
  });

  it("keeps logs of its network, encrypted, for as long as asked for", () => {
    expect(inputsOf("aws:ec2/flowLog:FlowLog", "prod-hub")).toMatchObject({ trafficType: "ALL", vpcId: "prod-hub-id" });
    const groups = ofType("aws:cloudwatch/logGroup:LogGroup");
    expect(groups).toHaveLength(4);
    for (const { inputs } of groups)
      expect(inputs).toMatchObject({ retentionInDays: 90, kmsKeyId: expect.any(String) });
  });

  it("is reached from inside of its network only, encrypts Secrets, keeps all logs, and is not deleted by mistake", () => {
    const { encryptionConfig, vpcConfig, ...plane } = inputsOf("aws:eks/cluster:Cluster", "prod-hub");
    expect(vpcConfig).toEqual({
      subnetIds: ["a", "b", "c"].map((zone) => `prod-hub-control-plane-eu-central-1${zone}-id`),
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    });
    expect(encryptionConfig).toEqual({
      provider: { keyArn: expect.stringContaining("prod-hub-cluster") },
      resources: ["secrets"],
    });
    expect(plane).toMatchObject({
      version: "1.35",
      deletionProtection: true,
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" },
    });
  });

  it("is administered by whom the environment names, not by whoever made it", () => {
    expect(inputsOf("aws:eks/cluster:Cluster", "prod-hub").accessConfig).toEqual({
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: false,
    });
    expect(ofType("aws:eks/accessEntry:AccessEntry").map(({ inputs }) => inputs.principalArn)).toEqual(
      Array(2).fill("arn:aws:iam::111122223333:role/platform"),
    );
  });

  it("has nodes whose role no pod can take, and whose disks are encrypted", () => {
    const template = inputsOf("aws:ec2/launchTemplate:LaunchTemplate", "prod-hub-general");
    expect(template.metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
    expect(template.blockDeviceMappings).toHaveLength(2);
    for (const { ebs } of template.blockDeviceMappings) {
      expect(ebs).toMatchObject({ encrypted: "true", kmsKeyId: expect.stringContaining("prod-hub-cluster") });
    }
    const group = inputsOf("aws:eks/nodeGroup:NodeGroup", "prod-hub-general");
    expect(group).toMatchObject({
      amiType: "BOTTLEROCKET_ARM_64",
      version: "1.35",
      scalingConfig: { minSize: 3, maxSize: 6, desiredSize: 3 },
      subnetIds: ["a", "b", "c"].map((zone) => `prod-hub-nodes-eu-central-1${zone}-id`),
    });
    const ofNode = ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ name }) =>
      name.startsWith("prod-hub-node-"),
    );
    expect(ofNode.map(({ inputs }) => String(inputs.policyArn).split("/")[1])).toEqual([
      "AmazonEKSWorkerNodePolicy",
      "AmazonEC2ContainerRegistryPullOnly",
    ]);
  });

  it("pins its add-ons by the minor, and enforces network policies", () => {
    const addons = ofType("aws:eks/addon:Addon").filter(({ inputs }) => inputs.clusterName === "prod-hub");
    expect(addons.map(({ inputs }) => inputs.addonName).sort()).toEqual([
      "aws-ebs-csi-driver",
      "coredns",
      "eks-pod-identity-agent",
      "kube-proxy",
      "vpc-cni",
    ]);
    expect(inputsOf("aws:eks/addon:Addon", "prod-hub-kube-proxy").addonVersion).toMatch(/^v1\.35\./);
    for (const { inputs } of addons) expect(inputs.addonVersion).toMatch(/^v[0-9.]+-eksbuild\.[0-9]+$/);
    const { configurationValues } = inputsOf("aws:eks/addon:Addon", "prod-hub-vpc-cni");
    expect(JSON.parse(configurationValues).enableNetworkPolicy).toBe("true");
  });

  it("has a kubeconfig without a secret, with the contexts that the environment names, none of them current", () => {
    const { clusters, contexts, users, "current-context": current } = parse(kubeconfig);
    expect(contexts.map(({ name }: { name: string }) => name)).toEqual(["hub", "prod-west"]);
    expect(clusters[1].cluster).toEqual({
      server: "https://prod-west.example",
      "certificate-authority-data": "Q0E=",
    });
    expect(users[1].user.exec.args).toEqual(
      expect.arrayContaining(["eu-west-1", "get-token", "--cluster-name", "prod-west"]),
    );
    expect(Object.keys(users[0].user)).toEqual(["exec"]);
    expect(current).toBe("");
  });

  it("refuses a stack that would make none", () =>
    expect(() => registerInfrastructure(environmentOf(), ["old"])).toThrow(
      "environments/prod.yaml: fleetwright:part is infrastructure, and no cluster of this stack has provision.kind: eks (old)",
    ));
});

describe("buckets", () => {
  const names = ["acme-backups", "acme-logs", "acme-metrics"];

  it("are the hub's to make, once", () =>
    expect(
      ofType("aws:s3/bucket:Bucket")
        .map(({ inputs }) => inputs.bucket)
        .sort(),
    ).toEqual(names));

  it.each(names)("are private, encrypted and versioned: %s", (name) => {
    expect(inputsOf("aws:s3/bucket:Bucket", name).forceDestroy).toBe(false);
    expect(inputsOf("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name)).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const [rule] = inputsOf(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      name,
    ).rules;
    expect(rule.applyServerSideEncryptionByDefault).toEqual({
      sseAlgorithm: "aws:kms",
      kmsMasterKeyId: expect.stringContaining("prod-objects"),
    });
    const { versioningConfiguration } = inputsOf("aws:s3/bucketVersioning:BucketVersioning", name);
    expect(versioningConfiguration).toEqual({ status: "Enabled" });
    const [lifecycle] = inputsOf("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", name).rules;
    expect(lifecycle.noncurrentVersionExpiration).toEqual({ noncurrentDays: 30 });
  });

  it.each(names)("refuse whoever comes without TLS: %s", (name) => {
    const denied = statements(inputsOf("aws:s3/bucketPolicy:BucketPolicy", name).policy);
    expect(denied.map(({ Condition, Effect }) => [Effect, Condition])).toEqual([
      ["Deny", { Bool: { "aws:SecureTransport": "false" } }],
      ["Deny", { NumericLessThan: { "s3:TlsVersion": "1.2" } }],
    ]);
    for (const { Resource } of denied) expect(Resource).toEqual([`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]);
  });

  it("are encrypted by a key that rotates, and that policies know by its alias", () => {
    expect(inputsOf("aws:kms/key:Key", "prod-objects")).toMatchObject({
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    expect(inputsOf("aws:kms/alias:Alias", "prod-objects").name).toBe("alias/prod-objects");
  });
});

describe("pods", () => {
  const policyOf = (name: string) => statements(inputsOf("aws:iam/rolePolicy:RolePolicy", name).policy);
  const associated = (cluster: string) =>
    ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation")
      .filter(({ inputs }) => inputs.clusterName === cluster)
      .map(({ inputs }) => `${inputs.namespace}/${inputs.serviceAccount}`);

  it("get a role by their ServiceAccount, where their component keeps objects", () => {
    expect(associated("prod-hub").sort()).toEqual([
      "loki/loki",
      "thanos/thanos-compact",
      "thanos/thanos-receive-ingestor",
      "thanos/thanos-rule",
      "thanos/thanos-store",
      "velero/node-agent",
      "velero/velero",
    ]);
    expect(associated("prod-west").sort()).toEqual(["velero/node-agent", "velero/velero"]);
  });

  it("are trusted by cluster, namespace and account", () => {
    const [trust] = statements(inputsOf("aws:iam/role:Role", "prod-west-velero").assumeRolePolicy);
    expect(trust?.Condition).toEqual({
      StringEquals: {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/prod-west",
        "aws:RequestTag/kubernetes-namespace": "velero",
        "aws:RequestTag/kubernetes-service-account": ["velero"],
      },
    });
  });

  it("reach their own bucket, and of the backups their own cluster's", () => {
    const [list, objects] = policyOf("prod-west-velero");
    expect(list?.Condition).toEqual({ StringLike: { "s3:prefix": ["prod/west", "prod/west/*"] } });
    expect(objects?.Resource).toBe("arn:aws:s3:::acme-backups/prod/west/*");
    expect(policyOf("prod-hub-loki")[1]?.Resource).toBe("arn:aws:s3:::acme-logs/*");
  });

  it("use no key but that of the buckets, and only through S3", () =>
    expect(policyOf("prod-hub-loki")[2]?.Condition).toEqual({
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/prod-objects" },
      StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
    }));

  it("only read where they only answer", () => {
    const actions = policyOf("prod-hub-thanos-store").flatMap(({ Action }) => Action);
    expect(actions).toEqual(["s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject", "kms:Decrypt"]);
    expect(policyOf("prod-hub-thanos-compact")[1]?.Action).toContain("s3:DeleteObject");
  });

  it("may do nothing with a wildcard for an action", () => {
    const policies = ofType("aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) => statements(inputs.policy));
    expect(policies.length).toBeGreaterThan(20);
    expect(policies.flatMap(({ Action }) => Action).filter((action) => /^(\*|\w+:\*)$/.test(action))).toEqual([]);
    expect(policies.filter(({ Resource }) => Resource === "*")).toEqual([]);
  });
});
