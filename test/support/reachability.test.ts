import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../components/kube-object";
import { type Endpoint, isReachable } from "./reachability";

const policy = (namespace: string, spec: object): KubeObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "p", namespace },
  spec,
});
const web: Endpoint = { address: "10.244.0.1", namespace: "shop", labels: { app: "web" } };
const db: Endpoint = { address: "10.244.0.2", namespace: "shop", labels: { app: "db" } };
const other: Endpoint = { address: "10.244.0.3", namespace: "other", labels: { app: "web" } };
const outside: Endpoint = { address: "192.0.2.9" };
const namespaces = { shop: { team: "a" }, other: { team: "b" } };
const reaches = (spec: object, from: Endpoint, to: Endpoint, port = 80, protocol = "TCP") =>
  isReachable([policy("shop", spec)], namespaces, { from, to, port, protocol });

describe("reachability by the specification", () => {
  it("is open where no policy selects the pod, and in the direction that no policy names", () => {
    expect(isReachable([], namespaces, { from: other, to: db, port: 80, protocol: "TCP" })).toBe(true);
    expect(reaches({ podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"] }, other, db)).toBe(true);
    expect(reaches({ podSelector: {}, policyTypes: ["Ingress"] }, web, other)).toBe(true);
    expect(reaches({ podSelector: {}, policyTypes: ["Egress"] }, other, db)).toBe(true);
  });

  it("is closed by a policy without rules", () => {
    expect(reaches({ podSelector: {}, policyTypes: ["Ingress"] }, other, db)).toBe(false);
    expect(reaches({ podSelector: {}, policyTypes: ["Egress"] }, web, other)).toBe(false);
  });

  it("takes absent policyTypes for ingress, and for egress where there are egress rules", () => {
    expect(reaches({ podSelector: {} }, other, db)).toBe(false);
    expect(reaches({ podSelector: {} }, db, other)).toBe(true);
    expect(reaches({ podSelector: {}, egress: [] }, db, other)).toBe(false);
  });

  it("adds policies up", () => {
    const deny = policy("shop", { podSelector: {}, policyTypes: ["Ingress"] });
    const allow = policy("shop", {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: {} }] }],
    });
    const connection = { from: web, to: db, port: 80, protocol: "TCP" };
    expect(isReachable([deny], namespaces, connection)).toBe(false);
    expect(isReachable([deny, allow], namespaces, connection)).toBe(true);
  });

  const from = (...peers: object[]) => ({ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: peers }] });
  it.each<[string, object, Endpoint, boolean]>([
    ["podSelector alone means the policy's own namespace", { podSelector: { matchLabels: { app: "web" } } }, web, true],
    ["and no other namespace", { podSelector: { matchLabels: { app: "web" } } }, other, false],
    [
      "namespaceSelector alone means all of its pods",
      { namespaceSelector: { matchLabels: { team: "b" } } },
      other,
      true,
    ],
    [
      "both must match",
      { namespaceSelector: { matchLabels: { team: "b" } }, podSelector: { matchLabels: { app: "x" } } },
      other,
      false,
    ],
    [
      "the namespace's name is a label",
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } },
      other,
      true,
    ],
    ["an address is no pod", { namespaceSelector: {} }, outside, false],
    ["ipBlock matches addresses", { ipBlock: { cidr: "192.0.2.0/24" } }, outside, true],
    ["but not those left out", { ipBlock: { cidr: "192.0.2.0/24", except: ["192.0.2.8/29"] } }, outside, false],
    ["In", { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] } }, web, true],
    ["NotIn", { podSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] } }, web, false],
    ["Exists", { podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }, web, true],
    ["DoesNotExist", { podSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] } }, web, false],
  ])("peers: %s", (_, peer, source, expected) => expect(reaches(from(peer), source, db)).toBe(expected));

  it("takes no peers for everybody, and no ports for every port", () => {
    expect(reaches({ podSelector: {}, policyTypes: ["Ingress"], ingress: [{}] }, outside, db, 9999, "UDP")).toBe(true);
    expect(reaches({ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [] }] }, outside, db)).toBe(true);
  });

  const ports = (...each: object[]) => ({ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ ports: each }] });
  it.each<[object, number, string, boolean]>([
    [{ port: 80 }, 80, "TCP", true],
    [{ port: 80 }, 80, "UDP", false],
    [{ port: 80 }, 81, "TCP", false],
    [{ port: 80, endPort: 90 }, 85, "TCP", true],
    [{ port: 80, endPort: 90 }, 91, "TCP", false],
    [{ protocol: "UDP" }, 53, "UDP", true],
  ])("ports: %j and %d %s", (rule, port, protocol, expected) =>
    expect(reaches(ports(rule), web, db, port, protocol)).toBe(expected),
  );

  it("refuses to guess at named ports and unknown operators", () => {
    expect(() => reaches(ports({ port: "http" }), web, db)).toThrow('port "http" is a name');
    const guess = { podSelector: { matchExpressions: [{ key: "app", operator: "Like" }] } };
    expect(() => reaches(from(guess), web, db)).toThrow('operator "Like" is none of');
  });
});
