/**
 * Our cert-manager, object by object against upstream's chart with its default values. Every difference stands here
 * with its reason, and on docs/components/cert-manager.md.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { CertManagerChart } from "../../../components/cert-manager";
import { type KubeObject, objectsOf } from "../../../components/kube-object";
import { ensureUpstream } from "../../../components/upstream";
import { chartFolder, UpstreamChart, type Values } from "./upstream-chart";

/** Upstream's objects that are not rendered. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "Role/cert-manager-cainjector:dynamic-serving": "only for metrics over TLS, which is off by default",
  "RoleBinding/cert-manager-cainjector:dynamic-serving": "only for metrics over TLS, which is off by default",
  "Service/cert-manager": "it serves metrics only, which are scraped from each pod",
  "Service/cert-manager-cainjector": "it serves metrics only, which are scraped from each pod",
};

/** Arguments that upstream's templates can set and ours never do. */
const NOT_SET: Readonly<Record<string, string>> = {
  config: "every setting is an argument, seen in the manifest",
  "leader-election-lease-duration": "the program's default, as in upstream's values",
  "leader-election-renew-deadline": "the program's default, as in upstream's values",
  "leader-election-retry-period": "the program's default, as in upstream's values",
  "feature-gates": "the program's defaults, as in upstream's values",
  "default-issuer-name": "an Ingress names its issuer itself",
  "default-issuer-kind": "an Ingress names its issuer itself",
  "default-issuer-group": "an Ingress names its issuer itself",
  "acme-http01-solver-extra-labels": "no ACME issuer is offered",
  "acme-http01-solver-runtime-class-name": "no ACME issuer is offered",
  "dns01-recursive-nameservers": "no ACME issuer is offered",
  "dns01-recursive-nameservers-only": "no ACME issuer is offered",
  "enable-certificate-owner-ref": "a Secret outlives its Certificate, as in upstream's values",
  controllers: "all of them run, the approver included, as in upstream's values",
  "enable-client-verification": "managed control planes do not tell the name of their client certificate",
  "client-ca-path": "managed control planes do not tell the name of their client certificate",
  "client-subject-names": "managed control planes do not tell the name of their client certificate",
  "metrics-listen-address": "the program's default; upstream sets it only to switch metrics off",
};

