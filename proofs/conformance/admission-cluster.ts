/** A control plane of its own with the platform's definitions, and Gatekeeper with a constraint per setting. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { EXEMPT_NAMESPACES, GATEKEEPER_NAMESPACE, GatekeeperChart } from "../../components/gatekeeper";
import { type KubeObject, objectsOf } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import type { AnyObject } from "../../policies/engine/match";
import { instanceAt } from "../../sandbox/instance";
import { startSandbox, stopSandbox } from "../../sandbox/sandbox";
import { readState } from "../../sandbox/state";
import { toolPath } from "../../sandbox/toolchain/tools";
import { loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import { ApiServer } from "./api-server";
import { gateOf } from "./audit-lane";
import type { Setting } from "./question";

const CLUSTER = "hub";
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Time for Gatekeeper to see that constraints are gone: it watches them. */
const UNGUARD_MS = 2_000;
/** Objects that kubectl applies at once. */
const HEAP = 40;
/** What must not be there before Gatekeeper's programs are. */
const LATE = ["CustomResourceDefinition", "Config", "ConstraintTemplate", "ValidatingWebhookConfiguration"];

/** Where Gatekeeper's webhook itself can be asked. */
export interface Webhook {
  /** `https://127.0.0.1:…/v1/admit`. */
  readonly url: string;
  readonly serverName: string;
  /** In PEM. */
  readonly ca: string;
}

export class AdmissionCluster {
  private readonly root = realpathSync(mkdtempSync(join(tmpdir(), "fleetwright-conformance-")));

  /** Brings the control plane up, with every definition that the dev environment installs. */
  async start(): Promise<void> {
    await ensureUpstream();
    await startSandbox({ projectRoot: this.root, clusters: [CLUSTER] });
    const objects = [...(render(loadEnvironment("dev", packageRoot())).get(CLUSTER)?.values() ?? [])].flat();
    await this.apply(objects.filter(({ kind }) => kind === "CustomResourceDefinition"));
    await this.kubectl("wait --for=condition=Established crd --all --timeout=60s");
  }

  apiServer(): Promise<ApiServer> {
    return ApiServer.at(this.path("kubeconfig"), CLUSTER);
  }

