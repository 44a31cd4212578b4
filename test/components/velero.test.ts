import { beforeAll, describe, expect, it } from "@jest/globals";
import { checkFlow, isPods } from "../../components/flow";
import type { KubeObject } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { type VeleroArgs, veleroPart } from "../../components/velero";
import { expectGolden } from "../support/golden";

beforeAll(() => ensureUpstream(), 300_000);

const image = (name: string) => `registry.example/${name}@sha256:${"a".repeat(64)}`;
const s3 = { kind: "s3", bucket: "acme-backups", region: "eu-central-1" } as const;
const args: VeleroArgs = {
  environment: "prod",
  cluster: "eu-1",
  images: { velero: image("velero:v1.18.3"), awsPlugin: image("velero-plugin-for-aws:v1.14.2") },
  store: s3,
  tenants: [
    { name: "shop", namespaces: ["shop", "shop-jobs"] },
    { name: "catalogue", namespaces: ["catalogue"] },
  ],
};
const part = (changed: Partial<VeleroArgs> = {}) => veleroPart({ ...args, ...changed });
const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const find = (wanted: string, changed: Partial<VeleroArgs> = {}): Rendered =>
  part(changed).objects.find((object) => key(object) === wanted);
const ofKind = (kind: string, changed: Partial<VeleroArgs> = {}): Rendered[] =>
  part(changed).objects.filter((object) => object.kind === kind);
const pod = (wanted: string, changed: Partial<VeleroArgs> = {}) => find(wanted, changed).spec.template.spec;
const filesystem = { store: { kind: "filesystem" } } as const;

