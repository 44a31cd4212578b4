/** The sandbox as its users see it: real processes, on instances of its own in a folder of its own. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execa } from "execa";
import { commandLineOf } from "../../sandbox/processes";
import {
  killCluster,
  pauseHostProgram,
  resumeHostProgram,
  sandboxStatus,
  startSandbox,
  stopSandbox,
  wipeCluster,
} from "../../sandbox/sandbox";
import { toolPath } from "../../sandbox/toolchain/tools";

const projectRoot = realpathSync(mkdtempSync(join(tmpdir(), "fleetwright-sandbox-")));
const one = { projectRoot, instance: "one" };
const two = { projectRoot, instance: "two" };

/** Upstream's own manifests, from the Go module that carries them; undefined without Go. */
const gatekeeperManifest = (() => {
  try {
    const module = "github.com/open-policy-agent/gatekeeper/v3@v3.23.1";
    const { Dir } = JSON.parse(execFileSync("go", ["mod", "download", "-json", module], { encoding: "utf8" }));
    return join(Dir, "deploy", "gatekeeper.yaml");
  } catch {
    return undefined;
  }
})();

async function kubectl(...words: string[]): Promise<string> {
  const kubeconfig = join(projectRoot, ".fleetwright", "one", "kubeconfig");
  const { stdout } = await execa(toolPath("kubectl"), ["--kubeconfig", kubeconfig, "--context", "hub", ...words]);
  return stdout;
}

async function apply(manifest: string): Promise<void> {
  const file = join(projectRoot, "manifest.yaml");
  writeFileSync(file, manifest);
  await kubectl("apply", "--server-side", "-f", file);
}

/** Waits until a question has this answer; a question that fails has none yet. */
async function eventually(question: () => Promise<unknown>, answer: unknown, seconds = 20): Promise<void> {
  let last: unknown;
  for (let waited = 0; waited < seconds; waited += 0.2) {
    last = await question().catch((error: Error) => error.message);
    if (JSON.stringify(last) === JSON.stringify(answer)) return;
    await sleep(200);
  }
  expect(last).toEqual(answer);
}

/** Addresses on which a process listens, `host:port`. */
function listensOn(pid: number): string[] {
  if (platform() !== "linux") {
    const lines = execFileSync("lsof", ["-nP", "-a", "-iTCP", "-sTCP:LISTEN", "-Fn", "-p", String(pid)], {
      encoding: "utf8",
    });
    return lines.split("\n").flatMap((line) => (line.startsWith("n") ? [line.slice(1)] : []));
  }
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return ""; // closed in between
    }
  });
  // columns of /proc/net/tcp, see proc(5): local address in hex (byte order of the machine), state 0A is LISTEN, inode
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === "0A" && links.includes(`socket:[${columns[9]}]`))
      .map(([, local = ""]) => local.replace(/^0100007F:/, "127.0.0.1:")),
  );
}

async function hub() {
  const cluster = (await sandboxStatus(one)).clusters.find(({ name }) => name === "hub");
  if (!cluster) throw new Error("hub is not up");
  return cluster;
}

beforeAll(async () => {
  await Promise.all([startSandbox({ ...one, clusters: ["hub"] }), startSandbox({ ...two, clusters: ["hub"] })]);
}, 60_000);

afterAll(async () => {
  await Promise.all([stopSandbox(one), stopSandbox(two)]);
  rmSync(projectRoot, { recursive: true, force: true });
}, 30_000);