  /** Makes the namespaces in which objects want to be: none is judged in a namespace that is not there. */
  async makeNamespaces(objects: readonly AnyObject[]): Promise<void> {
    const wanted = objects.map(({ metadata }) => (metadata as { namespace?: unknown } | null | undefined)?.namespace);
    const names = new Set(wanted.filter((name) => typeof name === "string" && DNS_LABEL.test(name)));
    const there = new Set(["default", ...EXEMPT_NAMESPACES]);
    const missing = [...names, GATEKEEPER_NAMESPACE].filter(
      (name) => name === GATEKEEPER_NAMESPACE || !there.has(String(name)),
    );
    const named = missing.map(String);
    await this.apply(named.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })));
    // no pod is made in a namespace without it, and its controller takes its time
    const account = (namespace: string) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace },
    });
    await this.apply(["default", ...named].map(account));
  }

  /** Installs Gatekeeper as the platform does, and waits until its webhook judges by every setting. */
  async guard(settings: readonly Setting[]): Promise<Webhook> {
    // at the level deny each is told with its messages, where warnings are cut short
    const sets = new Map(settings.map((setting) => [setting.set, { ...setting, level: "deny" as const }]));
    const gates = [...sets].map(([name, setting]) => gateOf({ ...setting, name }));
    const templates = [...new Map(gates.map(({ template }) => [template.metadata.name, template])).values()];
    const constraints = gates.map(({ constraint }) => constraint);
    const chart = new GatekeeperChart({
      image: `registry.example/gatekeeper:v3.23.1@sha256:${"a".repeat(64)}`,
      templates: templates as unknown as KubeObject[],
      constraints: constraints as unknown as KubeObject[],
      size: { cpuMillicores: 100, memoryMiB: 2048 },
      auditIntervalSeconds: 3600,
    });
    const objects = objectsOf(chart);
    const of = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));
    const isConstraint = ({ apiVersion }: KubeObject) => apiVersion.startsWith("constraints.gatekeeper.sh/");
    await this.apply(of("CustomResourceDefinition"));
    await this.kubectl("wait --for=condition=Established crd --all --timeout=60s");
    await this.apply(objects.filter((object) => !LATE.includes(object.kind) && !isConstraint(object)));
    await this.kubectl(
      `-n ${GATEKEEPER_NAMESPACE} rollout status deployment gatekeeper-controller-manager --timeout=120s`,
    );
    await this.apply(of("Config", "ConstraintTemplate"));
    await this.kubectl("wait --for=jsonpath={.status.created}=true constrainttemplate --all --timeout=120s");
    await this.kubectl("wait --for=condition=Established crd --all --timeout=60s");
    await this.apply(objects.filter(isConstraint));
    await this.apply(of("ValidatingWebhookConfiguration"));
    await this.enforced(constraints.length);
    return this.webhook();
  }

  /** Takes every constraint away; the webhook is asked as before. */
  async unguard(): Promise<void> {
    await this.kubectl("delete constraints --all");
    await sleep(UNGUARD_MS);
  }

  async dispose(): Promise<void> {
    await stopSandbox({ projectRoot: this.root });
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Waits until the webhook says of each constraint that it enforces it, and has the CA that it wrote. */
  private async enforced(constraints: number): Promise<void> {
    const path = "--output=jsonpath={range .items[*]}{.status.byPod[*].enforced} {end}";
    for (let tries = 0; tries < 300; tries++) {
      const said = await this.kubectl("get constraints", [], path);
      const configuration = await this.kubectl(
        "get validatingwebhookconfiguration --output=jsonpath={.items[*].webhooks[*].clientConfig.caBundle}",
      );
      if (said.split(" ").filter((word) => word === "true").length >= constraints && configuration.trim() !== "")
        return;
      await sleep(500);
    }
    throw new Error(`Gatekeeper does not enforce all of ${constraints} constraints within 150 s`);
  }

  private async webhook(): Promise<Webhook> {
    const state = readState(instanceAt(this.root))?.clusters.find(({ name }) => name === CLUSTER);
    const port = state?.programPorts["gatekeeper-controller-manager"]?.webhook;
    if (port === undefined) throw new Error("Gatekeeper's webhook has no port on this machine");
    const bundle = await this.kubectl(
      "get validatingwebhookconfiguration --output=jsonpath={.items[0].webhooks[0].clientConfig.caBundle}",
    );
    return {
      url: `https://127.0.0.1:${port}/v1/admit`,
      serverName: `gatekeeper-webhook-service.${GATEKEEPER_NAMESPACE}.svc`,
      ca: Buffer.from(bundle, "base64").toString("utf8"),
    };
  }

  private async apply(objects: readonly object[]): Promise<void> {
    for (let from = 0; from < objects.length; from += HEAP) {
      await this.kubectl("apply --server-side --force-conflicts -f -", objects.slice(from, from + HEAP));
    }
  }

  /** @param rest words that have spaces inside */
  private async kubectl(words: string, objects: readonly object[] = [], ...rest: string[]): Promise<string> {
    const access = [
      `--kubeconfig=${this.path("kubeconfig")}`,
      `--context=${CLUSTER}`,
      `--cache-dir=${this.path("cache")}`,
    ];
    const { stdout } = await execa(toolPath("kubectl"), [...access, ...words.split(" "), ...rest], {
      input: objects.map((object) => JSON.stringify(object)).join("\n"),
      timeout: 180_000,
    });
    return stdout;
  }

  private path(name: string): string {
    return join(this.root, ".fleetwright", "default", name);
  }
}
