/**
 * Argo CD on what it reads: its settings, what people may do, projects, the Applications that its ApplicationSet makes, and
 * the command lines of its own programs.
 *
 * No part of it reads an ApplicationSet without an API server; that it does is shown where its controller runs.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { KubeObject } from "../../components/kube-object";
import { applicationsOf } from "./argocd-applications";
import { policyOf, type Right, rightsMeant } from "./argocd-rights";
import { containersOf, type RenderedContainer } from "./container";
import { firstLost } from "./lost";
import { type FileVerdict, type Program, sentenceOf } from "./program";

/** What its programs say when they cannot take a variable and go on with a default. */
const IGNORED = /Could not parse|outside of the min and max|less than minimum|greater than maximum|Invalid key-value/;

/** All programs of Argo CD are one. */
export const argocd: Program = {
  tool: "argocd",
  image: "argo-cd",
  judge: async (path, { environment, imageRef, name, objects }, folder) => {
    const own = objects.filter(({ metadata }) => metadata.namespace === "argocd");
    const asked = new Asked(path, folder);
    const verdicts: FileVerdict[] = [];
    const say = (object: KubeObject, message: string | undefined) =>
      verdicts.push(said(`${name}/argocd/${object.kind}/${object.metadata.name}`, message));
    for (const object of own) {
      if (isConfigMap(object, "argocd-cm")) say(object, await asked.ofSettings(object));
      if (isConfigMap(object, "argocd-rbac-cm")) {
        say(object, await asked.ofRights(object, policyOf(object, own), rightsMeant(environment)));
      }
      if (object.kind === "AppProject") say(object, await asked.toRead("proj", object));
      if (object.kind === "ApplicationSet") {
        for (const application of applicationsOf(object)) say(application, await asked.toRead("app", application));
      }
    }
    for (const container of containersOf(objects, imageRef("argo-cd"))) {
      verdicts.push(said(`${name}/${container.name}`, await asked.toStart(container)));
    }
    return verdicts;
  },
};

const isConfigMap = ({ kind, metadata }: KubeObject, name: string) => kind === "ConfigMap" && metadata.name === name;

const said = (file: string, message: string | undefined): FileVerdict => ({ file, ...(message ? { message } : {}) });

/** The program, asked one question after another; each answer is why something is refused, or nothing. */
class Asked {
  constructor(
    private readonly path: string,
    private readonly folder: string,
  ) {
    // it makes a client of some API server before it reads a file, and never uses it
    const cluster = { name: "none", cluster: { server: "http://127.0.0.1:1" } };
    const context = { name: "none", context: { cluster: "none", user: "" } };
    const kubeconfig = { apiVersion: "v1", kind: "Config", clusters: [cluster], contexts: [context] };
    this.write("kubeconfig", stringify({ ...kubeconfig, "current-context": "none" }));
  }

  async ofSettings(settings: KubeObject): Promise<string | undefined> {
    const file = this.write("argocd-cm.yaml", stringify(settings));
    const { all, failed } = await this.run("argocd", ["admin", "settings", "validate", `--argocd-cm-path=${file}`]);
    // it ends well whatever it finds
    return failed || all.includes("❌") ? sentenceOf(all) : undefined;
  }

  async ofRights(settings: KubeObject, policy: string, rights: readonly Right[]): Promise<string | undefined> {
    const whole = { ...settings, data: { ...(settings.data as object), "policy.csv": policy } };
    const file = `--policy-file=${this.write("argocd-rbac-cm.yaml", stringify(whole, { lineWidth: 0 }))}`;
    const ask = (...words: string[]) => this.run("argocd", ["admin", "settings", "rbac", ...words, file]);
    if (policy.trim() !== "") {
      const { all, failed } = await ask("validate");
      if (failed) return sentenceOf(all);
    }
    const faults: string[] = [];
    for (const { action, allowed, object, resource, who } of rights) {
      const { all, stdout } = await ask("can", who, action, resource, object);
      if (stdout.trim() === (allowed ? "Yes" : "No")) continue;
      faults.push(`${who} ${allowed ? "must" : "must not"} ${action} ${resource} ${object}: ${all.trim()}`);
    }
    return faults.length > 0 ? faults.join("\n") : undefined;
  }

  /** Whether what it reads in an object is all that stands there. */
  async toRead(kind: "app" | "proj", object: KubeObject): Promise<string | undefined> {
    const file = this.write(`${kind}-${object.metadata.name}.yaml`, stringify(object, { lineWidth: 0 }));
    const words = ["admin", kind, "generate-spec", object.metadata.name, `--file=${file}`, "--output=json"];
    const { all, failed, stdout } = await this.run("argocd", words);
    if (failed) return sentenceOf(all);
    const lost = firstLost(object.spec, JSON.parse(stdout).spec);
    return lost === undefined ? undefined : `spec.${lost} is not read`;
  }

  /** Whether a program takes its flags and variables: asked for help it reads them all, and starts nothing. */
  async toStart({ args: [program = "", ...flags], env }: RenderedContainer): Promise<string | undefined> {
    const { all, failed } = await this.run(basename(program), [...flags, "--help"], env);
    if (!failed && !IGNORED.test(all)) return undefined;
    const reasons = all.split("\n").filter((line) => /^Error|there is no program/.test(line) || IGNORED.test(line));
    return sentenceOf(reasons.length > 0 ? reasons.join("\n") : all);
  }

  private write(name: string, text: string): string {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  private run(program: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const place = { HOME: this.folder, KUBECONFIG: join(this.folder, "kubeconfig"), ARGOCD_BINARY_NAME: program };
    return execa(this.path, words, { all: true, env: { ...env, ...place }, extendEnv: false, reject: false });
  }
}
