/** Reading and writing takes longer: a disk that is shared, throttled or about to fail. */
import type { Chosen, FaultStep } from "../step";

export const ioStress = (
  chosen: Chosen,
  fault: { readonly volumePath: string; readonly delayMilliseconds: number; readonly percent: number },
): FaultStep => ({
  templateType: "IOChaos",
  ioChaos: {
    action: "latency",
    volumePath: fault.volumePath,
    path: `${fault.volumePath}/**/*`,
    delay: `${fault.delayMilliseconds}ms`,
    percent: fault.percent,
    ...chosen,
  },
});
