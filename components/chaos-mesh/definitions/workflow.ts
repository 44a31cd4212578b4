/** Faults one after the other and at once, watched from outside, on a timetable. */
import type { DefinedKind } from "./definition";
import { ioFault } from "./io";
import { networkFault } from "./network";
import { dnsFault, podFaultSpec, stressFault, timeFault } from "./process";
import { fields, flag, int64, integer, list, map, oneOf, reference, type Schema, text, time } from "./schema";

/** The faults by the name of their field in a template, and by kind. */
const faults: Readonly<Record<string, Schema>> = {
  dnsChaos: dnsFault,
  ioChaos: ioFault,
  networkChaos: networkFault,
  podChaos: podFaultSpec,
  stressChaos: stressFault,
  timeChaos: timeFault,
};
const FAULT_TYPES = ["DNSChaos", "IOChaos", "NetworkChaos", "PodChaos", "StressChaos", "TimeChaos"];

/** Whatever else upstream has (Task, Schedule, further faults) would be dropped and its step do nothing: it is refused. */
const STEP_TYPES = [...FAULT_TYPES, "Parallel", "Serial", "StatusCheck", "Suspend"];

const check = fields({
  duration: text(),
  failureThreshold: integer({ default: 3, minimum: 1 }),
  http: fields({
    body: text(),
    "criteria!": fields({ "statusCode!": text() }),
    headers: map(list(text())),
    method: oneOf(["GET", "POST"], { default: "GET" }),
    "url!": text(),
  }),
  intervalSeconds: integer({ default: 10, minimum: 1 }),
  mode: oneOf(["Synchronous", "Continuous"]),
  recordsHistoryLimit: integer({ default: 100, minimum: 1, maximum: 1000 }),
  successThreshold: integer({ default: 1, minimum: 1 }),
  timeoutSeconds: integer({ default: 1, minimum: 1 }),
  "type!": oneOf(["HTTP"], { default: "HTTP" }),
});

export const statusCheck: DefinedKind = {
  kind: "StatusCheck",
  plural: "statuschecks",
  hasStatusSubresource: true,
  spec: check,
  status: fields({
    completionTime: time,
    conditions: list(
      fields({
        "lastProbeTime!": time,
        "lastTransitionTime!": time,
        "reason!": text(),
        "status!": text(),
        "type!": text(),
      }),
    ),
    count: int64(),
    records: list(fields({ "outcome!": text(), "startTime!": time })),
    startTime: time,
  }),
};

const step: Readonly<Record<string, Schema>> = {
  ...faults,
  abortWithStatusCheck: flag,
  children: list(text()),
  statusCheck: check,
};

const workflowSpec = fields({
  "entry!": text(),
  "templates!": list(fields({ ...step, deadline: text(), "name!": text(), "templateType!": oneOf(STEP_TYPES) })),
});

export const workflow: DefinedKind = {
  kind: "Workflow",
  plural: "workflows",
  hasStatusSubresource: true,
  spec: workflowSpec,
  status: fields({
    conditions: list(fields({ "reason!": text(), startTime: time, "status!": text(), "type!": text() })),
    endTime: time,
    entryNode: text(),
    startTime: time,
  }),
};

/** Written by the controller alone: one step of a Workflow that runs. */
export const workflowNode: DefinedKind = {
  kind: "WorkflowNode",
  plural: "workflownodes",
  hasStatusSubresource: true,
  spec: fields({
    ...step,
    deadline: time,
    "startTime!": time,
    "templateName!": text(),
    "type!": text(),
    "workflowName!": text(),
  }),
  status: fields({
    activeChildren: list(reference({ name: text({ default: "" }) })),
    chaosResource: reference({ apiGroup: text(), "kind!": text(), "name!": text() }),
    conditions: list(fields({ "reason!": text(), "status!": text(), "type!": text() })),
    finishedChildren: list(reference({ name: text({ default: "" }) })),
  }),
};

export const schedule: DefinedKind = {
  kind: "Schedule",
  plural: "schedules",
  spec: fields({
    ...faults,
    concurrencyPolicy: oneOf(["Forbid", "Allow"], { default: "Forbid" }),
    historyLimit: integer({ minimum: 1 }),
    "schedule!": text(),
    startingDeadlineSeconds: int64({ minimum: 0, exclusiveMinimum: true, nullable: true }),
    "type!": oneOf([...FAULT_TYPES, "Workflow"]),
    workflow: workflowSpec,
  }),
  status: fields({
    active: list(
      reference({
        apiVersion: text(),
        fieldPath: text(),
        kind: text(),
        name: text(),
        namespace: text(),
        resourceVersion: text(),
        uid: text(),
      }),
    ),
    time: text({ format: "date-time", nullable: true }),
  }),
};
