/** Files of kustomize, which need not say what they are. */
import { basename } from "node:path";

const NAMES = new Set(["Kustomization", "kustomization.yaml", "kustomization.yml"]);

/** The document as kustomize reads it, where its file is one of kustomize's: it goes by the name, and fills in the kind. */
export function withKustomizationKind(value: unknown, file: string): unknown {
  if (!NAMES.has(basename(file)) || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { apiVersion, kind, ...fields } = value as Readonly<Record<string, unknown>>;
  return { apiVersion: apiVersion || "kustomize.config.k8s.io/v1beta1", kind: kind || "Kustomization", ...fields };
}
