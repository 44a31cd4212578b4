/** Faults of pods, of what their processes use, of their clocks and of the names that they look up. */
import type { DefinedKind } from "./definition";
import { fields, int64, integer, list, map, oneOf, type Schema, text, time } from "./schema";
import { containerFault, faultStatus } from "./selection";

export const podFaultSpec: Schema = fields({
  ...containerFault,
  "action!": oneOf(["pod-kill", "pod-failure", "container-kill"]),
  gracePeriod: int64({ minimum: 0 }),
});

export const podChaos: DefinedKind = { kind: "PodChaos", spec: podFaultSpec, status: faultStatus() };

const workers = integer({ maximum: 8192 });

export const stressFault: Schema = fields({
  ...containerFault,
  stressngStressors: text(),
  stressors: fields({
    cpu: fields({ load: integer({ minimum: 0, maximum: 100 }), options: list(text()), "workers!": workers }),
    memory: fields({
      oomScoreAdj: integer({ default: 0, minimum: -1000, maximum: 1000 }),
      options: list(text()),
      size: text(),
      "workers!": workers,
    }),
  }),
});

export const stressChaos: DefinedKind = {
  kind: "StressChaos",
  spec: stressFault,
  status: faultStatus({
    instances: map(fields({ memoryStartTime: time, memoryUid: text(), startTime: time, uid: text() })),
  }),
};

export const timeFault: Schema = fields({ ...containerFault, clockIds: list(text()), "timeOffset!": text() });

export const timeChaos: DefinedKind = { kind: "TimeChaos", spec: timeFault, status: faultStatus() };

export const dnsFault: Schema = fields({
  ...containerFault,
  "action!": oneOf(["error", "random"]),
  patterns: list(text()),
});

export const dnsChaos: DefinedKind = { kind: "DNSChaos", spec: dnsFault, status: faultStatus() };
