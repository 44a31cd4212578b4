import { beforeAll, describe, expect, it } from "@jest/globals";
import { checkFlow, describeFlow } from "../../components/flow";
import {
  EXEMPT_NAMESPACES,
  GATEKEEPER_NAMESPACE,
  type GatekeeperArgs,
  GatekeeperChart,
  gatekeeperDepartures,
  gatekeeperFlows,
  gatekeeperScrapeTargets,
} from "../../components/gatekeeper";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { ensureUpstream, upstreamObjects } from "../../components/upstream";
import { required } from "../support/gatekeeper-args";
import { expectGolden } from "../support/golden";

beforeAll(() => ensureUpstream(), 300_000);

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const render = (args: Partial<GatekeeperArgs> = {}) => objectsOf(new GatekeeperChart({ ...required, ...args }));
const find = (objects: readonly KubeObject[], kind: string, name: string): Rendered =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);
const admission = (args?: Partial<GatekeeperArgs>) =>
  find(render(args), "ValidatingWebhookConfiguration", "gatekeeper-validating-webhook-configuration");
const podSpec = (name: string, args?: Partial<GatekeeperArgs>) =>
  find(render(args), "Deployment", name).spec.template.spec;
const rules = (): Rendered[] => find(render(), "ClusterRole", "gatekeeper-manager-role").rules;

