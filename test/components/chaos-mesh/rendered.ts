/** Chaos Mesh as a test renders it, and how it finds its way in what is rendered. */
import { type ChaosMeshArgs, ChaosMeshChart } from "../../../components/chaos-mesh";
import { type KubeObject, objectsOf } from "../../../components/kube-object";
import { declared } from "../experiment/declared";

const image = (name: string) => `registry.example/${name}:2.8.3@sha256:${"a".repeat(64)}`;

/** Required arguments only. */
export const required: ChaosMeshArgs = {
  images: {
    controllerManager: image("chaos-mesh"),
    daemon: image("chaos-daemon"),
    dashboard: image("chaos-dashboard"),
    dnsServer: image("chaos-coredns"),
    pause: image("pause"),
  },
  targets: ["shop"],
  experiments: [declared],
  checks: { pods: { namespace: "prometheus", pods: { "app.kubernetes.io/name": "prometheus" } }, port: 9090 },
};

// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
export type Rendered = any;

export const render = (args: Partial<ChaosMeshArgs> = {}): KubeObject[] =>
  objectsOf(new ChaosMeshChart({ ...required, ...args }));

/** `Kind/name`. */
export const find = (objects: readonly KubeObject[], wanted: string): Rendered =>
  objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === wanted);

/** The first container of a workload, `Kind/name`. */
export const containerOf = (wanted: string, args: Partial<ChaosMeshArgs> = {}): Rendered =>
  find(render(args), wanted).spec.template.spec.containers[0];

/** An environment variable of it. */
export const variable = (wanted: string, name: string, args: Partial<ChaosMeshArgs> = {}): string =>
  containerOf(wanted, args).env.find((each: Rendered) => each.name === name)?.value;
