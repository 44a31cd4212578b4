/** What every fault has: which pods, how many of them, for how long; and what becomes of it. */
import { fields, integer, list, map, oneOf, type Schema, text, time } from "./schema";

/** Which pods. All of it is offered: a field that the API server dropped would make the choice wider. */
const selector = fields({
  annotationSelectors: map(text()),
  expressionSelectors: list(
    fields({ "key!": text(), "operator!": text(), values: list(text(), { "x-kubernetes-list-type": "atomic" }) }),
  ),
  fieldSelectors: map(text()),
  labelSelectors: map(text()),
  namespaces: list(text()),
  nodeSelectors: map(text()),
  nodes: list(text()),
  podPhaseSelectors: list(text()),
  pods: map(list(text())),
});

/** How many of them: `value` is a number of pods, or percent. */
const MODES = ["one", "all", "fixed", "fixed-percent", "random-max-percent"];

/** Pods that a fault is about. */
export const podSelection: Readonly<Record<string, Schema>> = {
  "mode!": oneOf(MODES),
  "selector!": selector,
  value: text(),
};

/** The fields of a fault that is done to pods. */
export const podFault: Readonly<Record<string, Schema>> = {
  ...podSelection,
  duration: text(),
  // faults in other clusters are not offered; were the field unknown, the fault would be done in this one
  remoteCluster: text({ maxLength: 0 }),
};

/** The same, for faults that are done to containers. */
export const containerFault: Readonly<Record<string, Schema>> = { ...podFault, containerNames: list(text()) };

/**
 * What has been done.
 *
 * @param further fields of one kind
 */
export const faultStatus = (further: Readonly<Record<string, Schema>> = {}): Schema =>
  fields({
    ...further,
    conditions: list(fields({ reason: text(), "status!": text(), "type!": text() })),
    "experiment!": fields({
      containerRecords: list(
        fields({
          events: list(fields({ message: text(), "operation!": text(), "timestamp!": time, "type!": text() })),
          "id!": text(),
          "injectedCount!": integer(),
          "phase!": text(),
          "recoveredCount!": integer(),
          "selectorKey!": text(),
        }),
      ),
      desiredPhase: oneOf(["Run", "Stop"]),
    }),
  });