/** Other differences; each is what the page says of it. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "--leader-election-namespace": "its own namespace: no rights in kube-system",
  timeoutSeconds: "10 instead of 30: whoever waits gets an answer",
  "port metrics of Service cert-manager-webhook": "metrics are scraped from each pod",
};

const folder = chartFolder();
const described = folder === undefined ? "(skipped: upstream's module cannot be had here)" : "";

(folder === undefined ? describe.skip : describe)(`cert-manager compared with upstream's chart ${described}`, () => {
  let upstream: UpstreamChart;
  let ours: KubeObject[];
  beforeAll(async () => {
    await ensureUpstream();
    upstream = new UpstreamChart(folder ?? "");
    const image = `registry.example/x:v1@sha256:${"a".repeat(64)}`;
    const images = { controller: image, webhook: image, cainjector: image, acmesolver: image };
    ours = objectsOf(
      new CertManagerChart({ environment: "dev", cluster: "hub", management: { kind: "managed", images } }),
    );
  }, 300_000);

  const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
  const our = (wanted: string): Values => ours.find((object) => key(object) === wanted);
  const container = (deployment: string): Values => our(`Deployment/${deployment}`).spec.template.spec.containers[0];
  const RBAC = ["rbac.yaml", "webhook-rbac.yaml", "cainjector-rbac.yaml"] as const;
  const deployments: [string, string, string][] = [
    ["cert-manager", "deployment.yaml", ""],
    ["cert-manager-webhook", "webhook-deployment.yaml", "webhook"],
    ["cert-manager-cainjector", "cainjector-deployment.yaml", "cainjector"],
  ];

  it("has every object of the chart, or a reason why not, and none of its own but issuers and CRDs", () => {
    const own = ours.map(key).filter((name) => !/^(CustomResourceDefinition|ClusterIssuer|Certificate)\//.test(name));
    expect([...own, ...Object.keys(LEFT_OUT)].sort()).toEqual(upstream.objectNames().sort());
  });

  it("gives every role the same permissions, one by one", () => {
    const theirs = upstream.objects(...RBAC).filter((object) => "rules" in object && !(key(object) in LEFT_OUT));
    expect(theirs).toHaveLength(16);
    for (const role of theirs) {
      expect({ role: key(role), permissions: permissions(our(key(role))) }).toEqual({
        role: key(role),
        permissions: permissions(role),
      });
    }
  });

  it("adds the same roles to those of Kubernetes", () => {
    const added = ({ metadata }: KubeObject) =>
      Object.entries(metadata.labels ?? {})
        .filter(([label]) => label.startsWith("rbac.authorization.k8s.io/"))
        .sort();
    for (const role of upstream.objects("rbac.yaml").filter(({ kind }) => kind === "ClusterRole")) {
      expect({ role: key(role), added: added(our(key(role))) }).toEqual({ role: key(role), added: added(role) });
    }
  });

  it("binds every role to the same ServiceAccount", () => {
    const theirs = upstream.objects(...RBAC).filter((object) => "roleRef" in object && !(key(object) in LEFT_OUT));
    expect(theirs).toHaveLength(13);
    for (const { roleRef, subjects, ...binding } of theirs as Values[]) {
      expect({
        binding: key(binding),
        roleRef: our(key(binding)).roleRef,
        subjects: our(key(binding)).subjects,
      }).toEqual({
        binding: key(binding),
        roleRef,
        subjects,
      });
    }
  });

  it("keeps roles of an election where it is held: in its own namespace", () => {
    const elections = ours.filter(({ metadata }) => metadata.name.endsWith(":leaderelection"));
    expect(elections.map(({ metadata }) => metadata.namespace)).toEqual(Array(4).fill("cert-manager"));
    for (const name of ["cert-manager", "cert-manager-cainjector"]) {
      expect(container(name).args).toContain("--leader-election-namespace=$(POD_NAMESPACE)");
    }
  });

  it.each(deployments)("%s sets every argument of the chart, or has a reason why not", (name, template) => {
    const set = [...new Set(container(name).args.map((flag: string) => flag.replace(/^--([a-z0-9-]+).*/, "$1")))];
    const accounted = [...set, ...upstream.flags(template).filter((flag) => flag in NOT_SET)];
    expect(accounted.sort()).toEqual(upstream.flags(template).sort());
  });

  it("sets arguments to the chart's default values", () => {
    expect(container("cert-manager").args).toEqual(
      expect.arrayContaining([
        `--v=${upstream.values.global.logLevel}`,
        `--max-concurrent-challenges=${upstream.values.maxConcurrentChallenges}`,
        "--cluster-resource-namespace=$(POD_NAMESPACE)",
      ]),
    );
    expect(container("cert-manager-webhook").args).toContain(`--secure-port=${upstream.values.webhook.securePort}`);
    const dnsNames = [
      ...upstream.text("webhook-deployment.yaml").matchAll(/dynamic-serving-dns-names=.*fullname.*\}\}(.*)$/gm),
    ];
    expect(container("cert-manager-webhook").args.filter((flag: string) => flag.includes("dns-names"))).toEqual(
      dnsNames.map(([, suffix]) => `--dynamic-serving-dns-names=cert-manager-webhook${suffix}`),
    );
  });

  it.each(deployments)("%s opens the same ports", (name, template) => {
    const names = container(name).ports.map((port: Values) => port.name);
    expect(names.sort()).toEqual(upstream.portNames(template));
    const numbers =
      upstream
        .text(template)
        .match(/containerPort: (\d+)/g)
        ?.map((port) => Number(port.split(" ")[1])) ?? [];
    const ports = container(name).ports.map((port: Values) => port.containerPort);
    // 6443 is what the chart falls back to when its value securePort is taken away
    const theirs = [
      ...numbers.filter((port) => port !== 6443),
      ...(name.endsWith("webhook") ? [upstream.values.webhook.securePort] : []),
    ];
    expect(ports.sort()).toEqual([...new Set(theirs)].sort());
  });

  it.each(deployments)("%s is probed with the same times, and at least as restricted", (name, _, values) => {
    const theirs = values === "" ? upstream.values : upstream.values[values];
    for (const probe of ["livenessProbe", "readinessProbe"]) {
      const { enabled: __, successThreshold, ...times } = theirs[probe] ?? {};
      const { httpGet: ___, ...ourTimes } = container(name)[probe] ?? {};
      const apiDefaults = theirs[probe] ? { failureThreshold: 3, timeoutSeconds: 1 } : {};
      expect({ probe, ...apiDefaults, ...ourTimes }).toEqual({ probe, ...times });
      expect(successThreshold ?? 1).toBe(1); // the API's own
    }
    expect(container(name).securityContext).toMatchObject(theirs.containerSecurityContext);
    expect(our(`Deployment/${name}`).spec.template.spec.securityContext).toMatchObject(theirs.securityContext);
    expect(our(`Deployment/${name}`).spec.template.spec.nodeSelector).toEqual(theirs.nodeSelector);
  });

  it("has the same webhooks but for the time they may take", () => {
    const theirs = upstream.objects("webhook-mutating-webhook.yaml", "webhook-validating-webhook.yaml") as Values[];
    expect(theirs).toHaveLength(2);
    for (const configuration of theirs) {
      const { namespaceSelector, ...webhook } = configuration.webhooks[0];
      const { service } = webhook.clientConfig;
      expect(our(key(configuration)).webhooks).toEqual([
        {
          ...webhook,
          // the API's own defaults, written out
          ...(namespaceSelector === null ? {} : { namespaceSelector }),
          clientConfig: { service: { ...service, port: 443 } },
          rules: webhook.rules.map((rule: Values) => ({ ...rule, scope: "*" })),
          timeoutSeconds: 10,
        },
      ]);
      expect(our(key(configuration)).metadata.annotations).toEqual(configuration.metadata.annotations);
    }
  });

  it("serves the webhook on the same port", () => {
    const [service] = upstream.objects("webhook-service.yaml") as Values[];
    const https = service.spec.ports.filter(({ name }: Values) => name !== "metrics");
    expect(our("Service/cert-manager-webhook").spec.ports).toEqual(https);
  });

  it("says every difference on its page", () => {
    const page = readFileSync(
      join(__dirname, "..", "..", "..", "docs", "components", "cert-manager.md"),
      "utf8",
    ).replaceAll("`", "");
    const reasons = { ...LEFT_OUT, ...NOT_SET, ...DIFFERENT };
    const lines = page.split("\n");
    const unsaid = Object.entries(reasons).filter(
      ([what, why]) => !lines.some((line) => line.includes(what.replace("/", " ")) && line.includes(why)),
    );
    expect(unsaid).toEqual([]);
  });
});

/** The name of one Secret is a directive: it exists only for metrics over TLS, which are left out. */
const isSaid = (name: string | null) => name !== null;

/** `group resource[/name] verb` for everything that a role permits. */
function permissions({ rules }: Values): string[] {
  const all = rules.flatMap(({ apiGroups, resources, resourceNames = [""], verbs }: Values) =>
    apiGroups.flatMap((group: string) =>
      resources.flatMap((resource: string) =>
        resourceNames
          .filter(isSaid)
          .flatMap((name: string) => verbs.map((verb: string) => `${group} ${resource} ${name} ${verb}`)),
      ),
    ),
  );
  return [...new Set<string>(all)].sort();
}
