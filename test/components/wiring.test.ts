import { describe, expect, it } from "@jest/globals";
import { danglingReferences } from "../../components/wiring";
import { WIRED_FLOWS, WIRED_OBJECTS } from "../support/wiring";
import { called, changed, wired } from "./wiring/changed";

const without = (kind: string, name: string) => {
  expect(WIRED_OBJECTS.some(called(kind, name))).toBe(true);
  return danglingReferences({ ...wired, objects: WIRED_OBJECTS.filter((object) => !called(kind, name)(object)) });
};

describe("a cluster whose references all lead somewhere", () => {
  it("has nothing to say", () => expect(danglingReferences(wired)).toEqual([]));
});

describe("a target that is gone is named", () => {
  it.each<[string, string, string]>([
    [
      "ConfigMap",
      "web",
      "Deployment/shop/web: spec.template.spec.volumes[0].configMap names ConfigMap shop/web, which nothing here makes",
    ],
    [
      "Secret",
      "registry",
      "Deployment/shop/web: spec.template.spec.imagePullSecrets[0] names Secret shop/registry, which nothing here makes",
    ],
    [
      "ExternalSecret",
      "key",
      "Deployment/shop/web: spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef names Secret shop/key, which nothing here makes",
    ],
    [
      "Certificate",
      "web",
      "Deployment/shop/web: spec.template.spec.volumes[1].secret names Secret shop/web-tls, which nothing here makes",
    ],
    [
      "PersistentVolumeClaim",
      "data",
      "Deployment/shop/web: spec.template.spec.volumes[2].persistentVolumeClaim names PersistentVolumeClaim shop/data, which nothing here makes",
    ],
    [
      "StorageClass",
      "standard",
      "PersistentVolumeClaim/shop/data: spec.storageClassName names StorageClass standard, which nothing here makes",
    ],
    [
      "PriorityClass",
      "tenant",
      "Deployment/shop/web: spec.template.spec.priorityClassName names PriorityClass tenant, which nothing here makes",
    ],
    [
      "ServiceAccount",
      "web",
      "RoleBinding/shop/web: subjects[0] names ServiceAccount shop/web, which nothing here makes",
    ],
    ["Role", "web", "RoleBinding/shop/web: roleRef names Role shop/web, which nothing here makes"],
    [
      "ClusterIssuer",
      "platform",
      "Certificate/shop/web: spec.issuerRef names ClusterIssuer platform, which nothing here makes",
    ],
    [
      "Deployment",
      "web",
      "HorizontalPodAutoscaler/shop/web: spec.scaleTargetRef names Deployment shop/web, which nothing here makes",
    ],
    [
      "Deployment",
      "web",
      'PodDisruptionBudget/shop/web: spec.selector names pods {"app":"web"}, and no workload of its namespace makes any',
    ],
    [
      "Deployment",
      "web",
      "Service/shop/web: spec.selector names pods app=web, and no workload of its namespace makes any",
    ],
    ["Deployment", "web", 'Gateway/shop/entrance: spec.selector names pods {"app":"web"}, and no workload makes any'],
    ["Deployment", "web", 'PodMonitor/shop/web: spec.selector names pods {"app":"web"}, and there are none'],
    [
      "Service",
      "web",
      "ValidatingWebhookConfiguration/web: webhooks[0].clientConfig.service names Service shop/web, which nothing here makes",
    ],
    ["Service", "web", "APIService/v1.web.example.com: spec.service names Service shop/web, which nothing here makes"],
    [
      "Service",
      "web",
      "Ingress/shop/web: spec.rules[0].http.paths[0].backend.service names Service shop/web, which nothing here makes",
    ],
    [
      "Service",
      "web",
      "Rollout/shop/web: spec.strategy.canary.stableService names Service shop/web, which nothing here makes",
    ],
    [
      "Service",
      "web",
      "Gateway/shop/entrance: spec.servers[0].port names port 80, to which no Service of the gateway's pods leads",
    ],
    ["Service", "store", "StatefulSet/shop/store: spec.serviceName names Service shop/store, which nothing here makes"],
    [
      "Service",
      "store",
      "VirtualService/shop/web: spec.http[0].route[0].destination.host names host store, which nothing here makes",
    ],
    [
      "Service",
      "store",
      "DestinationRule/shop/store: spec.host names host store.shop.svc.cluster.local, which nothing here makes",
    ],
    ["Service", "store", "ConfigMap/shop/web: data.web.yaml names Service shop/store, which nothing here makes"],
    [
      "Service",
      "store",
      "Deployment/shop/web: spec.template.spec.containers[0].args[0] names Service shop/store, which nothing here makes",
    ],
    [
      "Gateway",
      "entrance",
      "VirtualService/shop/web: spec.gateways[0] names Gateway shop/entrance, which nothing here makes",
    ],
    [
      "DestinationRule",
      "store",
      "VirtualService/shop/web: spec.http[0].route[0].destination.subset names subset stable of host store, which no DestinationRule has",
    ],
    [
      "DestinationRule",
      "store",
      "Rollout/shop/web: spec.strategy.canary.trafficRouting.istio.destinationRule names DestinationRule shop/store, which nothing here makes",
    ],
    [
      "VirtualService",
      "web",
      "Rollout/shop/web: spec.strategy.canary.trafficRouting.istio.virtualService names VirtualService shop/web, which nothing here makes",
    ],
    [
      "ClusterAnalysisTemplate",
      "slo-web",
      "Rollout/shop/web: spec.strategy.canary.analysis.templates names ClusterAnalysisTemplate slo-web, which nothing here makes",
    ],
    ["AppProject", "shop", "Application/shop/web: spec.project names AppProject shop/shop, which nothing here makes"],
  ])("%s %s", (kind, name, sentence) => expect(without(kind, name)).toContain(sentence));
});

