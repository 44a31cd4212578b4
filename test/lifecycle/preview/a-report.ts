/** Reports for tests, as plain values that a test changes where it needs to. */
import { type Change, NO_COUNTS, type StackPreview } from "../../../lifecycle/preview/report";

export function aChange(rest: Partial<Change> = {}): Change {
  const name = { cluster: "hub", apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
  return { ...name, operation: "update", fields: [], interrupts: [], refusals: [], unknown: [], urn: "urn", ...rest };
}

export function aStack(rest: Partial<StackPreview> = {}): StackPreview {
  const counts = { ...NO_COUNTS, unchanged: 3 };
  return {
    stack: "dev",
    environment: "dev",
    command: "pulumi preview",
    outcome: "previewed",
    seconds: 1,
    clusters: [{ cluster: "hub", counts, reached: true, admission: { asked: 0, refused: 0, notAsked: [] } }],
    counts,
    changes: [],
    tenants: [],
    policies: [],
    exemptions: { inForce: 0, exempted: 0, ending: [], unused: [] },
    notKnown: [],
    notes: [],
    noise: { changes: 0, fields: 0, reasons: {} },
    ...rest,
  };
}