describe("an instance", () => {
  it("has ports of its own beside another instance of the same project", async () => {
    const [mine, other] = await Promise.all([sandboxStatus(one), sandboxStatus(two)]);
    expect([mine.clusters[0]?.ready, other.clusters[0]?.ready]).toEqual([true, true]);
    expect(mine.clusters[0]?.server).not.toBe(other.clusters[0]?.server);
  }, 30_000);

  it("ends when its folder is removed by hand, and no other ends with it", async () => {
    const { clusters, supervisor } = await sandboxStatus(two);
    const pids = [supervisor.pid ?? 0, ...Object.values(clusters[0]?.pids ?? {})];
    expect(pids.filter((pid) => commandLineOf(pid))).toHaveLength(6);
    rmSync(join(projectRoot, ".fleetwright", "two"), { recursive: true, force: true, maxRetries: 10 });
    await eventually(async () => pids.filter((pid) => commandLineOf(pid)), []);
    expect((await hub()).ready).toBe(true);
  }, 30_000);

  it("stays as it is when it is brought up again", async () => {
    const before = await sandboxStatus(one);
    expect(await startSandbox({ ...one, clusters: ["hub"] })).toEqual(before);
  }, 30_000);

  it("has three Ready nodes in three zones, on which an ordinary pod runs", async () => {
    const zones = await kubectl(
      "get",
      "nodes",
      "-o",
      "jsonpath={.items[*].metadata.labels.topology\\.kubernetes\\.io/zone}",
    );
    expect(zones).toBe("local-hub-a local-hub-b local-hub-c");
    await kubectl("run", "ordinary", "--image=nginx");
    await kubectl("wait", "pod/ordinary", "--for=condition=Ready", "--timeout=20s");
    await kubectl("delete", "pod", "ordinary");
  }, 40_000);

  it("heals a killed API server and a killed supervisor, and keeps the cluster's data", async () => {
    await kubectl("create", "configmap", "kept");
    const before = await sandboxStatus(one);
    for (const pid of [
      before.supervisor.pid,
      before.clusters[0]?.pids["kube-apiserver"],
      before.clusters[0]?.pids.etcd,
    ]) {
      process.kill(pid ?? 0, "SIGKILL");
    }
    await eventually(async () => (await hub()).problems, ["cluster hub: etcd, kube-apiserver do not run"]);
    expect((await hub()).ready).toBe(false);
    expect((await startSandbox({ ...one, clusters: ["hub"] })).clusters[0]?.ready).toBe(true);
    expect(await kubectl("get", "configmap", "kept", "-o", "name")).toBe("configmap/kept");
  }, 60_000);

  it("looks unreachable after a kill, until it is brought up", async () => {
    await killCluster(one, "hub");
    expect((await hub()).pids).toEqual({});
    await expect(kubectl("get", "nodes")).rejects.toThrow(/refused/);
    await startSandbox({ ...one, clusters: ["hub"] });
    expect(await kubectl("get", "configmap", "kept", "-o", "name")).toBe("configmap/kept");
  }, 60_000);

  it("is empty after a wipe, at the same address and with the same keys", async () => {
    const { server } = await hub();
    expect((await wipeCluster(one, "hub")).clusters[0]).toMatchObject({ ready: true, server });
    expect(await kubectl("get", "configmap", "kept", "--ignore-not-found")).toBe("");
    expect((await kubectl("get", "nodes", "-o", "name")).split("\n")).toHaveLength(3);
  }, 60_000);

  it("says which clusters it has when another is asked for", async () => {
    await expect(wipeCluster(one, "north")).rejects.toThrow("sandbox 'one' has no cluster 'north': it has hub");
  });
});

describe("a LoadBalancer Service", () => {
  it("has an address as long as it is one", async () => {
    const address = () => kubectl("get", "service", "gateway", "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}");
    await kubectl("create", "service", "loadbalancer", "gateway", "--tcp=80");
    await eventually(address, "192.0.2.1");
    await kubectl("patch", "service", "gateway", "-p", '{"spec":{"type":"ClusterIP"}}');
    await eventually(address, "");
    await kubectl("delete", "service", "gateway");
  }, 30_000);
});

describe("a claim", () => {
  const claim = (name: string, storageClass: string) =>
    `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name}, namespace: default }
spec: { storageClassName: ${storageClass}, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: default }
spec:
  nodeSelector: { topology.kubernetes.io/zone: local-hub-c }
  containers: [{ name: main, image: nginx, volumeMounts: [{ name: data, mountPath: /data }] }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: ${name} } }]
`;
  const storageClass = (name: string, reclaimPolicy: string) =>
    `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: ${name} }
provisioner: ebs.csi.aws.com
reclaimPolicy: ${reclaimPolicy}
allowVolumeExpansion: true
volumeBindingMode: WaitForFirstConsumer
---
`;
  const volumes = (path: string) => kubectl("get", "pv", "-o", `jsonpath=${path}`);

  it("waits for its pod, then has a volume in the pod's zone, which grows and goes with it", async () => {
    await apply(storageClass("fast", "Delete") + claim("passing", "fast"));
    await eventually(() => kubectl("get", "pvc", "passing", "-o", "jsonpath={.status.phase}"), "Bound");
    const term = "{.items[*].spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0]";
    expect(await volumes(`${term}.key} ${term}.values[0]}`)).toBe("topology.kubernetes.io/zone local-hub-c");
    await kubectl("patch", "pvc", "passing", "-p", '{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}');
    await eventually(() => kubectl("get", "pvc", "passing", "-o", "jsonpath={.status.capacity.storage}"), "2Gi");
    await kubectl("delete", "pod,pvc", "passing", "--timeout=20s");
    await eventually(() => kubectl("get", "pv,volumeattachments", "-o", "name"), "");
  }, 60_000);

  it("leaves its volume behind when the class says Retain", async () => {
    await apply(storageClass("durable", "Retain") + claim("lasting", "durable"));
    await eventually(() => volumes("{.items[*].status.phase}"), "Bound");
    await kubectl("delete", "pod,pvc", "lasting", "--timeout=20s");
    await eventually(() => volumes("{.items[*].status.phase}"), "Released");
    await sleep(2000); // long enough for a volume of policy Delete to go
    expect(await volumes("{.items[*].status.phase}")).toBe("Released");
    await kubectl("delete", "pv", "--all", "--timeout=20s");
  }, 60_000);
});

