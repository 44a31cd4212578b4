import { describe, expect, it } from "@jest/globals";
import { type ChaosMeshArgs, chaosMeshPart } from "../../components/chaos-mesh";
import { CLOSED_FAULT_KINDS, CLOSED_KINDS, FAULT_KINDS } from "../../components/chaos-mesh/definitions";
import { checkFlow, describeFlow } from "../../components/flow";
import type { KubeObject } from "../../components/kube-object";
import { dependencies } from "../../components/order";
import { expectGolden } from "../support/golden";
import { containerOf, find, type Rendered, render, required, variable } from "./chaos-mesh/rendered";
import { declared } from "./experiment/declared";

const CONTROLLER = "Deployment/chaos-mesh-controller-manager";
const DAEMON = "DaemonSet/chaos-daemon";

const webhooksOf = (objects: readonly KubeObject[]): Rendered[] =>
  objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration")).flatMap(({ webhooks }) => webhooks as Rendered[]);

describe("Chaos Mesh", () => {
  it("renders the reviewed manifests", () => expectGolden("chaos-mesh", render()));

  it("lets only namespaces that opted in be targets", () => {
    expect(variable(CONTROLLER, "ENABLE_FILTER_NAMESPACE")).toBe("true");
    expect(variable(CONTROLLER, "ALLOW_HOST_NETWORK_TESTING")).toBe("false");
    expect(() => render({ targets: ["catalogue"] })).toThrow(
      'chaos-mesh: experiment cart-pod-failure has target.namespace "shop", must be one of targets: catalogue',
    );
  });

  it("asks whoever wants a fault whether they may make one, in the program and in the webhook", () => {
    expect(variable(CONTROLLER, "SECURITY_MODE")).toBe("true");
    expect(variable("Deployment/chaos-dashboard", "SECURITY_MODE")).toBe("true");
    const [authorize] = find(render(), "ValidatingWebhookConfiguration/chaos-mesh-authorization").webhooks;
    expect(authorize.clientConfig.service.path).toBe("/validate-auth");
    expect(authorize.rules[0].resources).toEqual(
      expect.arrayContaining(["podchaos", "networkchaos", "workflows", "schedules"]),
    );
  });

  it("has the controllers of the kinds on offer, and looks every fault up that the program insists on", () => {
    const enabled = variable(CONTROLLER, "ENABLED_CONTROLLERS").split(",");
    for (const { kind } of FAULT_KINDS) {
      for (const step of ["records", "initFinalizers", "desiredphase", "condition", "cleanFinalizers"]) {
        expect(enabled).toContain(`${kind.toLowerCase()}-${step}`);
      }
    }
    for (const kind of CLOSED_FAULT_KINDS) {
      expect(enabled.filter((name) => name.startsWith(`${kind.toLowerCase()}-`))).toEqual([
        `${kind.toLowerCase()}-records`,
      ]);
    }
    expect(enabled.filter((name) => /remote|\*/.test(name))).toEqual([]);
    expect(new Set(enabled).size).toBe(enabled.length);
  });

  it("knows every kind that the program looks up, and takes no object of those that are not offered", () => {
    const enabled = variable(CONTROLLER, "ENABLED_CONTROLLERS").split(",");
    const looked = enabled.filter((name) => name.endsWith("-records")).map((name) => name.replace("-records", ""));
    const defined = render().filter(({ kind }) => kind === "CustomResourceDefinition") as Rendered[];
    expect(defined.map(({ spec }) => spec.names.plural)).toEqual(expect.arrayContaining(looked));
    for (const { spec } of defined) {
      const { openAPIV3Schema } = spec.versions[0].schema;
      const closed = openAPIV3Schema["x-kubernetes-validations"]?.[0].rule === "false";
      expect([spec.names.kind, closed]).toEqual([spec.names.kind, CLOSED_KINDS.includes(spec.names.kind)]);
    }
  });

  it("has schemas without holes, small enough to be read", () => {
    for (const object of render().filter(({ kind }) => kind === "CustomResourceDefinition")) {
      const text = JSON.stringify(object);
      expect(text).not.toContain("preserve-unknown");
      expect(text.length).toBeLessThan(40_000);
    }
  });

  it("has webhooks that match single kinds of its own and let everything be deleted", () => {
    const hooks = webhooksOf(render());
    expect(hooks).toHaveLength(2 * 9 + 1);
    for (const { clientConfig, failurePolicy, name, rules } of hooks) {
      expect([name, failurePolicy, clientConfig.service.name]).toEqual([name, "Fail", "chaos-mesh-controller-manager"]);
      for (const { apiGroups, operations, resources } of rules) {
        expect([apiGroups, operations]).toEqual([["chaos-mesh.org"], ["CREATE", "UPDATE"]]);
        expect(
          resources.filter((resource: string) => /\*|^pod(io|network)chaos$|workflownodes/.test(resource)),
        ).toEqual([]);
      }
    }
  });

  it("is asked on the port that the Service leads to, by the name of its certificate", () => {
    const objects = render();
    const { metadata, spec } = find(objects, "Service/chaos-mesh-controller-manager");
    const { ports } = containerOf(CONTROLLER);
    expect(spec.ports[0]).toMatchObject({ port: 443, targetPort: "webhook" });
    expect(ports.find(({ name }: Rendered) => name === "webhook").containerPort).toBe(
      Number(variable(CONTROLLER, "WEBHOOK_PORT")),
    );
    expect(find(objects, "Certificate/chaos-mesh-webhook").spec.dnsNames).toEqual([
      `${metadata.name}.${metadata.namespace}.svc`,
    ]);
    for (const { metadata: its } of objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration"))) {
      expect(its.annotations).toEqual({ "cert-manager.io/inject-ca-from": "chaos-mesh/chaos-mesh-webhook" });
    }
  });

  it("leaves its webhooks out where no controller runs, and nothing else", () => {
    const [all, without] = [render(), render({ withoutController: true })];
    expect(webhooksOf(without)).toEqual([]);
    expect(without).toEqual(all.filter(({ kind }) => !kind.endsWith("WebhookConfiguration")));
  });

  it("makes webhooks after everything that they would ask about", () => {
    const placed = render().map((object) => ({ component: "chaos-mesh", object }));
    const before = dependencies(placed).get(
      "admissionregistration.k8s.io/ValidatingWebhookConfiguration//chaos-mesh-validation",
    );
    expect([...(before ?? [])]).toEqual(
      expect.arrayContaining([
        "chaos-mesh.org/Schedule/chaos-mesh/cart-pod-failure",
        "apps/Deployment/chaos-mesh/chaos-mesh-controller-manager",
      ]),
    );
  });

  it("waits for certificates only where somebody signs them", () => {
    const waits = (objects: readonly KubeObject[]) =>
      objects.filter(({ metadata }) => metadata.annotations?.["pulumi.com/waitFor"] !== undefined).length;
    expect([waits(render()), waits(render({ certificatesIssued: false }))]).toEqual([6, 0]);
  });
});

