import { describe, expect, it } from "@jest/globals";
import { hostArguments, podPort } from "../../../sandbox/host/command-line";
import { type HostPlace, hostPrograms } from "../../../sandbox/host-programs";

const place: HostPlace = {
  kubeconfig: "/here/kubeconfig",
  port: (listener) => ({ webhook: 21_001, health: 21_002 })[listener] ?? 0,
  mounted: (mountPath) => `/here${mountPath}`,
  telemetrySinkPort: 21_003,
};
const gatekeeper = hostPrograms[0];
if (!gatekeeper) throw new Error("there is no host program");

describe("the arguments of a host program", () => {
  it("are the pod's, with this machine's addresses and paths", () => {
    const rendered = ["--port=8443", "--logtostderr", "--exempt-namespace=gatekeeper-system", "--operation=webhook"];
    expect(hostArguments(gatekeeper, rendered, place)).toEqual([
      "--logtostderr",
      "--exempt-namespace=gatekeeper-system",
      "--operation=webhook",
      "--kubeconfig=/here/kubeconfig",
      "--host=127.0.0.1",
      "--port=21001",
      "--health-addr=127.0.0.1:21002",
      "--cert-dir=/here/certs",
      "--api-cache-dir=/here/tmp/audit",
      "--metrics-backend=opentelemetry",
      "--otlp-endpoint=127.0.0.1:21003",
    ]);
  });

  it("choose one of cert-manager's programs and keep all of it on loopback", () => {
    const flagsOf = (name: string) =>
      hostArguments(hostPrograms.find((program) => program.name === name) ?? gatekeeper, ["--v=2"], place);
    expect(flagsOf("cert-manager-controller")).toEqual([
      "--v=2",
      "--program=controller",
      "--kubeconfig=/here/kubeconfig",
      "--healthz-listen-address=127.0.0.1:21002",
    ]);
    expect(flagsOf("cert-manager-webhook")).toEqual([
      "--v=2",
      "--program=webhook",
      "--kubeconfig=/here/kubeconfig",
      "--bind-address=127.0.0.1",
      "--secure-port=21001",
      "--healthz-port=21002",
      "--metrics-listen-address=0",
    ]);
    expect(flagsOf("cert-manager-cainjector")).toEqual([
      "--v=2",
      "--program=cainjector",
      "--kubeconfig=/here/kubeconfig",
      "--metrics-listen-address=127.0.0.1:0",
    ]);
  });

  it("lose a replaced flag whose value is a word of its own, and keep a flag without value", () => {
    expect(
      hostArguments(gatekeeper, ["--port", "8443", "--log-denies", "--cert-dir", "--x"], place).slice(0, 2),
    ).toEqual(["--log-denies", "--x"]);
  });
});

describe("the port of a listener in the pod", () => {
  const listener = { name: "health", flag: "--health-addr", defaultPort: 9090 };

  it.each([
    [["--health-addr=:9443"], 9443],
    [["--health-addr=0.0.0.0:9443"], 9443],
    [["--health-addr", "9443"], 9443],
    [["--health-addr=:1", "--health-addr=:2"], 2],
    [["--health-addresses=:1"], 9090],
    [[], 9090],
  ])("by %j is %d", (rendered, port) => {
    expect(podPort(listener, rendered)).toBe(port);
  });
});
