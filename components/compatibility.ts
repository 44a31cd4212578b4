/**
 * Which versions work together, as their projects say: which minors of Kubernetes each program was made for, and which
 * sets of files belong to which program.
 */

/** Minors of Kubernetes that a minor of a program runs on; `1.N` is N. */
export interface SupportedMinors {
  /** The program's minor: `1.30`. */
  readonly minor: string;
  readonly least: number;
  /** @default none stated */
  readonly most?: number;
  /** Where its project says so. */
  readonly source: string;
  /** Why the range here is wider than the project's own. @default it is not */
  readonly widened?: string;
}

/** A program that a cluster runs. */
export interface Program {
  /** Name of its settings in the environment file, below `components`. */
  readonly setting: string;
  /** As people call it. */
  readonly title: string;
  /** Image of the lock whose tag is its version. */
  readonly image: string;
  /** Entry of the upstream lock that must be of the same minor: its definitions. @default none */
  readonly definitions?: string;
  readonly supported: readonly SupportedMinors[];
  /** Values of its `management` by which it is not installed here; [] where it always is. @default external, off */
  readonly elsewhere?: readonly string[];
}

/** Every program whose project says what it runs on. A further minor is one more line, with its source. */
export const PROGRAMS: readonly Program[] = [
  {
    setting: "istio",
    title: "Istio",
    image: "istio-pilot",
    definitions: "istio",
    supported: [
      {
        minor: "1.30",
        least: 32,
        most: 36,
        source: "https://istio.io/latest/docs/releases/supported-releases/",
      },
    ],
  },
  {
    setting: "certManager",
    title: "cert-manager",
    image: "cert-manager-controller",
    definitions: "cert-manager",
    supported: [{ minor: "1.21", least: 33, most: 36, source: "https://cert-manager.io/docs/releases/" }],
    elsewhere: ["external"],
  },
  {
    setting: "gatekeeper",
    title: "Gatekeeper",
    image: "gatekeeper",
    definitions: "gatekeeper",
    supported: [
      {
        minor: "3.23",
        least: 31,
        source: "https://github.com/open-policy-agent/gatekeeper/blob/v3.23.1/.github/workflows/workflow.yaml",
        widened: "its own tests end at 1.33 and it states no upper bound; it runs on 1.35 in the sandbox",
      },
    ],
    elsewhere: [],
  },
  {
    setting: "argoCd",
    title: "Argo CD",
    image: "argo-cd",
    definitions: "argo-cd",
    supported: [
      {
        minor: "3.5",
        least: 33,
        most: 36,
        source: "https://github.com/argoproj/argo-cd/blob/v3.5.7/docs/operator-manual/tested-kubernetes-versions.md",
      },
    ],
  },
  {
    setting: "argoRollouts",
    title: "Argo Rollouts",
    image: "argo-rollouts",
    definitions: "argo-rollouts",
    supported: [
      {
        minor: "1.9",
        least: 32,
        source: "https://github.com/argoproj/argo-rollouts/blob/v1.9.1/.github/workflows/testing.yaml",
        widened: "its own tests end at 1.35 and it states no upper bound",
      },
    ],
  },
  {
    setting: "prometheus",
    title: "prometheus-operator",
    image: "prometheus-operator",
    definitions: "prometheus-operator",
    supported: [
      {
        minor: "0.93",
        least: 16,
        source: "https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.0/README.md#prerequisites",
      },
    ],
  },
  {
    setting: "velero",
    title: "Velero",
    image: "velero",
    definitions: "velero",
    supported: [
      {
        minor: "1.18",
        least: 33,
        source: "https://github.com/vmware-tanzu/velero/blob/v1.18.3/README.md#velero-compatibility-matrix",
        widened: "its own tests end at 1.35 and it states no upper bound",
      },
    ],
  },
  {
    setting: "verticalPodAutoscaler",
    title: "Vertical Pod Autoscaler",
    image: "vpa-recommender",
    definitions: "vertical-pod-autoscaler",
    supported: [
      {
        minor: "1.8",
        least: 33,
        most: 38,
        source:
          "https://github.com/kubernetes/autoscaler/blob/vertical-pod-autoscaler/v1.8.1/vertical-pod-autoscaler/docs/installation.md#compatibility",
        widened:
          "its project supports 1.36 and newer; only its recommender runs here, which reads pods and metrics and changes none",
      },
    ],
  },
  {
    setting: "metricsServer",
    title: "metrics-server",
    image: "metrics-server",
    supported: [
      {
        minor: "0.9",
        least: 34,
        source: "https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/README.md#compatibility-matrix",
      },
    ],
  },
];

/** What is known of one program in one environment. */
export interface Installed {
  readonly program: Program;
  /** Of the image that runs, with or without `v`: `v1.30.3-distroless`. */
  readonly version: string;
  /** Of the definitions that are applied. @default none are */
  readonly definitions?: string | undefined;
}

/** `1.30` of `v1.30.3-distroless`; undefined where a version has no two numbers. */
export const minorOf = (version: string): string | undefined => /^v?(\d+\.\d+)(?=[.-]|$)/.exec(version)?.[1];

/** Why a program cannot run on a minor of Kubernetes, as a sentence; undefined where it can. */
export function kubernetesFault({ program, version }: Installed, kubernetes: string): string | undefined {
  const { elsewhere = ["external", "off"], supported, title } = program;
  const range = supported.find(({ minor }) => minor === minorOf(version));
  if (!range) return undefined;
  const { least, most = Number.POSITIVE_INFINITY, source } = range;
  const minor = Number(kubernetes.replace(/^1\./, ""));
  if (minor >= least && minor <= most) return undefined;
  const said = Number.isFinite(most) ? `1.${least} to 1.${most}` : `1.${least} and newer`;
  return `${title} ${version} is made for Kubernetes ${said} (${source}): choose such a minor${elsewhere.length > 0 ? `, or say management: ${elsewhere.join(" or ")} for ${program.setting}` : ""}`;
}

/** Why a program must not run at all in this version, as a sentence; undefined where it may. */
export function versionFault({ definitions, program, version }: Installed): string | undefined {
  const { image, supported, title } = program;
  const minor = minorOf(version);
  const known = supported.map((one) => one.minor);
  if (minor === undefined || !known.includes(minor)) {
    return `${title} ${version} (image ${image}) is of no supported minor: it is not known what it runs on, must be of ${known.join(", ")}`;
  }
  if (definitions !== undefined && minorOf(definitions) !== minor) {
    return `${title} ${version} (image ${image}) runs beside definitions of ${definitions}: both must be of one minor`;
  }
  return undefined;
}
