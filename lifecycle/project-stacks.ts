/** The stacks of a project: each `Pulumi.<stack>.yaml`, and which part of which environment it holds. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Environment, loadEnvironment } from "../stacks/environment";

/** Stacks that cannot be found, as a sentence. */
export class StackSelectionError extends Error {
  override readonly name = "StackSelectionError";
}

/** A stack, and what it holds. */
export interface ProjectStack {
  readonly stack: string;
  readonly environment: Environment;
  /** Clusters that it deploys to; none: what a cloud holds beside them. */
  readonly clusters: readonly string[];
}

interface Selection {
  /** Name or path. @default every environment that a stack names */
  readonly environment?: string | undefined;
  /** @default all */
  readonly stacks?: readonly string[];
}

/** `Pulumi.<stack>.yaml` as far as it is read here. */
interface StackFile {
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/**
 * The stacks that were asked for, by name. An environment by itself, without a stack that names it, is one stack of the
 * environment's name, as `fleetwright env` takes it.
 *
 * @param root folder of Pulumi.yaml
 * @throws StackSelectionError when a stack is not there, or is of another environment
 * @throws EnvironmentError listing every fault of an environment's file
 */
export function projectStacks(root: string, { environment, stacks = [] }: Selection): ProjectStack[] {
  const names = stackNames(root);
  const unknown = stacks.filter((stack) => !names.includes(stack));
  if (unknown.length > 0) {
    throw new StackSelectionError(
      `${root} has no Pulumi.${unknown[0]}.yaml: its stacks are ${names.join(", ") || "none"}`,
    );
  }
  const asked =
    environment === undefined ? undefined : loadEnvironment(environment, isPath(environment) ? undefined : root);
  const loaded = new Map(asked ? [[asked.name, asked]] : []);
  const found = (stacks.length > 0 ? stacks : names).flatMap((stack) => {
    const config = stackConfig(root, stack);
    const of = config("environment");
    const isOther = asked && (of === undefined || environmentName(of) !== asked.name);
    if (isOther && stacks.length > 0) {
      throw new StackSelectionError(
        `Pulumi.${stack}.yaml is of environment ${of ?? "none"}, and ${asked.name} was asked for`,
      );
    }
    if (isOther || of === undefined) return [];
    const its = loaded.get(environmentName(of)) ?? loadEnvironment(of, isPath(of) ? undefined : root);
    loaded.set(its.name, its);
    return [{ stack, environment: its, clusters: clustersOf(its, config("cluster"), config("part")) }];
  });
  if (found.length > 0) return found;
  if (asked) return [{ stack: asked.name, environment: asked, clusters: Object.keys(asked.clusters) }];
  throw new StackSelectionError(
    `${root} has no Pulumi.<stack>.yaml that says fleetwright:environment: nothing to preview`,
  );
}

const isPath = (nameOrPath: string) => /[/\\]|\.ya?ml$/.test(nameOrPath);

/** `dev` of `dev`, and of `environments/dev.yaml`. */
const environmentName = (nameOrPath: string) => nameOrPath.replace(/^.*[/\\]/, "").replace(/\.ya?ml$/, "");

function stackNames(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** Reads `fleetwright:<key>`; what is no text is not there. */
function stackConfig(root: string, stack: string): (key: string) => string | undefined {
  const { config } = (parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) ?? {}) as StackFile;
  return (key) => {
    const value = config?.[`fleetwright:${key}`];
    return typeof value === "string" ? value : undefined;
  };
}

function clustersOf(environment: Environment, cluster: string | undefined, part: string | undefined): string[] {
  if (part === "infrastructure") return [];
  return cluster === undefined ? Object.keys(environment.clusters) : [cluster];
}
