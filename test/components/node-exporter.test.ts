import { describe, expect, it } from "@jest/globals";
import { objectsOf } from "../../components/kube-object";
import { NodeExporterChart, nodeExporterPart } from "../../components/node-exporter";
import { expectGolden } from "../support/golden";

const image = `registry.example/node-exporter:v1.12.1@sha256:${"a".repeat(64)}`;
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const render = () => objectsOf(new NodeExporterChart({ image }));
const pod = (): Rendered => {
  const { spec }: Rendered = render().find(({ kind }) => kind === "DaemonSet");
  return spec.template.spec;
};

describe("the node exporter", () => {
  it("renders the reviewed manifests", () => expectGolden("node-exporter", render()));

  it("shares neither the network nor the processes of its node, and has no token", () => {
    expect(pod()).not.toHaveProperty("hostNetwork");
    expect(pod()).not.toHaveProperty("hostPID");
    expect(pod().automountServiceAccountToken).toBe(false);
  });

  it("only reads the node's folders, as nobody, and holds on to nothing that is mounted below them", () => {
    const [{ securityContext, volumeMounts }] = pod().containers;
    expect(volumeMounts.map(({ mountPath, readOnly }: Rendered) => [mountPath, readOnly])).toEqual([
      ["/host/proc", true],
      ["/host/sys", true],
      ["/host/root", true],
    ]);
    expect(volumeMounts.map(({ mountPropagation }: Rendered) => mountPropagation)).toEqual([
      undefined,
      "HostToContainer",
      "HostToContainer",
    ]);
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_534, readOnlyRootFilesystem: true });
  });

  it("collects nothing that would be the pod's own instead of the node's", () => {
    const args: string[] = pod().containers[0].args;
    expect(args).toContain("--collector.disable-defaults");
    expect(args.filter((arg) => /netdev|netclass|netstat|sockstat|conntrack|arp/.test(arg))).toEqual([]);
  });

  it("runs on every node, whatever its taints", () => {
    expect(pod().tolerations).toEqual([{ operator: "Exists" }]);
  });

  it("has a namespace of its own, and says why it is a privileged one", () => {
    const { departures, namespaces } = nodeExporterPart({ image });
    expect(namespaces).toMatchObject([{ name: "node-exporter", podSecurity: { level: "privileged" } }]);
    expect(departures?.map(({ departure }) => departure)).toEqual(["hostPath /proc", "hostPath /sys", "hostPath /"]);
  });

  it.each([
    [{ image: "" }, "node-exporter: image is empty"],
    [{ image, size: { cpuMillicores: 10, memoryMiB: 31 } }, "size.memoryMiB is 31, must be at least 32"],
  ])("refuses %j", (args, sentence) => {
    expect(() => nodeExporterPart(args)).toThrow(sentence);
  });
});
