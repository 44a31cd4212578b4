/**
 * What is injected into a pod: a `sidecar` that all of its traffic passes through, or, where the pod asks for it, a
 * `gateway` that it is.
 *
 * A template is a pod written as YAML whose strings are Go templates; istiod fills them in and merges the result over the
 * pod. The proxy in them is the one that the platform's own gateways run.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#custom-templates-experimental
 */
import type { KubeObject } from "../kube-object";
import { type ContainerArgs, container, type Size } from "../workload/container";
import { podVolumes } from "../workload/volumes";
import { goYaml } from "./go-yaml";
import { ISTIO_NAMESPACE, istioObject, REVISION_LABEL, revisioned } from "./names";
import {
  ENVOY_METRICS,
  MERGED_METRICS,
  type Place,
  PROXY_CONTAINER,
  PROXY_MOUNTS,
  PROXY_READY,
  PROXY_USER,
  PROXY_VOLUMES,
  proxyArguments,
  proxyVariables,
} from "./proxy";

export interface InjectionArgs extends Place {
  /** Image of the proxy: `registry/repository:tag@sha256:digest`. */
  readonly image: string;
  /** What an injected proxy may use; it counts against the tenant's quota. */
  readonly size: Size;
}

/** The container that ends a pod whose traffic the node agent does not lead through the proxy yet; the agent knows its name. */
export const VALIDATION_CONTAINER = "istio-validation";

/** Ports at which the pod itself is asked, not its program: they are not led through the proxy. */
const NOT_LED = [ENVOY_METRICS, PROXY_READY, MERGED_METRICS].map(({ port }) => port);

/** The injector's ConfigMap. istiod watches it: pods made from then on get the new proxy. */
export function injectorConfigMap(args: InjectionArgs): KubeObject {
  const { cluster, image, meshId, network, revision } = args;
  const config = {
    policy: "enabled",
    defaultTemplates: ["sidecar"],
    templates: { sidecar: sidecarTemplate(args), gateway: gatewayTemplate(args) },
  };
  // what istiod itself reads of them; the templates are complete without
  const values = {
    global: { meshID: meshId, multiCluster: { clusterName: cluster }, network, proxy: { image } },
    sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
    revision: revision === "default" ? "" : revision,
  };
  return istioObject(
    "v1",
    "ConfigMap",
    {
      name: revisioned("istio-sidecar-injector", revision),
      namespace: ISTIO_NAMESPACE,
      part: "injector",
      labels: { [REVISION_LABEL]: revision },
    },
    { data: { config: goYaml(config), values: JSON.stringify(values, undefined, 2) } },
  );
}

/** The name and version by which telemetry knows a program. */
const CANONICAL = {
  "service.istio.io/canonical-name":
    "{{ index .ObjectMeta.Labels `service.istio.io/canonical-name` | default (index .ObjectMeta.Labels `app.kubernetes.io/name`)" +
    " | default (index .ObjectMeta.Labels `app`) | default .DeploymentMeta.Name | trunc 63 | trimSuffix `-` }}",
  "service.istio.io/canonical-revision":
    "{{ index .ObjectMeta.Labels `service.istio.io/canonical-revision` | default (index .ObjectMeta.Labels `app.kubernetes.io/version`)" +
    " | default (index .ObjectMeta.Labels `version`) | default `latest` }}",
};

/** Ports of the pod's containers, as JSON. */
const POD_PORTS =
  "[{{ $first := true }}{{ range .Spec.Containers }}{{ range .Ports }}" +
  "{{ if not $first }},{{ end }}{{ structToJSON . }}{{ $first = false }}{{ end }}{{ end }}]\n";

/** Names of the pod's containers. */
const POD_CONTAINERS =
  "{{ range $index, $container := .Spec.Containers }}{{ if $index }},{{ end }}{{ $container.Name }}{{ end }}";

