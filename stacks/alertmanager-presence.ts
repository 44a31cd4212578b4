/** Whether somebody is there to be sent alerts. */
import type { Environment } from "./environment";

/** Whether the hub runs the platform's own Alertmanagers. */
export function hasAlertmanager({ components }: Pick<Environment, "components">): boolean {
  const { alertmanager } = components as { readonly alertmanager?: { readonly management: string } };
  return alertmanager?.management === "managed";
}
