/** Faults of file systems, and what the controller tells the daemon of one pod's file systems. */
import type { DefinedKind } from "./definition";
import { fields, int32, int64, integer, list, map, oneOf, type Schema, text } from "./schema";
import { containerFault, faultStatus } from "./selection";

const moment = fields({ "nsec!": int64(), "sec!": int64() });

/** Attributes that a file seems to have. */
const attributes: Readonly<Record<string, Schema>> = {
  atime: moment,
  blocks: int64(),
  ctime: moment,
  gid: int32(),
  ino: int64(),
  kind: text(),
  mtime: moment,
  nlink: int32(),
  perm: integer(),
  rdev: int32(),
  size: int64(),
  uid: int32(),
};

const mistake = fields({
  filling: oneOf(["zero", "random"]),
  maxLength: int64({ minimum: 1 }),
  maxOccurrences: int64({ minimum: 1 }),
});

export const ioFault: Schema = fields({
  ...containerFault,
  "action!": oneOf(["latency", "fault", "attrOverride", "mistake"]),
  attr: fields(attributes),
  delay: text(),
  errno: int32(),
  methods: list(text()),
  mistake,
  path: text(),
  percent: integer({ default: 100 }),
  "volumePath!": text(),
});

export const ioChaos: DefinedKind = {
  kind: "IOChaos",
  spec: ioFault,
  status: faultStatus({ instances: map(int64()) }),
};

/** Written by the controller alone. */
export const podIoChaos: DefinedKind = {
  kind: "PodIOChaos",
  hasStatusSubresource: true,
  spec: fields({
    actions: list(
      fields({
        ...attributes,
        faults: list(fields({ "errno!": int32(), "weight!": int32() })),
        latency: text(),
        methods: list(text()),
        mistake,
        "path!": text(),
        "percent!": integer(),
        source: text(),
        "type!": text(),
      }),
    ),
    container: text(),
    "volumeMountPath!": text(),
  }),
  status: fields({ failedMessage: text(), observedGeneration: int64(), pid: int64(), startTime: int64() }),
};
