/**
 * What a chart says, as a set of sentences: one per permission, port, argument, variable, mount, webhook rule and
 * setting. Two charts say the same when their sets are equal, however their objects are cut.
 */
import { parse } from "yaml";
import type { KubeObject } from "../../../components/kube-object";
import type { Rendered } from "./mesh";

/** The sentences of all objects. */
export function factsOf(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(
    objects.flatMap((object) => FACTS[object.kind]?.(object, objects) ?? [`is ${object.kind} ${object.metadata.name}`]),
  );
}

/** Names of our ServiceAccounts that are not upstream's. */
const ACCOUNTS: Readonly<Record<string, string>> = { "istio-cni-node": "istio-cni" };

const FACTS: Readonly<Record<string, (object: Rendered, all: readonly KubeObject[]) => string[]>> = {
  ServiceAccount: ({ metadata }) => [`is ServiceAccount ${ACCOUNTS[metadata.name] ?? metadata.name}`],
  ClusterRole: permissions,
  Role: permissions,
  // who holds a role is said with its permissions
  ClusterRoleBinding: () => [],
  RoleBinding: () => [],
  Service: ({ metadata, spec }) => [
    `Service ${metadata.name} is ${spec.type ?? "ClusterIP"}`,
    ...spec.ports.map(
      ({ name, port, protocol = "TCP", targetPort }: Rendered) =>
        `Service ${metadata.name} port ${port}/${protocol} ${name}${typeof targetPort === "number" && targetPort !== port ? ` to ${targetPort}` : ""}`,
    ),
    ...labels(`Service ${metadata.name}`, metadata.labels, NETWORK),
  ],
  Deployment: workload,
  DaemonSet: workload,
  HorizontalPodAutoscaler: ({ metadata, spec }) => [
    `${metadata.name} scales from ${spec.minReplicas} to ${spec.maxReplicas}`,
    ...spec.metrics.map(
      ({ resource }: Rendered) => `${metadata.name} scales at ${resource.target.averageUtilization} % ${resource.name}`,
    ),
  ],
  PodDisruptionBudget: ({ metadata, spec }) => [
    `${metadata.name} spares ${spec.maxUnavailable ?? `all but ${spec.minAvailable}`}`,
  ],
  ConfigMap: configuration,
  CustomResourceDefinition: ({ metadata, spec }) => [
    `definition ${metadata.name} ${spec.versions.map(({ name }: Rendered) => name).join(" ")}`,
  ],
  MutatingWebhookConfiguration: webhooks,
  ValidatingWebhookConfiguration: webhooks,
};

const NETWORK = ["topology.istio.io/network"];

const labels = (whose: string, its: Readonly<Record<string, string>> = {}, names: readonly string[]) =>
  names.flatMap((name) => (name in its ? [`${whose} has label ${name}=${its[name]}`] : []));

/** `<account> may <verb> <group>/<resource>`, by whoever holds the role; a right to one named object is one to its kind. */
function permissions({ kind, metadata, rules }: Rendered, all: readonly KubeObject[]): string[] {
  const bindings = all.filter(({ roleRef }: Rendered) => roleRef?.kind === kind && roleRef?.name === metadata.name);
  const accounts = bindings.flatMap(({ subjects }: Rendered) =>
    subjects.map(({ name }: Rendered) => ACCOUNTS[name] ?? name),
  );
  return accounts.flatMap((account) =>
    rules.flatMap(({ apiGroups, resources, verbs }: Rendered) =>
      apiGroups.flatMap((group: string) =>
        resources.flatMap((resource: string) =>
          verbs.map((verb: string) => `${account} may ${verb} ${group === "" ? "core" : group}/${resource}`),
        ),
      ),
    ),
  );
}

function workload({ metadata, spec }: Rendered): string[] {
  const { template } = spec;
  const [container] = template.spec.containers;
  const whose = metadata.name;
  const probe = container.readinessProbe;
  return [
    ...containerFacts(whose, container),
    ...(template.spec.tolerations ?? []).map(
      ({ effect = "any effect", key = "any taint" }: Rendered) => `${whose} bears ${key} of ${effect}`,
    ),
    ...(template.spec.hostNetwork ? [`${whose} is on the node's network`] : []),
    ...(probe
      ? [
          `${whose} is asked every ${probe.periodSeconds ?? 10} s for ${probe.httpGet.path}, answers within ${probe.timeoutSeconds ?? 1} s`,
        ]
      : []),
    ...(template.spec.volumes ?? []).flatMap((volume: Rendered) => volumeFact(whose, volume)),
    ...labels(whose, template.metadata.labels, [...NETWORK, "sidecar.istio.io/inject"]),
  ];
}

