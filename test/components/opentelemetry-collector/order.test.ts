import { beforeAll, describe, expect, it } from "@jest/globals";
import { clusterObjects } from "../../../components/cluster-parts";
import { dependencies } from "../../../components/order";
import { packageRoot } from "../../../components/package-root";
import { ensureUpstream } from "../../../components/upstream";
import { clusterArgs } from "../../../stacks/cluster-args";
import { loadEnvironment } from "../../../stacks/environment";

beforeAll(() => ensureUpstream(), 300_000);

describe("the collectors of the dev environment", () => {
  const edges = () => dependencies(clusterObjects(clusterArgs(loadEnvironment("dev", packageRoot()), "east", "dev")));
  const awaited = (key: string) => [...(edges().get(key) ?? [])];

  it("start once their certificates are issued, and their configuration and rights are there", () => {
    expect(awaited("apps/DaemonSet/opentelemetry-agent/opentelemetry-agent")).toEqual(
      expect.arrayContaining([
        "cert-manager.io/Certificate/opentelemetry-agent/opentelemetry-agent",
        "/ConfigMap/opentelemetry-agent/opentelemetry-agent",
        "rbac.authorization.k8s.io/ClusterRole//opentelemetry-agent",
        "rbac.authorization.k8s.io/ClusterRoleBinding//opentelemetry-agent",
      ]),
    );
    for (const [kind, name] of [
      ["Deployment", "opentelemetry-gateway"],
      ["StatefulSet", "opentelemetry-sampler"],
    ]) {
      expect(awaited(`apps/${kind}/opentelemetry/${name}`)).toContain(
        `cert-manager.io/Certificate/opentelemetry/${name}`,
      );
    }
  });

  it("ask for certificates once somebody issues them, and before a webhook judges them", () => {
    const certificate = "cert-manager.io/Certificate/opentelemetry/opentelemetry-gateway";
    expect(awaited(certificate)).toContain("apps/Deployment/cert-manager/cert-manager");
    expect(awaited("admissionregistration.k8s.io/ValidatingWebhookConfiguration//cert-manager-webhook")).toContain(
      certificate,
    );
  });
});
