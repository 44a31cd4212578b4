/**
 * Upstream's Helm templates read as data: no Helm, hence no values but the defaults. Directives are taken out, names
 * and the few values that matter here are put in.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { KubeObject } from "../../../components/kube-object";
import { readUpstreamLock } from "../../../components/upstream/lock";

// biome-ignore lint/suspicious/noExplicitAny: somebody else's values, read as they are
export type Values = any;

/** The folder of upstream's chart, or undefined where the module cannot be had. */
export function chartFolder(): string | undefined {
  const source = readUpstreamLock()["cert-manager"]?.files.find(({ form }) => form === "module")?.source ?? "";
  try {
    const answer = execFileSync("go", ["mod", "download", "-json", source], { cwd: tmpdir(), stdio: "pipe" });
    return join(JSON.parse(String(answer)).Dir, "deploy", "charts", "cert-manager");
  } catch {
    return undefined;
  }
}

/** Templates of what the platform does not take over at all: old clusters, a job, other ways to the same end. */
const OTHER_WAYS = /psp|startupapicheck|monitor|networkpolicy|config\.yaml|extras|crd-|NOTES|_helpers/;

export class UpstreamChart {
  readonly values: Values;
  private readonly templates: ReadonlyMap<string, string>;

  constructor(folder: string) {
    this.values = parse(readFileSync(join(folder, "values.yaml"), "utf8"));
    const names = readdirSync(join(folder, "templates")).filter((name) => !OTHER_WAYS.test(name));
    this.templates = new Map(names.map((name) => [name, readFileSync(join(folder, "templates", name), "utf8")]));
  }

  /** One template's text. */
  text(name: string): string {
    const text = this.templates.get(name);
    if (text === undefined)
      throw new Error(`upstream's chart has no ${name}, but ${[...this.templates.keys()].join(", ")}`);
    return text;
  }

  /** Kind and name of every object of every template. */
  objectNames(): string[] {
    return [...this.templates.values()].flatMap((text) =>
      [...named(text).matchAll(/^kind: (\w+)\n(?:.*\n)*?metadata:\n {2}name: (\S+)$/gm)].map(
        ([, kind, name]) => `${kind}/${name}`,
      ),
    );
  }

  /** The objects of templates whose YAML survives without directives: roles, webhooks, services. */
  objects(...names: string[]): KubeObject[] {
    return names.flatMap((name) =>
      parseAllDocuments(withoutDirectives(named(withValues(this.text(name), this.values))))
        .map((document) => document.toJS() as KubeObject | null)
        .filter((object) => object !== null),
    );
  }

  /** Flags of a Deployment's arguments, in whatever circumstance it sets them. */
  flags(template: string): string[] {
    return [...new Set([...this.text(template).matchAll(/^ *- --([a-z0-9-]+)/gm)].map(([, flag]) => flag ?? ""))];
  }

  /** Names of a Deployment's ports, in whatever circumstance it opens them. */
  portNames(template: string): string[] {
    const ports =
      this.text(template).match(
        /^ *ports:\n([\s\S]*?)\n *(?:livenessProbe|env|\{\{- with .*(?:SecurityContext|livenessProbe))/m,
      )?.[1] ?? "";
    return [...ports.matchAll(/name: (\S+)/g)].map(([, name]) => name ?? "").sort();
  }
}

/** The names that a release called cert-manager in namespace cert-manager has. */
function named(text: string): string {
  return text
    .replaceAll(
      /\{\{-? *(?:template|include) "cert-manager\.(?:fullname|serviceAccountName|name|namespace)" \. *\}\}/g,
      "cert-manager",
    )
    .replaceAll(
      /\{\{-? *(?:template|include) "(webhook|cainjector)\.(?:fullname|serviceAccountName)" \. *\}\}/g,
      "cert-manager-$1",
    )
    .replaceAll(/\{\{-? *(?:template|include) "(webhook|cainjector)\.name" \. *\}\}/g, "$1")
    .replaceAll("{{ .Values.global.leaderElection.namespace }}", "LEADER-ELECTION-NAMESPACE")
    .replaceAll(/\{\{ printf "%s\/%s-ca" .* \}\}/g, "cert-manager/cert-manager-webhook-ca")
    .replaceAll(/\{\{ printf "%s\/%s-ca" .*\| *quote *\}\}/g, "cert-manager/cert-manager-webhook-ca");
}

/** What the two directives with a visible effect on roles and webhooks print. */
function withValues(text: string, values: Values): string {
  const selector = JSON.stringify(values.webhook.validatingWebhookConfiguration.namespaceSelector);
  return text
    .replace(
      / *\{\{- with \.Values\.approveSignerNames \}\}[\s\S]*?\{\{- end {2}\}\}\n *\{\{- end \}\}/,
      `    resourceNames: ${JSON.stringify(values.approveSignerNames)}`,
    )
    .replace(
      / *\{\{- with \.Values\.webhook\.validatingWebhookConfiguration\.namespaceSelector \}\}[\s\S]*?\{\{- end \}\}/,
      `    namespaceSelector: ${selector}`,
    )
    .replaceAll("{{ .Values.webhook.timeoutSeconds }}", values.webhook.timeoutSeconds)
    .replace(/ *\{\{- if \.Values\.webhook\.url\.host \}\}\n.*\n *\{\{- else \}\}/, "");
}

const withoutDirectives = (text: string) =>
  text
    .replaceAll(/\{\{-? *\/\*[\s\S]*?\*\/ *-?\}\}/g, "")
    .replaceAll(/^ *\{\{[^\n]*\}\} *$/gm, "")
    .replaceAll(/: \{\{.*\}\}$/gm, ": DIRECTIVE")
    .replaceAll(/\{\{.*?\}\}/g, "");