/** Arguments, variables, ports, mounts, capabilities and requests of a container. */
export function containerFacts(whose: string, container: Rendered): string[] {
  const { resources = {}, securityContext = {} } = container;
  const [args, env, ports, volumeMounts] = ["args", "env", "ports", "volumeMounts"].map(
    (field) => container[field] ?? [],
  );
  return [
    ...flags(args).map((flag) => `${whose} argument ${flag}`),
    ...env.map(({ name, value, valueFrom }: Rendered) => {
      const from = valueFrom?.fieldRef?.fieldPath ?? valueFrom?.resourceFieldRef?.resource;
      return `${whose} variable ${name}${from ? ` from ${from}` : `=${oneLine(value)}`}`;
    }),
    ...ports.map(({ containerPort, protocol = "TCP" }: Rendered) => `${whose} listens on ${containerPort}/${protocol}`),
    ...volumeMounts.map(({ mountPath }: Rendered) => `${whose} mounts ${mountPath.replace(/\/$/, "")}`),
    ...(securityContext.capabilities?.add ?? []).map((name: string) => `${whose} has capability ${name}`),
    ...(securityContext.runAsUser === 0 ? [`${whose} is root`] : []),
    ...(securityContext.privileged ? [`${whose} is privileged`] : []),
    ...Object.entries(resources).flatMap(([bound, amounts]) =>
      Object.entries(amounts as object).map(([name, amount]) => `${whose} ${bound} ${name} ${inUnits(String(amount))}`),
    ),
  ];
}

/** A flag and its value as one word, whether they were written as one or as two. */
function flags(args: readonly Rendered[]): string[] {
  const found: string[] = [];
  for (const word of args.map(String)) {
    const last = found.at(-1);
    const isValue = last?.startsWith("-") && !last.includes("=") && !word.startsWith("--");
    if (isValue) found[found.length - 1] = `${last}=${word}`;
    else found.push(word);
  }
  return found;
}

const inUnits = (amount: string) =>
  amount
    .replace(/^2048Mi$/, "2Gi")
    .replace(/^1024Mi$/, "1Gi")
    .replace(/^2000m$/, "2");

const oneLine = (value: unknown) =>
  String(value ?? "")
    .replaceAll(/\s+/g, " ")
    .trim();

function volumeFact(whose: string, volume: Rendered): string[] {
  if (volume.hostPath) return [`${whose} sees ${volume.hostPath.path} of the node`];
  if (volume.secret)
    return [`${whose} reads Secret ${volume.secret.secretName}${volume.secret.optional ? ", if it is there" : ""}`];
  if (volume.configMap) {
    return [`${whose} reads ConfigMap ${volume.configMap.name}${volume.configMap.optional ? ", if it is there" : ""}`];
  }
  return [];
}

/** The mesh's configuration, setting by setting; what is injected is compared by itself; values are Helm's own record. */
function configuration({ metadata, data }: Rendered): string[] {
  if ("mesh" in data) return [...settings("mesh", parse(data.mesh)), ...settings("networks", parse(data.meshNetworks))];
  if ("config" in data) return Object.keys(parse(data.config).templates).map((name) => `template ${name}`);
  if (metadata.name === "istio-cni-config") {
    return Object.entries(data).map(([name, value]) => `istio-cni-node variable ${name}=${oneLine(value)}`);
  }
  return [`is ConfigMap ${metadata.name}`];
}

const settings = (path: string, value: unknown): string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => settings(`${path} ${name}`, inner))
    : [`${path} = ${value}`];

function webhooks({ metadata, webhooks: hooks }: Rendered): string[] {
  return hooks.flatMap((hook: Rendered) => {
    const whose = `webhook ${metadata.name} ${hook.name}`;
    const { service } = hook.clientConfig;
    const selectors = ["namespaceSelector", "objectSelector"].flatMap((selector) =>
      (hook[selector]?.matchExpressions ?? []).map(({ key, operator, values = [] }: Rendered) =>
        `${whose} ${selector} ${key} ${operator} ${values.join(" ")}`.trim(),
      ),
    );
    const rules = hook.rules.flatMap(({ apiGroups, operations, resources }: Rendered) =>
      apiGroups.map(
        (group: string) => `${whose} asks of ${operations.join(" ")} ${group || "core"}/${resources.join(" ")}`,
      ),
    );
    return [
      `${whose} is ${hook.failurePolicy}`,
      `${whose} is at ${service.namespace}/${service.name}:${service.port ?? 443}${service.path}`,
      ...selectors,
      ...rules,
    ];
  });
}