describe("the daemons", () => {
  it("obey nobody but who shows a certificate of Chaos Mesh's own CA", () => {
    const { args } = containerOf(DAEMON);
    expect(args).toEqual(
      expect.arrayContaining(["--ca=/etc/chaos-daemon/cert/ca.crt", "--cert=/etc/chaos-daemon/cert/tls.crt"]),
    );
    const objects = render();
    const secrets = (wanted: string) =>
      find(objects, wanted).spec.template.spec.volumes.flatMap(({ secret }: Rendered) => secret?.secretName ?? []);
    const signed = objects.filter(({ kind }) => kind === "Certificate") as Rendered[];
    for (const secret of [...secrets(DAEMON), ...secrets(CONTROLLER)]) {
      const { spec } = signed.find((each) => each.spec.secretName === secret);
      expect(spec.issuerRef).toEqual({ group: "cert-manager.io", kind: "Issuer", name: "chaos-mesh-ca" });
    }
    expect(secrets(CONTROLLER)).toEqual(["chaos-daemon-client-tls", "chaos-mesh-webhook-tls"]);
    expect(find(objects, "Certificate/chaos-daemon-client").spec.usages).toEqual(["digital signature", "client auth"]);
    expect(find(objects, "Certificate/chaos-daemon").spec.dnsNames).toEqual(["chaos-daemon.chaos-mesh.org"]);
  });

  it("ask containerd, at the socket that the environment names", () => {
    const args = { containerdSocket: "/run/k3s/containerd/k3s.sock" };
    expect(containerOf(DAEMON, args).args).toEqual(
      expect.arrayContaining(["--runtime=containerd", "--runtime-socket-path=/host-run/k3s.sock"]),
    );
    const { volumes } = find(render(args), DAEMON).spec.template.spec;
    expect(volumes).toContainEqual({ name: "containerd", hostPath: { path: "/run/k3s/containerd" } });
  });

  it("are found by the name that the controller looks for, on the port that it calls", () => {
    const { spec } = find(render(), "Service/chaos-daemon");
    expect(String(spec.ports[0].port)).toBe(variable(CONTROLLER, "CHAOS_DAEMON_SERVICE_PORT"));
    expect(find(render(), DAEMON).metadata.namespace).toBe("chaos-mesh");
  });
});

