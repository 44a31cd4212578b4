import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { madeWhenServed } from "../../components/service-readiness";

const WAIT_FOR = "pulumi.com/waitFor";
const service = (spec: object, annotations?: Record<string, string>): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "one", ...(annotations && { annotations }) },
  spec,
});

describe("madeWhenServed", () => {
  it("takes a Service for made once the API server took it, and keeps its other annotations", () => {
    const { metadata } = madeWhenServed(service({ type: "ClusterIP" }, { note: "kept" }));
    expect(metadata.annotations).toEqual({ note: "kept", [WAIT_FOR]: "jsonpath={.metadata.uid}" });
    expect(madeWhenServed(service({ clusterIP: "None" })).metadata.annotations).toEqual({
      [WAIT_FOR]: "jsonpath={.metadata.uid}",
    });
  });

  it("waits for the address of a load balancer", () => {
    expect(madeWhenServed(service({ type: "LoadBalancer" })).metadata.annotations).toEqual({
      [WAIT_FOR]: "jsonpath={.status.loadBalancer.ingress[0]}",
    });
  });

  it.each([{ [WAIT_FOR]: "jsonpath={.spec.clusterIP}" }, { "pulumi.com/skipAwait": "true" }])(
    "leaves a Service that says itself when it is made: %j",
    (own) => {
      const stated = service({ type: "LoadBalancer" }, own);
      expect(madeWhenServed(stated)).toBe(stated);
    },
  );

  it("leaves what is no Service of Kubernetes", () => {
    const knative = { ...service({}), apiVersion: "serving.knative.dev/v1" };
    expect(madeWhenServed(knative)).toBe(knative);
  });
});
