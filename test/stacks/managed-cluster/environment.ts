/** An environment whose two clusters are made on Amazon EKS, as a file would say it. */
import { stringify } from "yaml";
import { type Environment, parseEnvironment } from "../../../stacks/environment";

const eks = (network: string) => ({
  account: "111122223333",
  nodeCidrs: [0, 1, 2].map((zone) => `${network}.${zone * 64}.0/18`),
  publicCidrs: [0, 1, 2].map((zone) => `${network}.${192 + zone}.0/24`),
  admins: ["arn:aws:iam::111122223333:role/platform"],
  nodeGroups: { general: { instanceTypes: ["m7g.xlarge"], architecture: "arm64" } },
});

const cluster = (region: string, network: string, change: object) => ({
  kubernetes: "1.35",
  region,
  zones: ["a", "b", "c"].map((zone) => region + zone),
  cloud: "aws",
  network: {
    name: region,
    podCidrs: [`${network}.0.0/16`],
    serviceCidrs: ["172.20.0.0/16"],
    apiServerCidrs: [0, 1, 2].map((zone) => `${network}.${240 + zone}.0/24`),
  },
  provision: { kind: "eks", eks: eks(network) },
  ...change,
});

export const file = {
  purpose: "production",
  owner: "platform",
  clusters: {
    hub: cluster("eu-central-1", "10.16", { role: "hub" }),
    west: cluster("eu-west-1", "10.17", { context: "prod-west" }),
    old: cluster("eu-west-1", "10.18", { provision: { kind: "existing" } }),
  },
  storageClasses: { standard: { default: true } },
  images: { registries: ["ghcr.io/acme"] },
  objectStore: {
    kind: "s3",
    region: "eu-central-1",
    buckets: { thanos: "acme-metrics", loki: "acme-logs", velero: "acme-backups" },
  },
};

/** The environment `prod`. */
export const environmentOf = (given: object = file): Environment =>
  parseEnvironment(stringify(given), "environments/prod.yaml");
