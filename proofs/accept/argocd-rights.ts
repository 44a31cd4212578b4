/** Who may do what in Argo CD, as the environment means it: a team looks, synchronises and restarts what is its own. */
import type { KubeObject } from "../../components/kube-object";
import type { Environment } from "../../stacks/environment";

/** A question to the program, and its answer. */
export interface Right {
  /** Group, as the provider of identities spells it. */
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  readonly object: string;
  readonly allowed: boolean;
}

/** What must be allowed, and what must not. */
export function rightsMeant({
  components,
  teams,
  tenants,
}: Pick<Environment, "components" | "teams" | "tenants">): Right[] {
  const right =
    (allowed: boolean) =>
    (who: string, action: string, resource: string, object: string): Right => ({
      who,
      action,
      resource,
      object,
      allowed,
    });
  const [may, mayNot] = [right(true), right(false)];
  const names = Object.keys(tenants);
  const anyone = Object.entries(tenants).flatMap(([name, { team }]) => {
    const who = teams[team]?.group ?? "";
    const foreign = names.find((other) => tenants[other]?.team !== team);
    return [
      may(who, "get", "projects", name),
      may(who, "get", "repositories", `${name}/any`),
      may(who, "get", "applications", `${name}/any`),
      may(who, "sync", "applications", `${name}/any`),
      may(who, "get", "logs", `${name}/any`),
      may(who, "action/apps/Deployment/restart", "applications", `${name}/any`),
      // it changes them in its repository
      ...["create", "update", "delete", "override"].map((action) => mayNot(who, action, "applications", `${name}/any`)),
      mayNot(who, "create", "exec", `${name}/any`),
      mayNot(who, "update", "projects", name),
      mayNot(who, "get", "clusters", "any"),
      ...(foreign === undefined
        ? []
        : [
            mayNot(who, "get", "applications", `${foreign}/any`),
            mayNot(who, "sync", "applications", `${foreign}/any`),
          ]),
    ];
  });
  return [
    ...anyone,
    ...components.argoCd.adminGroups.map((group) => may(group, "delete", "applications", "any/any")),
    mayNot("nobody", "get", "applications", "any/any"),
    mayNot("nobody", "get", "projects", names[0] ?? "default"),
  ];
}

interface ProjectSpec {
  readonly roles?: readonly {
    readonly name: string;
    readonly groups?: readonly string[];
    readonly policies?: readonly string[];
  }[];
}

/** The policy of `argocd-rbac-cm` with those of all projects, as Argo CD adds them. */
export function policyOf(settings: KubeObject, objects: readonly KubeObject[]): string {
  const { "policy.csv": general = "" } = settings.data as Readonly<Record<string, string>>;
  const projects = objects.filter(({ kind }) => kind === "AppProject");
  const lines = projects.flatMap(({ metadata, spec }) =>
    ((spec as ProjectSpec).roles ?? []).flatMap(({ groups = [], name, policies = [] }) => [
      ...policies,
      ...groups.map((group) => `g, ${group}, proj:${metadata.name}:${name}`),
    ]),
  );
  return [general.trimEnd(), ...lines, ""].filter((line, index) => index > 0 || line !== "").join("\n");
}
