/**
 * An experiment step by step.
 *
 *     before ──▶ under-fault ──▶ after
 *     the SLO    fault ║ watch   the SLO
 *     holds      at once         holds again
 *
 * A check that fails ends all of it: the fault is taken off, and nothing further begins.
 */
import { type AbortCondition, abortUrl } from "./abort";
import type { FaultStep } from "./step";

/** What the steps are made of; seconds are whole numbers. */
export interface WorkflowParts {
  readonly step: FaultStep;
  readonly faultSeconds: number;
  readonly recoverySeconds: number;
  readonly abort: AbortCondition;
  /** Where Prometheus answers, `http://host:port`. */
  readonly prometheus: string;
}

/** Seconds between two checks. Prometheus takes samples twice a minute; asking more often says nothing new. */
const INTERVAL_SECONDS = 15;

/** Failures in a row that end the experiment: one may be a lost packet, two are half a minute of harm. */
const FAILURES = 2;

/** Successes in a row that count as healthy, before and after. */
const SUCCESSES = 4;

/** Seconds that the first check may take: as many successes, and as many failures, and a moment. */
const BEFORE_SECONDS = 2 * SUCCESSES * INTERVAL_SECONDS;

/** Seconds by which a check may outlive its own time, so that it is judged, and not cut off, at its end. */
const GRACE_SECONDS = 30;

/** Seconds for what comes between the steps: the controller makes one object after the other. */
const BETWEEN_SECONDS = 60 + 3 * GRACE_SECONDS;

/** Seconds from the first check to the last deadline. */
export const wholeSeconds = ({
  faultSeconds,
  recoverySeconds,
}: Pick<WorkflowParts, "faultSeconds" | "recoverySeconds">) =>
  BEFORE_SECONDS + faultSeconds + recoverySeconds + BETWEEN_SECONDS;

/** The `spec` of a Workflow. */
export function workflowSpec(parts: WorkflowParts): object {
  const { abort, faultSeconds, prometheus, recoverySeconds, step } = parts;
  const http = { url: abortUrl(prometheus, abort), method: "GET", criteria: { statusCode: "200" } };
  const check = (name: string, mode: string, seconds: number, thresholds: object) => ({
    name,
    templateType: "StatusCheck",
    deadline: `${seconds + GRACE_SECONDS}s`,
    abortWithStatusCheck: true,
    statusCheck: {
      mode,
      type: "HTTP",
      duration: `${seconds}s`,
      intervalSeconds: INTERVAL_SECONDS,
      timeoutSeconds: 10,
      ...thresholds,
      http,
    },
  });
  const group = (name: string, templateType: string, seconds: number, children: readonly string[]) => ({
    name,
    templateType,
    deadline: `${seconds}s`,
    children,
  });
  return {
    entry: "experiment",
    templates: [
      group("experiment", "Serial", wholeSeconds(parts), ["before", "under-fault", "after"]),
      check("before", "Synchronous", BEFORE_SECONDS, { failureThreshold: FAILURES, successThreshold: SUCCESSES }),
      group("under-fault", "Parallel", faultSeconds + GRACE_SECONDS, ["fault", "watch"]),
      { name: "fault", deadline: `${faultSeconds}s`, ...step },
      check("watch", "Continuous", faultSeconds, { failureThreshold: FAILURES }),
      // failures are expected while it recovers; only time runs out
      check("after", "Synchronous", recoverySeconds, {
        failureThreshold: Math.ceil(recoverySeconds / INTERVAL_SECONDS),
        successThreshold: SUCCESSES,
      }),
    ],
  };
}
