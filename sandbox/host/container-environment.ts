/** The environment of a host program: that of its container, with the values which a kubelet would fill in. */
import type { V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { amountOf } from "../quantity";

/**
 * Variables of a container as its pod states them. `$(NAME)` refers to an earlier one. Values from ConfigMaps and Secrets are left out:
 * no host program takes any.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function containerEnvironment(pod: V1Pod, container: V1Container): Record<string, string> {
  const result: Record<string, string> = {};
  for (const variable of container.env ?? []) {
    const value = variable.value ?? fieldOf(pod, variable) ?? resourceOf(container, variable);
    if (value === undefined) continue;
    result[variable.name] = filledIn(value, result);
  }
  return result;
}

/** A text of the container, such as an argument, in which `$(NAME)` gives way to the variable of that name if there is one. */
export function filledIn(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (all, name: string) => environment[name] ?? all);
}

/** The downward API, as far as it does not depend on a kubelet. */
function fieldOf({ metadata, spec, status }: V1Pod, { valueFrom }: V1EnvVar): string | undefined {
  const path = valueFrom?.fieldRef?.fieldPath;
  if (!path) return undefined;
  const key = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (key?.[2]) return metadata?.[key[1] === "labels" ? "labels" : "annotations"]?.[key[2]] ?? "";
  const fields: Record<string, string | undefined> = {
    "metadata.name": metadata?.name,
    "metadata.namespace": metadata?.namespace,
    "metadata.uid": metadata?.uid,
    "spec.nodeName": spec?.nodeName,
    "spec.serviceAccountName": spec?.serviceAccountName,
    "status.hostIP": status?.hostIP,
    "status.podIP": status?.podIP,
  };
  return fields[path] ?? "";
}

/** `limits.memory` in bytes, `limits.cpu` in whole cores, both rounded up and divided by the divisor, as a kubelet does. */
function resourceOf({ resources }: V1Container, { valueFrom }: V1EnvVar): string | undefined {
  const reference = valueFrom?.resourceFieldRef;
  if (!reference) return undefined;
  const [kind, name] = reference.resource.split(".");
  const quantity = resources?.[kind === "requests" ? "requests" : "limits"]?.[name ?? ""];
  if (quantity === undefined) return undefined;
  return String(Math.ceil(amountOf(quantity) / (amountOf(reference.divisor ?? "1") || 1)));
}
