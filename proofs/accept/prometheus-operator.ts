/**
 * prometheus-operator on every monitor and rule, and `promtool` on the configuration that the operator generates from them:
 * what Prometheus will really read. Both work on the objects alone, as the operator does in a cluster.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { KubeObject } from "../../components/kube-object";
import { installedTools } from "../../sandbox/toolchain/tools";
import type { FileVerdict, Program } from "./program";

/** What becomes of one Prometheus, as `prometheus-operator-generate` tells it. */
interface Generated {
  /** `namespace/name`, as every key. */
  readonly key: string;
  readonly configuration: string;
  readonly selected: readonly { readonly kind: string; readonly key: string; readonly message?: string }[];
}

/** Kinds that the operator judges. */
const JUDGED = ["PodMonitor", "ServiceMonitor", "PrometheusRule"];
/** Kinds that it reads besides; of a Certificate, the Secret that a cluster makes of it. */
const READ = [...JUDGED, "Prometheus", "Secret", "Service", "Certificate"];

/** The operator's own selection, checks and generator. */
export const prometheusOperator: Program = {
  tool: "prometheus-operator-generate",
  image: "prometheus-operator",
  judge: async (path, { name, objects }, folder) => {
    const prometheuses = objects.filter(({ kind }) => kind === "Prometheus");
    if (prometheuses.length === 0) return [];
    const input = JSON.stringify(objects.filter(({ kind }) => READ.includes(kind)));
    const { failed, stderr, stdout } = await execa(path, { input, reject: false });
    if (failed) return prometheuses.map((object) => ({ file: fileOf(name, object), message: stderr.trim() }));

    const generated: readonly Generated[] = JSON.parse(stdout);
    const selected = new Map(
      generated.flatMap((one) => one.selected.map(({ key, kind, message }) => [`${kind} ${key}`, message ?? ""])),
    );
    const verdicts = objects
      .filter(({ kind }) => JUDGED.includes(kind))
      .map((object): FileVerdict => {
        const message = selected.get(`${object.kind} ${keyOf(object)}`) ?? "no Prometheus of this cluster selects it";
        return { file: fileOf(name, object), ...(message === "" ? {} : { message }) };
      });
    for (const { configuration, key } of generated) {
      verdicts.push(...(await accepted(`${name}/${key}/configuration`, configuration, folder)));
    }
    return verdicts;
  },
};

/** Where promtool is not at hand, its own line of the report says so, and nothing is said here. */
async function accepted(file: string, configuration: string, folder: string): Promise<FileVerdict[]> {
  const promtool = installedTools().find(({ tool }) => tool === "promtool");
  if (promtool === undefined) return [];
  const place = join(folder, `${file.replaceAll("/", "-")}.yaml`);
  writeFileSync(place, configuration);
  // certificates and tokens are files of the pod, so that only the form is judged
  const check = ["check", "config", "--syntax-only", "--lint=all", "--lint-fatal", place];
  const { all, failed } = await execa(promtool.path, check, { all: true, reject: false });
  return [failed ? { file, message: all.trim() } : { file }];
}

const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;
const fileOf = (cluster: string, { kind, metadata }: KubeObject) =>
  `${cluster}/${metadata.namespace}/${kind}/${metadata.name}`;
