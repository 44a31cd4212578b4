import { beforeAll, describe, expect, it } from "@jest/globals";
import { argoCdPart } from "../../components/argo-cd";
import { checkFlow, describeFlow } from "../../components/flow";
import { ensureUpstream } from "../../components/upstream";
import { expectGolden } from "../support/golden";
import {
  catalogue,
  find,
  type hub,
  onHub,
  onSpoke,
  programsOf,
  type Rendered,
  render,
  setting,
  shop,
  withHub,
} from "./argo-cd/rendered";

beforeAll(() => ensureUpstream(), 300_000);

const PROGRAMS = [
  "Deployment/argocd-applicationset-controller",
  "Deployment/argocd-redis",
  "Deployment/argocd-repo-server",
  "Deployment/argocd-server",
  "StatefulSet/argocd-application-controller",
];

describe("Argo CD", () => {
  it("renders the reviewed manifests on the hub", () => {
    // keys of other people's hosts: they are compared with upstream's where all that is applied as it is is
    const reviewed = render().filter(({ metadata }) => metadata.name !== "argocd-ssh-known-hosts-cm");
    expectGolden("argo-cd", reviewed);
  });

  it("renders the reviewed manifests on a spoke", () => expectGolden("argo-cd-spoke", render(onSpoke)));

  it("runs on the hub only: a spoke has an account and nothing that runs, listens or alerts", () => {
    const { alerts = [], flows, namespaces, objects, scrapeTargets = [] } = argoCdPart(onSpoke);
    expect([...alerts, ...flows, ...namespaces, ...scrapeTargets]).toEqual([]);
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(["ServiceAccount", "ClusterRole", "RoleBinding"]));
  });

  it("leaves its programs, and their namespace and flows, to whoever else installs it", () => {
    const { alerts = [], flows, namespaces, objects } = argoCdPart(withHub({ management: { kind: "external" } }));
    expect([...alerts, ...flows, ...namespaces, ...programsOf(objects)]).toEqual([]);
    expect(objects.filter(({ kind }) => kind === "CustomResourceDefinition")).toEqual([]);
    expect(find(objects, "AppProject/shop")).toBeDefined();
  });

  it("refers to access to each cluster that has tenants, in their namespaces, to the key of its sessions and to the password of its cache", () => {
    const { secrets = [] } = argoCdPart(onHub);
    expect(secrets.map(({ name, namespace, plain }) => [namespace, name, plain?.namespaces])).toEqual([
      ["argocd", "cluster-east", "shop,shop-jobs,catalogue"],
      ["argocd", "cluster-west", "catalogue"],
      ["argocd", "cluster-hub", "shop,shop-jobs"],
      ["argocd", "argocd-secret", undefined],
      ["argocd", "argocd-redis", undefined],
    ]);
    const password = JSON.stringify(programsOf(render()).map(({ spec }) => spec)).match(/"secretKeyRef":\{[^}]*\}/g);
    expect(new Set(password)).toEqual(new Set(['"secretKeyRef":{"key":"auth","name":"argocd-redis"}']));
    expect(Object.keys(secrets.at(-1)?.keys ?? {})).toEqual(["auth"]);
  });

  it("lets no program reach a whole cluster: without tenants there is no access to it", () => {
    const { secrets = [] } = argoCdPart(withHub({ tenants: [catalogue] }));
    expect(secrets.map(({ name }) => name)).not.toContain("cluster-hub");
    for (const { name, plain } of secrets.filter((one) => one.origin === "issued")) {
      expect([name, plain?.namespaces]).not.toEqual([name, ""]);
      expect(plain?.clusterResources).toBe("false");
    }
  });

  it("has the Secret without which its server does not start, with a key from the store that stands in no state", () => {
    expect(render().filter(({ kind }) => kind === "Secret")).toEqual([]);
    expect(argoCdPart(withHub()).secrets?.find(({ name }) => name === "argocd-secret")).toMatchObject({
      namespace: "argocd",
      keys: { "server.secretkey": { property: "secretkey" } },
      labels: { "app.kubernetes.io/part-of": "argocd" },
      origin: "generated",
    });
  });

  it("has no account with a password", () => {
    expect(setting("admin.enabled")).toBe(false);
  });

  it("lets steps of an ApplicationSet wait for one another", () => {
    const { data } = find(render(), "ConfigMap/argocd-cmd-params-cm");
    expect(data["applicationsetcontroller.enable.progressive.syncs"]).toBe("true");
    const { env } = find(render(), "Deployment/argocd-applicationset-controller").spec.template.spec.containers[0];
    expect(env.map(({ valueFrom }: Rendered) => valueFrom.configMapKeyRef?.key)).toContain(
      "applicationsetcontroller.enable.progressive.syncs",
    );
  });

  it("reads every setting that is set, by the program that it names", () => {
    const { data } = find(render(), "ConfigMap/argocd-cmd-params-cm");
    const read = programsOf(render()).flatMap(({ spec }) =>
      spec.template.spec.containers.flatMap(({ env = [] }: Rendered) =>
        env.flatMap(({ valueFrom }: Rendered) => valueFrom?.configMapKeyRef?.key ?? []),
      ),
    );
    expect([...new Set(read)].sort()).toEqual(Object.keys(data).sort());
  });
});