const OWNER =
  "kubernetes://apis/{{ .TypeMeta.APIVersion }}/namespaces/{{ valueOrDefault .DeploymentMeta.Namespace `default` }}" +
  "/{{ toLower .TypeMeta.Kind }}s/{{ .DeploymentMeta.Name }}";

function sidecarTemplate(args: InjectionArgs): string {
  const { restartPolicy, ...proxy } = { restartPolicy: "Always", ...proxyContainer(args, "sidecar") };
  return goYaml({
    metadata: {
      labels: { "security.istio.io/tlsMode": "istio", ...CANONICAL },
      annotations: {
        [REVISION_LABEL]: args.revision,
        "kubectl.kubernetes.io/default-container":
          "{{ index .ObjectMeta.Annotations `kubectl.kubernetes.io/default-container` | default (index .Spec.Containers 0).Name }}",
        // what the node agent reads: all traffic is led through the proxy, whatever the pod's own annotations say of it
        "sidecar.istio.io/interceptionMode": "REDIRECT",
        "traffic.sidecar.istio.io/includeOutboundIPRanges": "*",
        "traffic.sidecar.istio.io/includeInboundPorts": "*",
        "traffic.sidecar.istio.io/excludeInboundPorts": `${MERGED_METRICS.port}`,
      },
    },
    spec: {
      // a sidecar as Kubernetes knows it: started before the program, ended after it
      initContainers: [validationContainer(args), { name: PROXY_CONTAINER, restartPolicy, ...proxy }],
      volumes: podVolumes(PROXY_VOLUMES, {}),
    },
  });
}

function gatewayTemplate(args: InjectionArgs): string {
  return goYaml({
    metadata: { labels: CANONICAL, annotations: { [REVISION_LABEL]: args.revision } },
    spec: { containers: [proxyContainer(args, "router")], volumes: podVolumes(PROXY_VOLUMES, {}) },
  });
}

function proxyContainer({ image, size, ...place }: InjectionArgs, role: "sidecar" | "router"): object {
  const interception = role === "sidecar" ? "REDIRECT" : "NONE";
  const probe = { how: { httpGet: "/healthz/ready", port: PROXY_READY.name }, timeoutSeconds: 3 } as const;
  return rendered(PROXY_CONTAINER, {
    image,
    size,
    args: proxyArguments(role),
    userId: PROXY_USER,
    ports: [ENVOY_METRICS, PROXY_READY],
    env: [
      ...proxyVariables(place, { config: "{{ protoToJSON .ProxyConfig }}\n", interception }),
      { name: "ISTIO_META_POD_PORTS", value: POD_PORTS },
      { name: "ISTIO_META_APP_CONTAINERS", value: POD_CONTAINERS },
      { name: "ISTIO_META_WORKLOAD_NAME", value: "{{ .DeploymentMeta.Name }}" },
      { name: "ISTIO_META_OWNER", value: OWNER },
    ],
    // times as upstream: the proxy waits for istiod to sign its certificate, and the program waits for the proxy
    startup: { ...probe, periodSeconds: 1, failureThreshold: 600 },
    readiness: { ...probe, periodSeconds: 15, failureThreshold: 4 },
    mounts: PROXY_MOUNTS,
  });
}

function validationContainer({ image, size }: InjectionArgs): object {
  return rendered(VALIDATION_CONTAINER, {
    image,
    size,
    userId: PROXY_USER,
    args: [
      "istio-iptables",
      "-p=15001",
      "-z=15006",
      `-u=${PROXY_USER}`,
      "-m=REDIRECT",
      "-i=*",
      "-b=*",
      `-d=${NOT_LED.join(",")}`,
      "--log_output_level=default:info",
      "--run-validation",
      "--skip-rule-apply",
    ],
  });
}

const rendered = (name: string, args: ContainerArgs) =>
  container(`istio/injection/${name}`, name, args, (volume) => {
    const own = PROXY_VOLUMES[volume];
    return own && "scratchMiB" in own;
  });
