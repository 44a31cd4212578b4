/** Faults of the network, and what the controller tells the daemon of one pod's network. */
import type { DefinedKind } from "./definition";
import { fields, int32, int64, integer, list, map, oneOf, type Schema, text } from "./schema";
import { faultStatus, podFault, podSelection } from "./selection";

const DURATION = "^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)$";

/** What tc does to packets. */
const trafficControl: Readonly<Record<string, Schema>> = {
  bandwidth: fields({
    "buffer!": int32({ minimum: 1 }),
    "limit!": int32({ minimum: 1 }),
    minburst: int32({ minimum: 0 }),
    peakrate: int64({ minimum: 0 }),
    "rate!": text(),
  }),
  corrupt: fields({ correlation: text(), "corrupt!": text() }),
  delay: fields({
    correlation: text(),
    jitter: text({ pattern: DURATION }),
    "latency!": text({ pattern: DURATION }),
    reorder: fields({ correlation: text(), "gap!": integer(), "reorder!": text() }),
  }),
  duplicate: fields({ correlation: text(), "duplicate!": text() }),
  loss: fields({ correlation: text(), "loss!": text() }),
  rate: fields({ "rate!": text() }),
};

export const networkFault: Schema = fields({
  ...podFault,
  ...trafficControl,
  "action!": oneOf(["netem", "delay", "loss", "duplicate", "corrupt", "partition", "bandwidth"]),
  device: text(),
  direction: oneOf(["to", "from", "both"], { default: "to" }),
  externalTargets: list(text()),
  target: fields(podSelection),
  targetDevice: text(),
});

export const networkChaos: DefinedKind = {
  kind: "NetworkChaos",
  spec: networkFault,
  status: faultStatus({ instances: map(int64()) }),
};

/** Written by the controller alone: whatever it writes must be there, or faults are half done. */
export const podNetworkChaos: DefinedKind = {
  kind: "PodNetworkChaos",
  hasStatusSubresource: true,
  spec: fields({
    ipsets: list(
      fields({
        cidrAndPorts: list(fields({ "cidr!": text(), "port!": integer({ minimum: 1, maximum: 65_535 }) })),
        cidrs: list(text()),
        "ipsetType!": text(),
        "name!": text(),
        setNames: list(text()),
        "source!": text(),
      }),
    ),
    iptables: list(
      fields({
        device: text(),
        "direction!": text(),
        ipsets: list(text(), { nullable: true }),
        "name!": text(),
        "source!": text(),
      }),
    ),
    tcs: list(fields({ ...trafficControl, device: text(), ipset: text(), "source!": text(), "type!": text() })),
  }),
  status: fields({ failedMessage: text(), observedGeneration: int64() }),
};