describe("its programs", () => {
  it("are those that are needed", () => {
    expect(
      programsOf(render())
        .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
        .sort(),
    ).toEqual(PROGRAMS);
  });

  it.each(PROGRAMS)("are sized, probed, pinned and restricted: %s", (name) => {
    const { spec } = find(render(), name).spec.template;
    for (const { image, imagePullPolicy, resources, securityContext } of [
      ...spec.containers,
      ...(spec.initContainers ?? []),
    ]) {
      expect(image).toMatch(/@sha256:/);
      expect(imagePullPolicy).toBe("IfNotPresent");
      expect(Object.keys(resources.requests)).toEqual(["cpu", "memory"]);
      expect(resources.limits.memory).toBe(resources.requests.memory);
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      });
    }
    const [{ livenessProbe, readinessProbe }] = spec.containers;
    expect(readinessProbe).toBeDefined();
    expect(livenessProbe).toBeDefined();
    expect(spec.topologySpreadConstraints.map(({ topologyKey }: Rendered) => topologyKey)).toEqual([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
  });

  it("mount a token where they talk to the API server, and nowhere else", () => {
    const mounted = programsOf(render()).filter(({ spec }) => spec.template.spec.automountServiceAccountToken);
    expect(mounted.map(({ metadata }) => metadata.name).sort()).toEqual([
      "argocd-application-controller",
      "argocd-applicationset-controller",
      "argocd-server",
    ]);
    const accounts: Rendered[] = render().filter(({ kind }) => kind === "ServiceAccount");
    expect(accounts.map(({ automountServiceAccountToken }) => automountServiceAccountToken)).toEqual(
      accounts.map(() => false),
    );
  });

  it("keep one pod when a node is drained, where there are two", () => {
    const budgets = render().filter(({ kind }) => kind === "PodDisruptionBudget");
    const several = programsOf(render()).filter(({ spec }) => spec.replicas > 1);
    expect(budgets.map(({ metadata }) => metadata.name)).toEqual(several.map(({ metadata }) => metadata.name));
    for (const { metadata, spec } of budgets as Rendered[]) {
      expect(spec.selector.matchLabels).toEqual(
        find(render(), `Deployment/${metadata.name}`).spec.selector.matchLabels,
      );
    }
  });

  it("restart when a setting of theirs changes, and read the rest while they run", () => {
    const hash = (args = onHub) =>
      programsOf(render(args)).map(({ spec }) => spec.template.metadata.annotations["fleetwright.dev/configuration"]);
    expect(hash(withHub({ adminGroups: ["acme:root"] }))).toEqual(hash());
    expect(new Set(hash()).size).toBe(1);
  });

  it("have the repo server's key in the repo server only", () => {
    const mounts = (name: string) =>
      find(render(), name).spec.template.spec.volumes.flatMap(({ secret }: Rendered) => secret?.secretName ?? []);
    expect(mounts("Deployment/argocd-repo-server")).toEqual(["argocd-repo-server-tls", "argocd-repo-client-tls"]);
    for (const name of PROGRAMS.filter((one) => !/redis|repo-server/.test(one))) {
      expect(mounts(name)).toEqual(["argocd-repo-client-tls"]);
    }
  });

  it("mount every volume that they have, and have every volume that they mount", () => {
    for (const { metadata, spec } of programsOf(render())) {
      const { containers, initContainers = [], volumes = [] } = spec.template.spec;
      const mounted = [...containers, ...initContainers].flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ name }: Rendered) => name),
      );
      expect([metadata.name, [...new Set(mounted)].sort()]).toEqual([
        metadata.name,
        volumes.map(({ name }: Rendered) => name).sort(),
      ]);
    }
  });

  it("show the repo server a certificate, and trust only its", () => {
    const { data } = find(render(), "ConfigMap/argocd-cmd-params-cm");
    for (const program of ["server", "controller", "applicationsetcontroller"]) {
      expect(data[`${program}.repo.server.ca.cert.path`]).toBe("/app/config/reposerver/mtls/server-ca.crt");
    }
    expect(find(render(), "Certificate/argocd-repo-server-tls").spec.dnsNames).toContain("argocd-repo-server");
    const trusted = find(render(), "Deployment/argocd-repo-server").spec.template.spec.volumes.find(
      ({ name }: Rendered) => name === "argocd-repo-server-mtls",
    );
    expect(trusted.secret).toMatchObject({ items: [{ key: "ca.crt", path: "client-ca.crt" }], optional: false });
  });
});

