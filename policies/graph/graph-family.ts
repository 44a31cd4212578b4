/** The family of rules over sets of objects. */
export const GRAPH_FAMILY = "GR";
