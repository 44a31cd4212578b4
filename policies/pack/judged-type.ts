/** What a type token says of the objects that rules look at. */
import { catalogue } from "../engine/catalogue";
import { isJoined } from "../engine/joins";
import { groupOf, isList, matches } from "../engine/match";
import { isBuiltInGroup, isCustomGroup } from "../graph/api-kinds";
import { cloudType } from "./cloud";

export interface JudgedType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly isPatch: boolean;
  /** A resource of a cloud, and of no cluster. */
  readonly isOfCloud: boolean;
  /** Whether a rule judges it by itself; rules over sets look at whatever a cluster gets. */
  readonly isJudgedAlone: boolean;
}

const judgedTypes = new Map<string, JudgedType | undefined>();

/** `kubernetes:apps/v1:DeploymentPatch` → apps/v1, Deployment, a patch. Undefined where no rule looks. */
export function judgedType(token: string): JudgedType | undefined {
  if (!judgedTypes.has(token)) judgedTypes.set(token, readType(token));
  return judgedTypes.get(token);
}

function readType(token: string): JudgedType | undefined {
  const cloud = cloudType(token);
  if (cloud) return { ...cloud, isPatch: false, isOfCloud: true, isJudgedAlone: true };
  const [provider, module, name] = token.split(":");
  if (provider !== "kubernetes" || !module || !name) return undefined;
  const apiVersion = module.replace(/^core\//, "");
  const isMatched = (kind: string) =>
    catalogue().rules.some((rule) => matches(rule, apiVersion, kind)) || isJoined(apiVersion, kind);
  const whole = { apiVersion, kind: name, isPatch: false, isOfCloud: false, isJudgedAlone: true };
  if (isMatched(name) || name === "List") return whole;
  if (isList(name) && isMatched(name.slice(0, -"List".length))) return whole;
  if (name.endsWith("Patch")) {
    const patched = name.slice(0, -"Patch".length);
    return isMatched(patched) ? { ...whole, kind: patched, isPatch: true } : undefined;
  }
  return isOfApi(module) ? { ...whole, isJudgedAlone: false } : undefined;
}

/** Components of the provider's SDK have types of other shapes: `helm.sh/v4`, `yaml/v2`, `kustomize`. */
function isOfApi(module: string): boolean {
  const group = module.startsWith("core/") ? "" : groupOf(module);
  const isGroup = group === "" ? module.startsWith("core/") : isBuiltInGroup(group) || isCustomGroup(group);
  return isGroup && group !== "helm.sh";
}
