/**
 * Our Argo Rollouts against upstream's install manifest: every object, and every single right. Every difference stands here
 * with its reason, and on docs/components/argo-rollouts.md.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { ArgoRolloutsChart } from "../../../components/argo-rollouts";
import { type KubeObject, objectsOf } from "../../../components/kube-object";
import { ensureUpstream, upstreamObjects } from "../../../components/upstream";

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;

const LEFT_OUT: Readonly<Record<string, string>> = {
  "ClusterRole/argo-rollouts-aggregate-to-admin": "nobody is bound to the roles that they add to",
  "ClusterRole/argo-rollouts-aggregate-to-edit": "nobody is bound to the roles that they add to",
  "ClusterRole/argo-rollouts-aggregate-to-view": "nobody is bound to the roles that they add to",
  "ConfigMap/argo-rollouts-config": "it is empty, and the program does without it",
  "Secret/argo-rollouts-notification-secret": "it is empty, and the program does without it",
  "Service/argo-rollouts-metrics": "metrics are scraped from each pod",
};

/** Rights that upstream has and we do not: `group resource verb` that match, the words on the page, and why. */
const NOT_PERMITTED: readonly (readonly [RegExp, string, string])[] = [
  [/^ secrets /, "secrets", "its own only"],
  [/^ configmaps /, "configmaps", "its own only"],
  [/^coordination.k8s.io leases /, "leases", "its own only"],
  [/^batch jobs (create|update|patch|delete)$/, "jobs", "read only: an analysis asks Prometheus"],
  [
    /^(networking.k8s.io|extensions) ingresses (create|update|patch|get|list|watch)$/,
    "ingresses",
    "read only: traffic is moved by Istio",
  ],
  [/^ services (create|delete)$/, "services create, delete", "an experiment has no Service of its own"],
  [/^( deployments|apps podtemplates) |^ podtemplates update$/, "podtemplates update", "the program does not do it"],
  [/^ endpoints get$/, "endpoints", "only for load balancers of AWS"],
  [
    /^(split.smi-spec.io|x?.?getambassador.io|traefik(.containous?)?.io|traefik.containo.us|apisix.apache.org) /,
    "trafficsplits",
    "other ways to move traffic",
  ],
  [/^(elbv2.k8s.aws|eks.amazonaws.com|appmesh.k8s.aws) /, "targetgroupbindings", "other ways to move traffic"],
  [
    /^argoproj.io \w+\/(status|finalizers) (get|list|watch|create|delete)$/,
    "rollouts/status",
    "it is read with its object",
  ],
];

const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;

/** `group resource verb` for everything that roles permit; those of named objects are passed over. */
function permissions(roles: readonly Rendered[]): string[] {
  const all = roles.flatMap(({ rules }) =>
    rules
      .filter(({ resourceNames }: Rendered) => resourceNames === undefined)
      .flatMap(({ apiGroups, resources, verbs }: Rendered) =>
        apiGroups.flatMap((group: string) =>
          resources.flatMap((resource: string) => verbs.map((verb: string) => `${group} ${resource} ${verb}`)),
        ),
      ),
  );
  return [...new Set<string>(all)].sort();
}

describe("Argo Rollouts compared with upstream's manifest", () => {
  let upstream: readonly KubeObject[];
  let ours: KubeObject[];
  const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
    objects.find((object) => key(object) === wanted);
  beforeAll(async () => {
    await ensureUpstream();
    upstream = upstreamObjects("argo-rollouts");
    const image = `registry.example/x:v1@sha256:${"a".repeat(64)}`;
    ours = objectsOf(new ArgoRolloutsChart({ management: { kind: "managed", image }, tenantNamespaces: ["shop"] }));
  }, 300_000);

  it("has every object of upstream, or a reason why not", () => {
    const kept = upstream.map(key).filter((name) => find(ours, name) !== undefined);
    expect([...kept, ...Object.keys(LEFT_OUT)].sort()).toEqual(upstream.map(key).sort());
  });

  it("has of its own only a budget, and roles for what upstream's one role says of the whole cluster", () => {
    const own = ours.map(key).filter((name) => find(upstream, name) === undefined);
    expect([...new Set(own)].sort()).toEqual([
      "ClusterRole/argo-rollouts-canaries",
      "PodDisruptionBudget/argo-rollouts",
      "Role/argo-rollouts",
      "RoleBinding/argo-rollouts",
      "RoleBinding/argo-rollouts-canaries",
    ]);
  });

  it("permits nothing that upstream does not", () => {
    const theirs = permissions([find(upstream, "ClusterRole/argo-rollouts")]);
    const our = permissions(ours.filter((object) => "rules" in object));
    expect(our.filter((right) => !theirs.includes(right))).toEqual([]);
  });

  it("permits everything else, or has a reason why not", () => {
    const theirs = permissions([find(upstream, "ClusterRole/argo-rollouts")]);
    const our = permissions(ours.filter(({ kind }) => kind === "ClusterRole"));
    const missing = theirs.filter((right) => !our.includes(right));
    expect(missing.filter((right) => !NOT_PERMITTED.some(([pattern]) => pattern.test(right)))).toEqual([]);
    for (const [pattern] of NOT_PERMITTED)
      expect([pattern, missing.some((right) => pattern.test(right))]).toEqual([pattern, true]);
  });

  it("has the same ports, paths and times, and is at least as restricted", () => {
    const [theirs] = find(upstream, "Deployment/argo-rollouts").spec.template.spec.containers;
    const [own] = find(ours, "Deployment/argo-rollouts").spec.template.spec.containers;
    const ports = ({ ports: all }: Rendered) => all.map(({ containerPort, name }: Rendered) => [name, containerPort]);
    expect(ports(own)).toEqual(ports(theirs));
    const { successThreshold, ...probe } = theirs.livenessProbe;
    expect(successThreshold).toBe(1); // the API's own default
    expect(own.livenessProbe).toEqual({ ...probe, httpGet: { ...probe.httpGet, scheme: "HTTP" } });
    expect(own.securityContext).toMatchObject(theirs.securityContext);
    const paths = ({ volumeMounts }: Rendered) => volumeMounts.map(({ mountPath }: Rendered) => mountPath);
    expect(paths(own)).toEqual(paths(theirs));
  });

  it("says every difference on its page", () => {
    const file = join(__dirname, "..", "..", "..", "docs", "components", "argo-rollouts.md");
    const lines = readFileSync(file, "utf8").replaceAll("`", "").split("\n");
    const all = [...Object.entries(LEFT_OUT), ...NOT_PERMITTED.map(([, what, why]) => [what, why] as const)];
    const unsaid = all.filter(
      ([what, why]) => !lines.some((line) => line.includes(what.replace("/argo", " argo")) && line.includes(why)),
    );
    expect(unsaid).toEqual([]);
  });
});
