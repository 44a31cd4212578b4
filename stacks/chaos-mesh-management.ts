/** Whether Chaos Mesh is installed: what the environment says, else by its purpose. */

/** What an environment says, or does not. */
export interface ChaosMeshDecision {
  readonly purpose?: unknown;
  readonly management?: unknown;
}

/** In production nobody does harm on purpose before the environment says so. */
export const isChaosMeshManaged = ({ management, purpose }: ChaosMeshDecision): boolean =>
  management === undefined ? purpose === "development" : management === "managed";