describe("Gatekeeper", () => {
  it("renders the reviewed manifests", () => expectGolden("gatekeeper", render()));

  it("asks its webhook about exactly the groups and resources that constraints match", () =>
    expect(admission().webhooks.map(({ rules }: Rendered) => rules)).toEqual([
      [
        { group: "", resources: ["pods", "pods/ephemeralcontainers"] },
        { group: "apps", resources: ["deployments"] },
        { group: "batch", resources: ["cronjobs", "jobs"] },
        { group: "storage.k8s.io", resources: ["storageclasses"] },
      ].map(({ group, resources }) => ({
        apiGroups: [group],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE"],
        resources,
        scope: "*",
      })),
    ]));

  it("fails closed within three seconds", () =>
    expect(admission().webhooks[0]).toMatchObject({ failurePolicy: "Fail", timeoutSeconds: 3 }));

  it("fails open where it is told so, as while a cluster is rebuilt", () =>
    expect(admission({ failurePolicy: "Ignore" }).webhooks[0].failurePolicy).toBe("Ignore"));

  it("never judges an object that is being deleted, whose finalizers would stay for good", () =>
    expect(admission().webhooks[0].matchConditions).toEqual([
      { name: "not-being-deleted", expression: "!has(object.metadata.deletionTimestamp)" },
    ]));

  it("never judges what keeps nodes and the control plane alive, nor itself", () => {
    const { matchExpressions } = admission({ exemptNamespaces: ["legacy"] }).webhooks[0].namespaceSelector;
    const values = ["gatekeeper-system", "kube-node-lease", "kube-public", "kube-system", "legacy"];
    expect(matchExpressions).toEqual([{ key: "kubernetes.io/metadata.name", operator: "NotIn", values }]);
    expect(values).toEqual(expect.arrayContaining([...EXEMPT_NAMESPACES]));
  });

  it("audits the same namespaces that it judges", () => {
    const selector = admission({ exemptNamespaces: ["legacy"] }).webhooks[0].namespaceSelector.matchExpressions[0];
    const { spec } = find(render({ exemptNamespaces: ["legacy"] }), "Config", "config");
    expect(spec).toEqual({ match: [{ processes: ["*"], excludedNamespaces: selector.values }] });
  });

  it("lets namespaces be made and changed while it is down: no webhook of its own matches them", () => {
    const names = render()
      .filter(({ kind }) => kind.endsWith("WebhookConfiguration"))
      .flatMap(({ webhooks }) => (webhooks as { name: string }[]).map(({ name }) => name));
    expect(names).toEqual(["validation.gatekeeper.sh"]);
  });

  it("has no webhook where no constraint asks for one", () => expect(admission({ constraints: [] })).toBeUndefined());

  it("has neither webhook nor constraints, and waits for nothing, where no controller runs", () => {
    const objects = render({ withoutController: true });
    expect(objects.filter(({ kind }) => /WebhookConfiguration|ImageTag|StorageBinding/.test(kind))).toEqual([]);
    expect(objects.flatMap(({ metadata }) => metadata.annotations?.["pulumi.com/waitFor"] ?? [])).toEqual([]);
    expect(objects.filter(({ kind }) => kind === "ConstraintTemplate")).toHaveLength(2);
  });

  it("leaves the CA and the certificate to the program that rotates them", () => {
    const [{ clientConfig }] = admission().webhooks;
    expect(clientConfig).toEqual({
      service: { name: "gatekeeper-webhook-service", namespace: "gatekeeper-system", path: "/v1/admit" },
    });
    const secret = find(render(), "Secret", "gatekeeper-webhook-server-cert");
    expect(Object.keys(secret).sort()).toEqual(["apiVersion", "kind", "metadata"]);
  });

  it("waits until a template was accepted, before its constraints", () => {
    const waits = render()
      .filter(({ kind }) => kind === "ConstraintTemplate")
      .map(({ metadata }) => metadata.annotations);
    expect(waits).toEqual([1, 2].map(() => ({ "pulumi.com/waitFor": "jsonpath={.status.created}=true" })));
  });

  it("reads no Secret outside of its namespace and nothing by wildcard but its own groups", () => {
    const wildcards = rules().filter(({ resources, apiGroups }) => [...resources, ...apiGroups].includes("*"));
    expect(wildcards.map(({ apiGroups }) => apiGroups)).toEqual([
      ["constraints.gatekeeper.sh"],
      ["status.gatekeeper.sh"],
    ]);
    expect(rules().filter(({ resources }) => resources.includes("secrets"))).toEqual([]);
  });

  it("may list what constraints match, and not one kind more", () => {
    const listed = rules()
      .filter(({ verbs }) => verbs.join() === "get,list")
      .map(({ apiGroups: [group], resources }) => `${group}/${resources}`);
    expect(listed).toEqual(["/pods", "apps/deployments", "batch/cronjobs,jobs", "storage.k8s.io/storageclasses"]);
  });

  it("may delete the admission policies of its own templates only", () => {
    const deleting = (objects: KubeObject[]) =>
      find(objects, "ClusterRole", "gatekeeper-manager-role").rules.filter(
        ({ apiGroups, verbs }: Rendered) =>
          apiGroups.includes("admissionregistration.k8s.io") && verbs.includes("delete"),
      );
    expect(deleting(render()).map(({ resourceNames }: Rendered) => resourceNames)).toEqual([
      ["gatekeeper-imagetag", "gatekeeper-storagebinding"],
    ]);
    expect(deleting(render({ templates: [], constraints: [] }))).toEqual([]);
  });

  it("spreads its webhook over zones and lets one pod be away at a time", () => {
    expect(podSpec("gatekeeper-controller-manager").topologySpreadConstraints[0]).toMatchObject({
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      nodeTaintsPolicy: "Honor",
    });
    expect(find(render(), "PodDisruptionBudget", "gatekeeper-controller-manager").spec).toMatchObject({
      maxUnavailable: 1,
    });
  });

  it("is as restricted as the restricted Pod Security Standard asks, and outranks other pods", () => {
    for (const name of ["gatekeeper-controller-manager", "gatekeeper-audit"]) {
      const { containers, priorityClassName } = podSpec(name);
      expect(priorityClassName).toBe("system-cluster-critical");
      expect(containers.map(({ securityContext }: Rendered) => securityContext)).toMatchObject([
        {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
        },
      ]);
    }
  });

  it("lets audit start without the certificate of the webhook", () => {
    const { containers, volumes } = podSpec("gatekeeper-audit");
    expect(volumes).toEqual([{ name: "tmp-volume", emptyDir: {} }]);
    expect(containers[0].volumeMounts).toEqual([{ name: "tmp-volume", mountPath: "/tmp/audit" }]);
    expect(containers[0].args).toEqual(
      expect.arrayContaining(["--disable-cert-rotation", "--enable-external-data=false"]),
    );
  });

  it("uses what it is given for image, replicas, size and interval", () => {
    const args = {
      image: "other@sha256:b",
      replicas: 5,
      size: { cpuMillicores: 2000, memoryMiB: 1024 },
      auditIntervalSeconds: 600,
    };
    expect(find(render(args), "Deployment", "gatekeeper-controller-manager").spec.replicas).toBe(5);
    expect(find(render(args), "Deployment", "gatekeeper-audit").spec.replicas).toBe(1);
    for (const name of ["gatekeeper-controller-manager", "gatekeeper-audit"]) {
      const [container] = podSpec(name, args).containers;
      expect(container.image).toBe("other@sha256:b");
      expect(container.resources).toEqual({ requests: { cpu: "2", memory: "1Gi" }, limits: { memory: "1Gi" } });
    }
    expect(podSpec("gatekeeper-audit", args).containers[0].args).toContain("--audit-interval=600");
  });

  it("renders every object of upstream but those that its page lists as left out", () => {
    const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;
    const rendered = new Set(render().map(key));
    expect(
      upstreamObjects("gatekeeper")
        .map(key)
        .filter((name) => !rendered.has(name)),
    ).toEqual([
      "Namespace/gatekeeper-system",
      "CustomResourceDefinition/assign.mutations.gatekeeper.sh",
      "CustomResourceDefinition/assignimage.mutations.gatekeeper.sh",
      "CustomResourceDefinition/assignmetadata.mutations.gatekeeper.sh",
      "CustomResourceDefinition/expansiontemplate.expansion.gatekeeper.sh",
      "CustomResourceDefinition/expansiontemplatepodstatuses.status.gatekeeper.sh",
      "CustomResourceDefinition/modifyset.mutations.gatekeeper.sh",
      "CustomResourceDefinition/mutatorpodstatuses.status.gatekeeper.sh",
      "MutatingWebhookConfiguration/gatekeeper-mutating-webhook-configuration",
    ]);
  });

  it("says who connects to it and whom it connects to", () => {
    for (const flow of gatekeeperFlows()) checkFlow(flow);
    expect(gatekeeperFlows().map(describeFlow)).toEqual([
      "control-plane → gatekeeper-system/gatekeeper-webhook TCP 8443",
      "gatekeeper-system/gatekeeper-webhook → api-server TCP 443, TCP 6443",
      "gatekeeper-system/gatekeeper-audit → api-server TCP 443, TCP 6443",
    ]);
  });

  it("says where its metrics are, by labels that its pods carry", () => {
    const pods = ["gatekeeper-controller-manager", "gatekeeper-audit"].map(
      (name) => find(render(), "Deployment", name).spec.template.metadata.labels,
    );
    gatekeeperScrapeTargets().forEach((target, index) => {
      expect(target).toMatchObject({ namespace: GATEKEEPER_NAMESPACE, port: 8888, path: "/metrics", scheme: "http" });
      expect(pods[index]).toMatchObject(target.pods);
    });
  });

  it("says where its pods depart from the safe default", () =>
    expect(gatekeeperDepartures().map(({ workload, departure }) => `${workload} ${departure}`)).toEqual([
      "gatekeeper-system/gatekeeper-controller-manager apiToken",
      "gatekeeper-system/gatekeeper-audit apiToken",
      "gatekeeper-system/gatekeeper-audit singleReplica",
    ]));
});
