/** A service level objective: what is promised of a service, of which share of events, over how long. */
import { requireDnsLabel } from "../labels";
import { unclosedFault } from "../promql";
import { burnRates } from "./burn-rates";
import { eventRates, ISTIO_BUCKETS_MILLISECONDS, type Sli, WINDOW } from "./indicator";
import { parseSelector } from "./selector";

export interface Slo {
  /** DNS label, at most 59 characters: objects are named `slo-<name>`. */
  readonly name: string;
  /** Tenant whose service it is, DNS label. @default none: it is the platform's own */
  readonly tenant?: string | undefined;
  /** Team that is told, DNS label. */
  readonly team: string;
  /** The service that is promised, in a word or two; shown in alerts. */
  readonly service: string;
  /** Share of events that are good, 0.9–0.99999. */
  readonly objective: number;
  /** Days over which it is promised, 7–90. */
  readonly windowDays: number;
  /** What is measured. */
  readonly sli: Sli;
}

/** What tells an SLO's series and alerts from others': Alertmanager routes by team and severity. */
export function sloLabels({ name, service, team, tenant }: Slo): Readonly<Record<string, string>> {
  return { service, slo: name, team, ...(tenant === undefined ? {} : { tenant }) };
}

/** @throws Error naming the SLO, the field, its value and the bound */
export function checkSlo(slo: Slo): void {
  const whose = `slo ${slo.name}`;
  requireDnsLabel("slo", "a name", slo.name);
  if (slo.name.length > 59)
    throw new Error(
      `${whose}: name has ${slo.name.length} characters, must have at most 59: objects are named slo-<name>`,
    );
  requireDnsLabel(whose, "team", slo.team);
  if (slo.tenant !== undefined) requireDnsLabel(whose, "tenant", slo.tenant);
  if (slo.service.trim() === "" || /["\\\n{}]/.test(slo.service)) {
    // alerts have it as a label, and Prometheus reads labels of alerts as templates
    throw new Error(
      `${whose}: service is "${slo.service}", must be a name without quotes, backslashes, braces and line ends`,
    );
  }
  if (!(slo.objective >= 0.9 && slo.objective <= 0.99999) || burnRates(slo.objective).length === 0) {
    throw new Error(`${whose}: objective is ${slo.objective}, must be a share of 0.9–0.99999, such as 0.999`);
  }
  if (!Number.isInteger(slo.windowDays) || slo.windowDays < 7 || slo.windowDays > 90) {
    throw new Error(
      `${whose}: windowDays is ${slo.windowDays}, must be a whole number of 7–90: the slowest alert looks at three days`,
    );
  }
  const [fault] = sliFaults(slo.sli);
  if (fault) throw new Error(`${whose}: sli.${fault.field} is "${fault.value}", ${fault.message}`);
  eventRates(slo.sli, "5m");
}

/** A field of an indicator that is wrong, and why. */
interface SliFault {
  readonly field: string;
  readonly value: string | number;
  readonly message: string;
}

/** All that is wrong with an indicator. */
export function sliFaults(sli: Sli): SliFault[] {
  const selector = 'must be a series selector, such as http_requests_total{code=~"5.."}: a name and labels in braces';
  switch (sli.kind) {
    case "availability":
    case "latency": {
      const fields = sli.kind === "latency" ? { histogram: sli.histogram } : { errors: sli.errors, total: sli.total };
      return Object.entries(fields).flatMap(([field, value]) =>
        parseSelector(value) ? [] : [{ field, value, message: selector }],
      );
    }
    case "istio": {
      const { latencyMilliseconds: value } = sli;
      if (value === undefined || ISTIO_BUCKETS_MILLISECONDS.some((bound) => bound === value)) return [];
      const bounds = ISTIO_BUCKETS_MILLISECONDS.join(", ");
      return [{ field: "latencyMilliseconds", value, message: `must be the bound of a bucket of proxies: ${bounds}` }];
    }
    case "raw":
      return (["errors", "total"] as const).flatMap((field) => {
        const message = rawFault(sli[field]);
        return message === undefined ? [] : [{ field, value: sli[field], message }];
      });
  }
}

const rawFault = (expression: string) =>
  expression.includes(WINDOW)
    ? unclosedFault(expression)
    : `must hold ${WINDOW} where the range stands: rate(x[${WINDOW}])`;
