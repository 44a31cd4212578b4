/** The API of Chaos Mesh in names: what its component defines, and what experiments are written in. */

/** Where Chaos Mesh runs, and where the platform's experiments lie; the controller finds its daemons in its own namespace only. */
export const CHAOS_MESH_NAMESPACE = "chaos-mesh";

/** API group and version of all kinds. */
export const CHAOS_GROUP = "chaos-mesh.org";
export const CHAOS_API_VERSION = `${CHAOS_GROUP}/v1alpha1`;

/** The annotation by which a namespace lets its pods be targets, and its value. */
export const INJECT_ANNOTATION = { "chaos-mesh.org/inject": "enabled" } as const;

/** The annotation by which a Schedule starts nothing. */
export const PAUSE_ANNOTATION = { "experiment.chaos-mesh.org/pause": "true" } as const;
