import { describe, expect, it } from "@jest/globals";
import type { V1Pod } from "@kubernetes/client-node";
import { containerEnvironment, filledIn } from "../../../sandbox/host/container-environment";

const pod: V1Pod = {
  metadata: { name: "gatekeeper-1", namespace: "gatekeeper-system", labels: { app: "gatekeeper" } },
  spec: { nodeName: "hub-node-1", containers: [] },
};

describe("the environment of a host program", () => {
  it("is its container's, filled in as a kubelet would", () => {
    const environment = containerEnvironment(pod, {
      name: "manager",
      resources: { limits: { memory: "512Mi", cpu: "1500m" } },
      env: [
        { name: "PLAIN", value: "as it stands" },
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        { name: "APP", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: "GOMEMLIMIT", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
        { name: "MEMORY_MIB", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } } },
        { name: "GOMAXPROCS", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
        { name: "COMPOSED", value: "$(POD_NAME) on $(NODE), not $(UNKNOWN)" },
      ],
    });
    expect(environment).toEqual({
      PLAIN: "as it stands",
      POD_NAME: "gatekeeper-1",
      NODE: "hub-node-1",
      APP: "gatekeeper",
      GOMEMLIMIT: "536870912",
      MEMORY_MIB: "512",
      GOMAXPROCS: "2",
      COMPOSED: "gatekeeper-1 on hub-node-1, not $(UNKNOWN)",
    });
  });
});

it("is filled into the container's arguments, as a kubelet does", () => {
  const filled = ["--namespace=$(POD_NAMESPACE)", "--dns=a.$(POD_NAMESPACE).svc", "--other=$(UNKNOWN)"].map((word) =>
    filledIn(word, { POD_NAMESPACE: "cert-manager" }),
  );
  expect(filled).toEqual(["--namespace=cert-manager", "--dns=a.cert-manager.svc", "--other=$(UNKNOWN)"]);
});
