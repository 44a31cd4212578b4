/** Jobs of a generated Prometheus configuration, read back as the targets that they ask. */
import type { ScrapeTarget } from "../../../components/scrape-target";

interface Relabelling {
  readonly action?: string;
  readonly source_labels?: readonly string[];
  readonly regex?: string | number;
  readonly target_label?: string;
  readonly replacement?: string;
}
interface TlsConfig {
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly server_name?: string;
  readonly insecure_skip_verify?: boolean;
}

/** As far as the platform's jobs are judged. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly honor_labels?: boolean;
  readonly metrics_path?: string;
  readonly scheme?: string;
  readonly tls_config?: TlsConfig;
  readonly kubernetes_sd_configs?: readonly {
    readonly role: string;
    readonly namespaces?: { readonly names: readonly string[] };
  }[];
  readonly relabel_configs?: readonly Relabelling[];
}

/** What a job asks, in words that can be compared with {@link statedTarget}. */
export function askedTarget(job: ScrapeJob): object {
  const kept = (job.relabel_configs ?? []).filter(({ action }) => action === "keep");
  const of = (label: string) => kept.filter(({ source_labels: [first = ""] = [] }) => first.startsWith(label));
  return {
    discovery: job.kubernetes_sd_configs?.map(({ namespaces, role }) => [role, ...(namespaces?.names ?? ["anywhere"])]),
    pods: of(LABEL)
      .map(({ regex, source_labels: [label = ""] = [] }) => `${label.slice(LABEL.length)}=${regex}`)
      .sort(),
    port: of(PORT).map(({ regex }) => Number(regex)),
    path: job.metrics_path,
    scheme: job.scheme,
    ...(job.tls_config ? { tls: tlsOf(job.tls_config) } : {}),
    tellsOfOthers: job.honor_labels ?? false,
  };
}

/** The same of a target that a component states. */
export function statedTarget(target: ScrapeTarget): object {
  const { namespace, path, pods, port, scheme, serverName, tellsOfOthers = false } = target;
  return {
    discovery: [["pod", namespace]],
    // Prometheus knows labels of pods by names in which all else is an underscore
    pods: Object.entries(pods)
      .map(([label, value]) => `${label.replace(/[^a-zA-Z0-9_]/g, "_")}=(${value});true`)
      .sort(),
    port: [port],
    path,
    scheme,
    ...(scheme === "https" ? { tls: serverName === undefined ? "unverified" : `mutual, ${serverName}` } : {}),
    tellsOfOthers,
  };
}

/** How the other end is known, and whether it is shown a certificate. */
export function tlsOf({ ca_file, cert_file, insecure_skip_verify, key_file, server_name }: TlsConfig): string {
  if (insecure_skip_verify) return "unverified";
  const mutual = [ca_file, cert_file, key_file].every((file) => file !== undefined);
  return `${mutual ? "mutual" : "one-sided"}, ${server_name}`;
}

const LABEL = "__meta_kubernetes_pod_label_";
const PORT = "__meta_kubernetes_pod_container_port_number";