describe("the rights of Chaos Mesh", () => {
  const rules = (wanted: string): Rendered[] => find(render(), wanted).rules;

  it("reach no Secret and no ConfigMap of anybody, and have no wildcard", () => {
    const all = (render() as Rendered[])
      .filter(({ kind }) => kind === "ClusterRole" || kind === "Role")
      .flatMap((each) => each.rules);
    expect(
      all.flatMap(({ resources }) => resources).filter((name: string) => /secrets|configmaps|\*|exec/.test(name)),
    ).toEqual([]);
    expect(
      all.flatMap(({ verbs }) => verbs).filter((verb: string) => ["*", "escalate", "bind"].includes(verb)),
    ).toEqual([]);
  });

  it("let the dashboard look and nothing else", () => {
    for (const { resources, verbs } of rules("ClusterRole/chaos-mesh-dashboard")) {
      if (resources.includes("subjectaccessreviews")) continue;
      expect(verbs).toEqual(["get", "list", "watch"]);
    }
  });

  it("let the controller write no kind that is not offered", () => {
    const written = rules("ClusterRole/chaos-mesh-controller-manager")
      .filter(({ verbs }) => verbs.includes("create"))
      .flatMap(({ resources }) => resources);
    expect(CLOSED_KINDS.filter((kind) => written.includes(kind.toLowerCase()))).toEqual([]);
  });
});

describe("whom Chaos Mesh talks to", () => {
  it("is exactly what its work needs", () => {
    const { flows } = chaosMeshPart(required);
    for (const flow of flows) checkFlow(flow);
    expect(flows.map(describeFlow).sort()).toEqual([
      "chaos-mesh/chaos-mesh-controller-manager → api-server TCP 443, TCP 6443",
      "chaos-mesh/chaos-mesh-controller-manager → chaos-mesh/chaos-mesh-chaos-daemon TCP 31767",
      "chaos-mesh/chaos-mesh-controller-manager → chaos-mesh/chaos-mesh-dns-server TCP 9288",
      "chaos-mesh/chaos-mesh-controller-manager → prometheus/prometheus TCP 9090",
      "chaos-mesh/chaos-mesh-dashboard → api-server TCP 443, TCP 6443",
      "chaos-mesh/chaos-mesh-dns-server → api-server TCP 443, TCP 6443",
      "control-plane → chaos-mesh/chaos-mesh-controller-manager TCP 9443",
      "shop/* → chaos-mesh/chaos-mesh-dns-server UDP 5353, TCP 5353",
    ]);
  });

  it("says where metrics are, and what to be told of, once", () => {
    const { alerts = [], scrapeTargets = [] } = chaosMeshPart(required);
    expect(scrapeTargets.map(({ port }) => port).sort()).toEqual([10_080, 2334, 31_766, 9153]);
    expect(alerts.map(({ name }) => name)).toEqual([
      "ChaosMeshControllerAbsent",
      "ChaosMeshDaemonDown",
      "ChaosMeshFaultStuck",
    ]);
  });
});

describe("wrong arguments of Chaos Mesh", () => {
  it.each<[Partial<ChaosMeshArgs>, string]>([
    [
      { controllerReplicas: 1 },
      "chaos-mesh: controllerReplicas is 1, must be a whole number of 2–5: one must be left when a node is drained",
    ],
    [
      { dnsServerReplicas: 6 },
      "chaos-mesh: dnsServerReplicas is 6, must be a whole number of 2–5: one must be left when a node is drained",
    ],
    [
      { containerdSocket: "containerd.sock" },
      'chaos-mesh: containerdSocket is "containerd.sock", must be the absolute path of a socket in a folder, such as /run/containerd/containerd.sock',
    ],
    [
      { images: { ...required.images, daemon: " " } },
      "chaos-mesh: images.daemon is empty, must be registry/repository:tag@sha256:digest",
    ],
    [
      { targets: ["Shop"], experiments: [] },
      `chaos-mesh: targets is "Shop", must be a DNS label (RFC 1123): lower-case letters, digits and '-', at most 63`,
    ],
    [
      { experiments: [{ ...declared, target: { ...declared.target, namespace: "kube-system" } }] },
      'chaos-mesh: experiment cart-pod-failure has target.namespace "kube-system", must be one of targets: shop',
    ],
  ])("are refused before anything is made: %j", (args, message) => {
    expect(() => render(args)).toThrow(message);
  });
});