(gatekeeperManifest ? describe : describe.skip)("Gatekeeper, as upstream ships it", () => {
  const program = "gatekeeper-controller-manager";
  const refused = () => kubectl("run", "forbidden", "--image=nginx:latest");

  it("becomes Ready as a process of this machine, on loopback only", async () => {
    await kubectl("apply", "--server-side", "-f", gatekeeperManifest ?? "");
    await kubectl("-n", "gatekeeper-system", "rollout", "status", `deployment/${program}`, "--timeout=50s");
    await eventually(async () => (await hub()).programs.find(({ name }) => name === program)?.state, "running");
    const { clusters, supervisor } = await sandboxStatus(one);
    const pids = [supervisor.pid ?? 0, ...Object.values(clusters[0]?.pids ?? {})];
    expect(pids).toHaveLength(8);
    expect(pids.flatMap(listensOn).filter((address) => !address.startsWith("127.0.0.1:"))).toEqual([]);
    expect(pids.flatMap(listensOn).length).toBeGreaterThan(8); // so the question was asked rightly
  }, 60_000);

  it("refuses a forbidden pod through its Service, with the certificate that it made", async () => {
    await apply(template);
    await eventually(
      () => kubectl("get", "constrainttemplate", "nolatest", "-o", "jsonpath={.status.created}"),
      "true",
    );
    await apply(constraint);
    await kubectl(
      ...["patch", "validatingwebhookconfiguration", "gatekeeper-validating-webhook-configuration", "--type=json"],
      ...["-p", '[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Fail"}]'],
    );
    await eventually(
      () => refused().catch((error: Error) => /denied the request: \[nolatest\]/.test(error.message)),
      true,
    );
    await kubectl("run", "allowed", "--image=nginx:1.29");
  }, 60_000);

  it("is missed at once while it is kept from running, and its pods are not Ready", async () => {
    await pauseHostProgram(one, "hub", program);
    const started = Date.now();
    await expect(refused()).rejects.toThrow(/gatekeeper-controller-manager does not answer on this machine/);
    expect(Date.now() - started).toBeLessThan(2000);
    const ready = () =>
      kubectl("-n", "gatekeeper-system", "get", "deployment", program, "-o", "jsonpath={.status.readyReplicas}");
    await eventually(ready, "");
    await resumeHostProgram(one, "hub", program);
    await eventually(ready, "3");
    await eventually(
      () => refused().catch((error: Error) => /denied the request: \[nolatest\]/.test(error.message)),
      true,
    );
  }, 60_000);

  it("is started again by itself when it is killed", async () => {
    const before = (await hub()).pids[program] ?? 0;
    process.kill(before, "SIGKILL");
    await eventually(async () => {
      const { state, pid } = (await hub()).programs.find(({ name }) => name === program) ?? {};
      return [state, pid !== before];
    }, ["running", true]);
  }, 60_000);

  it("ends with its Deployment", async () => {
    const { pids } = await hub();
    await kubectl("delete", "validatingwebhookconfigurations,mutatingwebhookconfigurations", "--all");
    await kubectl("-n", "gatekeeper-system", "delete", "deployment", "--all");
    await eventually(async () => (await hub()).programs, []);
    expect(commandLineOf(pids[program] ?? 0)).toBeUndefined();
  }, 60_000);
});

const template = `apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: { name: nolatest }
spec:
  crd: { spec: { names: { kind: NoLatest } } }
  targets:
    - target: admission.k8s.gatekeeper.sh
      code:
        - engine: Rego
          source:
            version: v1
            rego: |
              package nolatest
              violation contains {"msg": msg} if {
                some container in input.review.object.spec.containers
                endswith(container.image, ":latest")
                msg := sprintf("%v moves", [container.image])
              }
`;

const constraint = `apiVersion: constraints.gatekeeper.sh/v1beta1
kind: NoLatest
metadata: { name: nolatest }
spec: { match: { kinds: [{ apiGroups: [""], kinds: [Pod] }] } }
`;

describe("what is left", () => {
  it("is nothing: no process, no file", async () => {
    const { clusters, supervisor } = await sandboxStatus(one);
    await stopSandbox(one);
    const pids = [supervisor.pid ?? 0, ...clusters.flatMap((cluster) => Object.values(cluster.pids))];
    expect(pids.filter((pid) => commandLineOf(pid))).toEqual([]);
    expect(readdirSync(join(projectRoot, ".fleetwright"))).toEqual([]);
  }, 30_000);
});
