/**
 * Programs that really run on this machine for Deployments whose pods are simulated.
 *
 * Each is started as its pod's container would be: with the pod's own arguments, environment, mounted Secrets and ServiceAccount. Listed
 * here is only what must differ because the pod is a process: addresses, and paths of what is mounted.
 */

/** An address at which a program listens. */
export interface HostListener {
  /** Under this name its loopback port is recorded. */
  readonly name: string;
  /** The flag that holds the port, alone (`8443`) or after a colon (`:9090`). */
  readonly flag: string;
  /** The port in a pod whose arguments do not set the flag: the program's own default. */
  readonly defaultPort: number;
}

/** What a program is told about its place on this machine. */
export interface HostPlace {
  /** Kubeconfig of the pod's ServiceAccount. */
  readonly kubeconfig: string;
  /** Loopback port of a listener. */
  readonly port: (listener: string) => number;
  /** Folder that holds what the pod mounts at this path. */
  readonly mounted: (mountPath: string) => string;
  /** Loopback port that takes telemetry over OTLP/HTTP and drops it. */
  readonly telemetrySinkPort: number;
}

/** One program: which container it stands for, which tool it is, and how it finds its way here. */
export interface HostProgram {
  /** Unique in the list; what `status` and `kill --program` call it. */
  readonly name: string;
  /** Pinned tool, as the toolchain's lock names it. */
  readonly tool: string;
  readonly namespace: string;
  readonly deployment: string;
  /** The container of the pod that the program stands for; other containers are said to run. */
  readonly container: string;
  readonly listeners: readonly HostListener[];
  /** Listener and path that answer 200 over HTTP when the pod is Ready. */
  readonly health: { readonly listener: string; readonly path: string };
  /** Flags that replace those of the same name in the pod's arguments. */
  readonly flags: (place: HostPlace) => Readonly<Record<string, string>>;
}

/** @see https://open-policy-agent.github.io/gatekeeper/website/docs/customize-startup */
const gatekeeper = {
  tool: "gatekeeper",
  namespace: "gatekeeper-system",
  container: "manager",
  listeners: [
    { name: "webhook", flag: "--port", defaultPort: 443 },
    { name: "health", flag: "--health-addr", defaultPort: 9090 },
  ],
  health: { listener: "health", path: "/readyz" },
  flags: ({ kubeconfig, port, mounted, telemetrySinkPort }: HostPlace) => ({
    "--kubeconfig": kubeconfig,
    "--host": "127.0.0.1",
    "--port": String(port("webhook")),
    "--health-addr": `127.0.0.1:${port("health")}`,
    "--cert-dir": mounted("/certs"),
    "--api-cache-dir": mounted("/tmp/audit"),
    // its Prometheus listener cannot be kept on loopback, so its metrics leave by the other way that it has
    "--metrics-backend": "opentelemetry",
    "--otlp-endpoint": `127.0.0.1:${telemetrySinkPort}`,
  }),
};

/** @see sandbox/toolchain/build/cert-manager/main.go for the flags that only exist here */
const certManager = { tool: "cert-manager", namespace: "cert-manager" };

/** All host programs, in the order in which they are shown. */
export const hostPrograms: readonly HostProgram[] = [
  { ...gatekeeper, name: "gatekeeper-controller-manager", deployment: "gatekeeper-controller-manager" },
  { ...gatekeeper, name: "gatekeeper-audit", deployment: "gatekeeper-audit" },
  {
    ...certManager,
    name: "cert-manager-controller",
    deployment: "cert-manager",
    container: "controller",
    listeners: [{ name: "health", flag: "--healthz-listen-address", defaultPort: 9403 }],
    health: { listener: "health", path: "/livez" },
    flags: ({ kubeconfig, port }) => ({
      "--program": "controller",
      "--kubeconfig": kubeconfig,
      "--healthz-listen-address": `127.0.0.1:${port("health")}`,
    }),
  },
  {
    ...certManager,
    name: "cert-manager-webhook",
    deployment: "cert-manager-webhook",
    container: "webhook",
    listeners: [
      { name: "webhook", flag: "--secure-port", defaultPort: 6443 },
      { name: "health", flag: "--healthz-port", defaultPort: 6080 },
    ],
    health: { listener: "health", path: "/healthz" },
    flags: ({ kubeconfig, port }) => ({
      "--program": "webhook",
      "--kubeconfig": kubeconfig,
      "--bind-address": "127.0.0.1",
      "--secure-port": String(port("webhook")),
      "--healthz-port": String(port("health")),
      "--metrics-listen-address": "0", // nobody asks for them here
    }),
  },
  {
    ...certManager,
    name: "cert-manager-cainjector",
    deployment: "cert-manager-cainjector",
    container: "cainjector",
    listeners: [{ name: "metrics", flag: "--metrics-listen-address", defaultPort: 9402 }],
    // it has no health of its own
    health: { listener: "metrics", path: "/metrics" },
    flags: ({ kubeconfig, port }) => ({
      "--program": "cainjector",
      "--kubeconfig": kubeconfig,
      "--metrics-listen-address": `127.0.0.1:${port("metrics")}`,
    }),
  },
];