describe("the network", () => {
  const flows = (args = onHub) => argoCdPart(args).flows;

  it("is opened for flows that are valid, each for pods that there are", () => {
    const pods = programsOf(render()).map(({ spec }) => JSON.stringify(spec.selector.matchLabels));
    const ends = flows().flatMap(({ from, to }) => [from, to]);
    for (const flow of flows(withHub({ apiServerCidrs: ["192.0.2.0/24"] })))
      expect(() => checkFlow(flow)).not.toThrow();
    for (const end of ends) {
      if (typeof end === "object" && "pods" in end) expect(pods).toContain(JSON.stringify(end.pods));
    }
  });

  it("lets nobody reach the cache but those who use it, and the cache nobody", () => {
    const said = flows().map(describeFlow);
    expect(said.filter((flow) => flow.startsWith("argocd/argocd-redis"))).toEqual([]);
    expect(said.filter((flow) => flow.includes("→ argocd/argocd-redis"))).toEqual([
      "argocd/argocd-application-controller → argocd/argocd-redis TCP 6379",
      "argocd/argocd-server → argocd/argocd-redis TCP 6379",
      "argocd/argocd-repo-server → argocd/argocd-redis TCP 6379",
    ]);
  });

  it("leads to other clusters only from the programs that act there, and only where there are some", () => {
    const toClusters = (args = onHub) =>
      flows(args)
        .map(describeFlow)
        .filter((flow) => flow.includes("192.0.2.0/24"));
    expect(toClusters()).toEqual([]);
    expect(toClusters(withHub({ apiServerCidrs: ["192.0.2.0/24"] }))).toHaveLength(2);
  });

  it("lets metrics be scraped from ports that the programs open", () => {
    for (const { pods, port } of argoCdPart(onHub).scrapeTargets ?? []) {
      const program = programsOf(render()).find(
        ({ spec }) => JSON.stringify(spec.selector.matchLabels) === JSON.stringify(pods),
      );
      const ports = program.spec.template.spec.containers[0].ports.map(({ containerPort }: Rendered) => containerPort);
      expect(ports).toContain(port);
    }
  });
});

describe("refusals", () => {
  const refused: [string, Partial<typeof hub>, string][] = [
    ["a project that is locked", { tenants: [{ ...shop, name: "default" }] }, 'tenants has "default"'],
    ["a cluster that no step reaches", { steps: [["east"]] }, "steps has no cluster hub of tenant shop"],
    [
      "a cluster in two steps",
      {
        steps: [
          ["east", "hub"],
          ["west", "hub"],
        ],
      },
      "steps has cluster hub twice",
    ],
    [
      "a namespace of another tenant",
      {
        tenants: [
          { ...shop, delivery: { ...(shop.delivery as NonNullable<typeof shop.delivery>), namespace: "catalogue" } },
        ],
      },
      'delivery.namespace of tenant shop is "catalogue", must be one of shop, shop-jobs',
    ],
    ["one server", { serverReplicas: 1 }, "serverReplicas is 1, must be a whole number of 2–5"],
    [
      "no image",
      { management: { kind: "managed", images: { argoCd: "a", redis: " " } } },
      "management.images.redis is empty",
    ],
  ];
  it.each(refused)("names the field and its bound: %s", (_, changes, message) => {
    expect(() => render(withHub(changes))).toThrow(message);
  });
});
