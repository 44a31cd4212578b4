/**
 * Grafana's own configuration: nobody gets in without a name, nothing is asked of anybody outside, nothing is kept that a
 * file does not say.
 *
 * @see https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
 */
import type { Database } from "./database";
import { FOLDERS, GRAFANA_PORT } from "./names";

/** Keys of the Secret that only Grafana reads. */
export const SECRET_KEYS = { password: "admin-password", signing: "secret-key" } as const;

/** File of {@link FOLDERS}.configuration. */
export const INI = "grafana.ini";

type Section = Readonly<Record<string, string | number | boolean>>;

/** `grafana.ini`. */
export function iniFile({ database, homeDashboard, rootUrl }: IniArgs): string {
  const sections: Readonly<Record<string, Section>> = {
    paths: { data: FOLDERS.data, provisioning: `${FOLDERS.configuration}/provisioning` },
    server: { http_port: GRAFANA_PORT, root_url: rootUrl, enable_gzip: true },
    database: databaseSection(database),
    security: {
      admin_user: "admin",
      // read once, when the database is new; whoever changes it later does so in Grafana
      admin_password: file(FOLDERS.secrets, SECRET_KEYS.password),
      // encrypts what the database holds of sources; the default is known to everybody
      secret_key: file(FOLDERS.secrets, SECRET_KEYS.signing),
      cookie_secure: true,
      cookie_samesite: "strict",
      strict_transport_security: rootUrl.startsWith("https://"),
      content_security_policy: true,
      allow_embedding: false,
      disable_gravatar: true,
    },
    auth: { login_maximum_inactive_lifetime_duration: "1d", login_maximum_lifetime_duration: "7d" },
    "auth.anonymous": { enabled: false },
    users: { allow_sign_up: false, allow_org_create: false, auto_assign_org_role: "Viewer" },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    snapshots: { enabled: false, external_enabled: false },
    public_dashboards: { enabled: false },
    // what sources need is in the image
    plugins: { plugin_admin_enabled: false, preinstall_disabled: true, preinstall_auto_update: false },
    // rules are evaluated by Prometheus and Thanos, which are tested with them; Grafana only shows what fires
    unified_alerting: { execute_alerts: false },
    dashboards: { default_home_dashboard_path: homeDashboard },
    log: { mode: "console" },
    "log.console": { format: "json" },
    metrics: { enabled: true },
  };
  return Object.entries(sections)
    .map(([name, section]) => [`[${name}]`, ...Object.entries(section).map(([key, value]) => `${key} = ${value}`)])
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

export interface IniArgs {
  /** Undefined: a file of the pod's own volume. */
  readonly database: Database | undefined;
  /** File of the dashboard that is shown first. */
  readonly homeDashboard: string;
  /** URL by which people reach it. */
  readonly rootUrl: string;
}

function databaseSection(database: Database | undefined): Section {
  if (database === undefined) return { type: "sqlite3", path: "grafana.db", wal: true };
  const { host, name, user } = database;
  return {
    type: "postgres",
    host,
    name,
    user,
    password: file(FOLDERS.database, "password"),
    ssl_mode: "verify-full",
    ca_cert_path: `${FOLDERS.database}/ca.crt`,
  };
}

/** Grafana's own way of reading a value from a file. */
const file = (folder: string, key: string) => `$__file{${folder}/${key}}`;
