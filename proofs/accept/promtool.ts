/**
 * `promtool` on every rule, and on the part of Prometheus' configuration that is rendered as such.
 *
 * What the operator makes of PodMonitors, and of remote write in its custom resource, is seen in prometheus-operator.ts.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import type { FileVerdict, Program } from "./program";

interface KeyOfSecret {
  readonly name: string;
  readonly key: string;
}
interface PrometheusSpec {
  readonly externalLabels?: object;
  readonly additionalScrapeConfigs?: KeyOfSecret;
  readonly additionalAlertManagerConfigs?: KeyOfSecret;
}

/** Prometheus' own tool. */
export const promtool: Program = {
  tool: "promtool",
  image: "prometheus",
  judge: async (path, { name, objects }, folder) => {
    const verdicts: FileVerdict[] = [];
    const judge = async (object: KubeObject, content: object, command: readonly string[]) => {
      const id = `${object.metadata.namespace}/${object.kind}/${object.metadata.name}`;
      const file = join(folder, `${id.replaceAll("/", "-")}.yaml`);
      writeFileSync(file, stringify(content, { aliasDuplicateObjects: false, lineWidth: 0 }));
      const { all, failed } = await execa(path, [...command, file], { all: true, reject: false });
      verdicts.push(failed ? { file: `${name}/${id}`, message: all.trim() } : { file: `${name}/${id}` });
    };
    for (const object of ofKind(objects, "PrometheusRule")) {
      await judge(object, object.spec as object, ["check", "rules", "--lint=all", "--lint-fatal"]);
    }
    for (const object of ofKind(objects, "Prometheus")) {
      // certificates and tokens are files of the pod, so that only the form is judged
      await judge(object, configuration(object, objects), ["check", "config", "--syntax-only"]);
    }
    return verdicts;
  },
};

const ofKind = (objects: readonly KubeObject[], kind: string) =>
  objects.filter((object) => object.kind === kind && object.apiVersion.startsWith("monitoring.coreos.com/"));

/** The configuration that the operator starts from, without what it generates. */
function configuration({ metadata, spec }: KubeObject, objects: readonly KubeObject[]): object {
  const { additionalAlertManagerConfigs, additionalScrapeConfigs, externalLabels } = spec as PrometheusSpec;
  const read = (key: KeyOfSecret | undefined): readonly object[] => {
    if (key === undefined) return [];
    const secret = objects.find(
      (object) =>
        object.kind === "Secret" &&
        object.metadata.name === key.name &&
        object.metadata.namespace === metadata.namespace,
    );
    const data = (secret?.data ?? {}) as Readonly<Record<string, string>>;
    return parse(Buffer.from(data[key.key] ?? "", "base64").toString()) ?? [];
  };
  return {
    global: { external_labels: externalLabels },
    scrape_configs: read(additionalScrapeConfigs),
    alerting: { alertmanagers: read(additionalAlertManagerConfigs) },
  };
}
