/**
 * The network of a cluster, three subnets in each zone:
 *
 *     public ──▶ internet        load balancers, NAT
 *     nodes ──▶ NAT of the zone  nodes and pods; S3 without NAT
 *     control plane              network interfaces of EKS: no way out
 */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { Eip } from "@pulumi/aws/ec2/eip";
import { FlowLog } from "@pulumi/aws/ec2/flowLog";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { NatGateway } from "@pulumi/aws/ec2/natGateway";
import { Route } from "@pulumi/aws/ec2/route";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import type { Key } from "@pulumi/aws/kms/key";
import type { CustomResourceOptions, Output } from "@pulumi/pulumi";
import { policyDocument, trustOf } from "./policy-document";
import { partitionOf, type Whereabouts } from "./whereabouts";

export interface NetworkArgs {
  /** Range of the network, CIDR. */
  readonly cidr: string;
  /** Range of each zone's subnet for what faces the internet, in the order of the zones. */
  readonly publicCidrs: readonly string[];
  /** The same for nodes and pods. */
  readonly nodeCidrs: readonly string[];
  /** The same for the control plane's network interfaces. */
  readonly controlPlaneCidrs: readonly string[];
  /** NAT gateways: one in each zone, or one for all. */
  readonly nat: "perZone" | "one";
}

/** Ids of subnets, in the order of the zones. */
export interface Subnets {
  readonly nodes: Output<string>[];
  readonly controlPlane: Output<string>[];
}

const ANYWHERE = "0.0.0.0/0";

export function network(
  where: Whereabouts,
  args: NetworkArgs,
  logs: { readonly key: Key; readonly retentionDays: number },
  opts: CustomResourceOptions,
): Subnets {
  const { name, region, zones } = where;
  const tags = (part: string, more: Record<string, string> = {}) => ({ Name: `${name}-${part}`, ...more });
  const vpc = new Vpc(
    name,
    { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
    opts,
  );
  // what names no group gets this one: no rule, no traffic
  new DefaultSecurityGroup(name, { vpcId: vpc.id, ingress: [], egress: [], tags: tags("unused") }, opts);
  const subnets = (part: string, cidrs: readonly string[], more: Record<string, string> = {}) =>
    zones.map(
      (zone, index) =>
        new Subnet(
          `${name}-${part}-${zone}`,
          {
            vpcId: vpc.id,
            availabilityZone: zone,
            cidrBlock: cidrs[index] ?? "",
            mapPublicIpOnLaunch: false,
            tags: tags(`${part}-${zone}`, more),
          },
          opts,
        ),
    );
  const table = (
    part: string,
    of: readonly Subnet[],
    gateway?: { gatewayId?: Output<string>; natGatewayId?: Output<string> },
  ) => {
    const made = new RouteTable(`${name}-${part}`, { vpcId: vpc.id, tags: tags(part) }, opts);
    if (gateway) {
      new Route(`${name}-${part}`, { routeTableId: made.id, destinationCidrBlock: ANYWHERE, ...gateway }, opts);
    }
    of.forEach((subnet, index) => {
      const association = `${name}-${part}-${index}`;
      new RouteTableAssociation(association, { routeTableId: made.id, subnetId: subnet.id }, opts);
    });
    return made;
  };

  // load balancers are placed by these tags
  const open = subnets("public", args.publicCidrs, { "kubernetes.io/role/elb": "1" });
  const nodes = subnets("nodes", args.nodeCidrs, { "kubernetes.io/role/internal-elb": "1" });
  const plane = subnets("control-plane", args.controlPlaneCidrs);
  const internet = new InternetGateway(name, { vpcId: vpc.id, tags: { Name: name } }, opts);
  table("public", open, { gatewayId: internet.id });
  table("control-plane", plane);
  const gateways = zones.slice(0, args.nat === "one" ? 1 : zones.length).map((zone, index) => {
    const address = new Eip(`${name}-nat-${zone}`, { domain: "vpc", tags: tags(`nat-${zone}`) }, opts);
    return new NatGateway(
      `${name}-${zone}`,
      { allocationId: address.id, subnetId: open[index]?.id, tags: tags(zone) },
      { ...opts, dependsOn: [internet] },
    );
  });
  const inner = zones.map((zone, index) => {
    const gateway = gateways[index] ?? gateways[0];
    const own = nodes.slice(index, index + 1);
    return table(`nodes-${zone}`, own, gateway ? { natGatewayId: gateway.id } : undefined);
  });
  new VpcEndpoint(
    `${name}-s3`,
    {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: inner.map(({ id }) => id),
      tags: tags("s3"),
    },
    opts,
  );
  flowLogs(where, vpc, logs, opts);
  return { nodes: nodes.map(({ id }) => id), controlPlane: plane.map(({ id }) => id) };
}

/** Who talked to whom, for whoever must find out afterwards. */
function flowLogs(
  { account, name, region }: Whereabouts,
  vpc: Vpc,
  { key, retentionDays }: { readonly key: Key; readonly retentionDays: number },
  opts: CustomResourceOptions,
): void {
  const logGroup = `/aws/vpc/${name}/flow`;
  const arn = `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:${logGroup}`;
  const group = new LogGroup(
    `${name}-flow`,
    { name: logGroup, kmsKeyId: key.arn, retentionInDays: retentionDays },
    opts,
  );
  const role = new Role(`${name}-flow`, { assumeRolePolicy: trustOf("vpc-flow-logs.amazonaws.com", account) }, opts);
  const policy = new RolePolicy(
    `${name}-flow`,
    {
      role: role.name,
      policy: policyDocument([
        {
          Sid: "Write",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [arn, `${arn}:*`],
        },
      ]),
    },
    opts,
  );
  new FlowLog(
    name,
    {
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestination: group.arn,
      logDestinationType: "cloud-watch-logs",
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
    },
    { ...opts, dependsOn: [policy] },
  );
}