describe("a port that is not there is named", () => {
  it.each<[string, string, string, string, string, string]>([
    [
      "of pods",
      "Service",
      "web",
      '"targetPort":"http"',
      '"targetPort":"web"',
      "Service/shop/web: spec.ports[0].targetPort names port web/TCP, which pods of Deployment web do not have",
    ],
    [
      "of a webhook's Service",
      "ValidatingWebhookConfiguration",
      "web",
      '"port":80',
      '"port":443',
      "ValidatingWebhookConfiguration/web: webhooks[0].clientConfig.service names port 443 of Service shop/web, which it does not have",
    ],
    [
      "of an Ingress' Service",
      "Ingress",
      "web",
      '"number":80',
      '"number":81',
      "Ingress/shop/web: spec.rules[0].http.paths[0].backend.service.port names port 81 of Service shop/web, which it does not have",
    ],
    [
      "of a route",
      "VirtualService",
      "web",
      '"number":9000',
      '"number":9001',
      "VirtualService/shop/web: spec.http[0].route[0].destination.port names port 9001 of host store, which it does not have",
    ],
    [
      "of a monitor",
      "PodMonitor",
      "web",
      '"port":"http"',
      '"port":"web"',
      "PodMonitor/shop/web: spec.podMetricsEndpoints[0].port names port web, which none of the pods it selects has",
    ],
    [
      "of a monitor of Services",
      "ServiceMonitor",
      "web",
      '"port":"http"',
      '"port":"web"',
      "ServiceMonitor/shop/web: spec.endpoints[0].port names port web, which none of the Services it selects has",
    ],
    [
      "in a configuration",
      "ConfigMap",
      "web",
      "store.shop.svc:9000",
      "store.shop.svc:9001",
      "ConfigMap/shop/web: data.web.yaml names port 9001 of Service shop/store, which it does not have",
    ],
    [
      "of the load balancer",
      "Deployment",
      "web",
      "ingest.example.com:4317",
      "ingest.example.com:4318",
      "Deployment/shop/web: spec.template.spec.containers[0].args[1] names ingest.example.com:4318, where no load balancer listens",
    ],
  ])("%s", (_, kind, name, from, to, sentence) => expect(changed(kind, name, from, to)).toEqual([sentence]));

  it("and so is a key that a ConfigMap does not have", () =>
    expect(
      changed(
        "Deployment",
        "web",
        '"configMap":{"name":"web"}',
        '"configMap":{"name":"web","items":[{"key":"other.yaml"}]}',
      ),
    ).toEqual([
      "Deployment/shop/web: spec.template.spec.volumes[0].configMap names key other.yaml of ConfigMap shop/web, which it does not have",
    ]));
});

describe("a hop without a flow is named", () => {
  it.each<[number, string]>([
    [
      0,
      "ConfigMap/shop/web: data.web.yaml names Service shop/store, but no flow lets Deployment shop/web reach its pods on port 9001",
    ],
    [
      0,
      "Deployment/shop/web: spec.template.spec.containers[0].args[0] names Service shop/store, but no flow lets Deployment shop/web reach its pods on port 9001",
    ],
    [
      1,
      "ValidatingWebhookConfiguration/web: webhooks[0].clientConfig.service names Service shop/web, but no flow lets the control plane call its pods on port 8080",
    ],
    [
      1,
      "APIService/v1.web.example.com: spec.service names Service shop/web, but no flow lets the control plane call its pods on port 8080",
    ],
    [
      2,
      "PodMonitor/shop/web: spec.podMetricsEndpoints[0].port names port 8080 of Deployment shop/web, but no flow lets Prometheus ask there",
    ],
  ])("without flow %s", (missing, sentence) =>
    expect(danglingReferences({ ...wired, flows: WIRED_FLOWS.filter((_, index) => index !== missing) })).toContain(
      sentence,
    ),
  );

  it("also where the flow is for another port", () => {
    const flows = WIRED_FLOWS.map((flow) => ({ ...flow, ports: [{ port: 1, protocol: "TCP" as const }] }));
    expect(danglingReferences({ ...wired, flows })).toHaveLength(5);
  });
});
