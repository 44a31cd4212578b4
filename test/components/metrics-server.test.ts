import { describe, expect, it } from "@jest/globals";
import { describeFlow } from "../../components/flow";
import { keyOf, objectsOf } from "../../components/kube-object";
import { type MetricsServerArgs, MetricsServerChart, metricsServerPart } from "../../components/metrics-server";
import { dependencies } from "../../components/order";
import { expectGolden } from "../support/golden";

const required: MetricsServerArgs = {
  image: `registry.example/metrics-server:v0.9.0@sha256:${"a".repeat(64)}`,
  issuer: { name: "platform-ca", awaited: true },
};
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const render = (args: Partial<MetricsServerArgs> = {}) => objectsOf(new MetricsServerChart({ ...required, ...args }));
const find = (kind: string, args: Partial<MetricsServerArgs> = {}): Rendered =>
  render(args).find((object) => object.kind === kind);
const argsOf = (args: Partial<MetricsServerArgs> = {}): string[] =>
  find("Deployment", args).spec.template.spec.containers[0].args;

describe("metrics-server", () => {
  it("renders the reviewed manifests", () => expectGolden("metrics-server", render()));

  it("is known to kube-apiserver by a certificate of the platform's CA", () => {
    const { metadata, spec } = find("APIService");
    expect(metadata.annotations).toEqual({ "cert-manager.io/inject-ca-from": "metrics-server/metrics-server" });
    expect(spec).not.toHaveProperty("insecureSkipTLSVerify");
    const { dnsNames, secretName } = find("Certificate").spec;
    expect(dnsNames).toEqual([`${spec.service.name}.${spec.service.namespace}.svc`]);
    const { volumes } = find("Deployment").spec.template.spec;
    expect(volumes).toMatchObject([{ name: "tls", secret: { secretName } }]);
    expect(argsOf()).toContain("--tls-cert-file=/etc/metrics-server-tls/tls.crt");
  });

  it("is announced only where somebody answers, or no namespace could be deleted", () => {
    expect(find("APIService", { withoutController: true })).toBeUndefined();
    expect(render({ withoutController: true })).toHaveLength(render().length - 1);
  });

  it("is announced after the pods that answer, so that it is withdrawn before they go", () => {
    const placed = render().map((object) => ({ component: "metrics-server", object }));
    const before = dependencies(placed).get(keyOf(find("APIService")));
    expect([...(before ?? [])]).toEqual(expect.arrayContaining([keyOf(find("Deployment")), keyOf(find("Service"))]));
  });

  it("verifies kubelets, unless it is told that they sign for themselves", () => {
    expect(argsOf()).toContain("--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    expect(argsOf()).not.toContain("--kubelet-insecure-tls");
    const unverified = argsOf({ kubeletCertificates: "unverified" });
    expect(unverified).toContain("--kubelet-insecure-tls");
    expect(unverified.filter((arg) => arg.startsWith("--kubelet-certificate-authority"))).toEqual([]);
  });

  it("may read what kubelets measure, and run nothing there", () => {
    const { rules } = find("ClusterRole");
    expect(rules).toEqual([
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["nodes", "pods"], verbs: ["get", "list", "watch"] },
    ]);
  });

  it("is asked by kube-apiserver and asks kubelets", () => {
    expect(metricsServerPart(required).flows.map(describeFlow)).toEqual([
      "control-plane → metrics-server/metrics-server-server TCP 10250",
      "metrics-server/metrics-server-server → anywhere TCP 10250",
      "metrics-server/metrics-server-server → api-server TCP 443, TCP 6443",
    ]);
  });

  it.each<[Partial<MetricsServerArgs>, string]>([
    [{ image: "" }, "metrics-server: image is empty"],
    [{ replicas: 1 }, "metrics-server: replicas is 1, must be a whole number of 2–5"],
    [{ size: { cpuMillicores: 10, memoryMiB: 63 } }, "metrics-server: size.memoryMiB is 63, must be at least 64"],
  ])("refuses %j", (args, sentence) => {
    expect(() => render(args)).toThrow(sentence);
  });
});