describe("velero", () => {
  it("renders the reviewed manifests", () => expectGolden("velero", part().objects));

  it("keeps the backups of each cluster in a folder of its own", () => {
    const [location, ...others] = ofKind("BackupStorageLocation");
    expect(others).toEqual([]);
    expect(location.spec).toEqual({
      provider: "aws",
      default: true,
      accessMode: "ReadWrite",
      objectStorage: { bucket: "acme-backups", prefix: "prod/eu-1" },
      config: { region: "eu-central-1" },
    });
    const endpoint = { store: { ...s3, endpoint: "s3.example:9000" } };
    expect(ofKind("BackupStorageLocation", endpoint)[0].spec.config).toEqual({
      region: "eu-central-1",
      s3Url: "https://s3.example:9000",
      s3ForcePathStyle: "true",
    });
  });

  it("has a schedule for each tenant, of its namespaces and no others", () =>
    expect(ofKind("Schedule").map(({ metadata, spec }) => [metadata.name, spec.template.includedNamespaces])).toEqual([
      ["shop", ["shop", "shop-jobs"]],
      ["catalogue", ["catalogue"]],
    ]));

  it("moves snapshots out of the cluster, to the location that there is, for thirty days", () => {
    for (const { spec } of ofKind("Schedule")) {
      expect(spec).toMatchObject({
        paused: false,
        template: {
          snapshotMoveData: true,
          storageLocation: "default",
          ttl: "720h0m0s",
          defaultVolumesToFsBackup: false,
        },
      });
    }
  });

  it("begins schedules five minutes apart, from the hour given, past midnight, too", () => {
    const tenants = Array.from({ length: 14 }, (_, index) => ({ name: `t${index}`, namespaces: [`n${index}`] }));
    const times = ofKind("Schedule", { tenants, timetable: { hourUtc: 23, retentionDays: 7 } }).map(({ spec }) => spec);
    expect(times.map(({ schedule }) => schedule)).toEqual([
      ...Array.from({ length: 12 }, (_, index) => `${index * 5} 23 * * *`),
      "0 0 * * *",
      "5 0 * * *",
    ]);
    expect(times[0].template.ttl).toBe("168h0m0s");
  });

  it("backs nothing up where there is no bucket: no location, no plug-in, paused schedules", () => {
    expect(ofKind("BackupStorageLocation", filesystem)).toEqual([]);
    expect(pod("Deployment/velero", filesystem).initContainers).toBeUndefined();
    expect(ofKind("Schedule", filesystem).map(({ spec }) => spec.paused)).toEqual([true, true]);
    expect(part(filesystem).alerts).toEqual([]);
    expect(part().alerts).not.toEqual([]);
  });

  it("does not start before somebody brought the password of the repositories", () => {
    const { containers, volumes } = pod("Deployment/velero");
    expect(volumes).toContainEqual({
      name: "repository-password",
      secret: { secretName: "velero-repo-credentials", defaultMode: 0o440, optional: false },
    });
    expect(containers[0].volumeMounts.map(({ name }: Rendered) => name)).toContain("repository-password");
    expect(ofKind("Secret")).toEqual([]);
  });

  it("mounts no folder of a node, and runs nothing as user 0", () => {
    for (const wanted of ["Deployment/velero", "DaemonSet/node-agent"]) {
      const { securityContext, volumes } = pod(wanted);
      expect(securityContext.runAsNonRoot).toBe(true);
      expect(volumes.filter((volume: object) => "hostPath" in volume)).toEqual([]);
    }
    expect(
      part()
        .departures?.map(({ departure }) => departure)
        .sort(),
    ).toEqual(["apiToken", "apiToken", "singleReplica"]);
  });

  it("is found by the names that Velero has in its code", () => {
    expect(find("DaemonSet/node-agent").spec.template.metadata.labels).toMatchObject({ role: "node-agent" });
    expect(pod("DaemonSet/node-agent").containers).toHaveLength(1);
    expect(find("Deployment/velero")).toBeDefined();
  });

  it("gives the pods that Velero makes bounds and a rank, by the names that it is told", () => {
    const bounds = { cpuRequest: "250m", cpuLimit: "2", memoryRequest: "512Mi", memoryLimit: "2Gi" };
    const { data } = find("ConfigMap/node-agent-config");
    expect(Object.keys(data)).toHaveLength(1);
    expect(JSON.parse(String(Object.values(data)[0]))).toMatchObject({
      podResources: bounds,
      priorityClassName: "platform",
    });
    expect(JSON.parse(find("ConfigMap/repo-maintenance-config").data.global)).toMatchObject({
      podResources: bounds,
      priorityClassName: "platform",
    });
    expect(pod("DaemonSet/node-agent").containers[0].args).toContain("--node-agent-configmap=node-agent-config");
    expect(pod("Deployment/velero").containers[0].args).toContain(
      "--repo-maintenance-job-configmap=repo-maintenance-config",
    );
  });

  it("restarts its programs when their configuration changes", () => {
    const hash = (changed: Partial<VeleroArgs>) =>
      find("DaemonSet/node-agent", changed).spec.template.metadata.annotations["fleetwright.dev/configuration"];
    expect(hash({})).not.toBe(hash({ sizes: { mover: { cpuMillicores: 500, memoryMiB: 512 } } }));
  });

  it("lets also the pods that Velero makes reach the API server and the store", () => {
    const { flows } = part();
    for (const flow of flows) checkFlow(flow);
    const all = flows.filter(({ from }) => typeof from === "object" && isPods(from) && from.pods === "all");
    expect(all.map(({ ports }) => ports)).toEqual([
      [
        { port: 443, protocol: "TCP" },
        { port: 6443, protocol: "TCP" },
      ],
      [{ port: 443, protocol: "TCP" }],
      [{ port: 80, protocol: "TCP" }],
    ]);
    expect(part(filesystem).flows.filter(({ to }) => to !== "api-server")).toEqual([]);
    const ports = part({ store: { ...s3, endpoint: "s3.example:9000" } }).flows.map((flow) => flow.ports);
    expect(ports).toContainEqual([{ port: 9000, protocol: "TCP" }]);
  });

  it("takes the role it is told of, and asks no agent for another", () => {
    const store = { ...s3, roleArn: "arn:aws:iam::111122223333:role/backups" };
    for (const name of ["velero", "node-agent"]) {
      expect(find(`ServiceAccount/${name}`, { store }).metadata.annotations).toEqual({
        "eks.amazonaws.com/role-arn": store.roleArn,
      });
      expect(find(`ServiceAccount/${name}`).metadata.annotations).toBeUndefined();
    }
    expect(JSON.stringify(part({ store }).flows)).not.toContain("169.254.170.23");
  });

  it.each([
    [{ timetable: { hourUtc: 24 } }, "timetable.hourUtc is 24"],
    [{ timetable: { retentionDays: 0 } }, "timetable.retentionDays is 0"],
    [{ timetable: { retentionDays: 366 } }, "timetable.retentionDays is 366"],
    [{ images: { ...args.images, awsPlugin: "" } }, "images.awsPlugin is empty"],
    [{ cluster: "EU" }, 'cluster is "EU"'],
    [{ tenants: [{ name: "Shop", namespaces: ["shop"] }] }, 'tenants is "Shop"'],
  ])("refuses %j", (changed, sentence) => expect(() => part(changed)).toThrow(sentence));
});
