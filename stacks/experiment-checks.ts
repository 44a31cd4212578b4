/**
 * What must hold between an experiment and the rest of its environment, so that it is refused before anything is made:
 * its target, its size, its time, and the other experiments. Reads the raw value, as environment-checks.ts does.
 */
import { experimentSeconds } from "../components/experiment";
import { DAYS, overlap, type Window } from "../components/experiment/window";
import { isChaosMeshManaged } from "./chaos-mesh-management";
import { asList, asMap, type Raw } from "./raw-value";

/** Path of the field that must change, and the sentence that says why. */
interface ExperimentFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Largest share of a target's pods, percent: half while developing; in production one zone of three, rounded up. */
export const MOST_PERCENT = { development: 50, production: 34 } as const;

/** Longest fault, seconds: an hour while developing, half of one in production. */
export const MOST_SECONDS = { development: 3600, production: 1800 } as const;

/** All faults of all experiments, in the order of the file. */
export function experimentFaults(file: Raw): ExperimentFault[] {
  const experiments = Object.entries(asMap(file.experiments)).map(
    ([name, raw]) => new Declared(name, asMap(raw), file),
  );
  const opted = asList(asMap(asMap(file.components).chaosMesh).targets);
  return [
    ...opted.flatMap((tenant, index) =>
      typeof tenant === "string" && !Object.hasOwn(asMap(file.tenants), tenant)
        ? [at(["components", "chaosMesh", "targets", index], `no such tenant: tenants has ${known(file.tenants)}`)]
        : [],
    ),
    ...(experiments.length > 0 && purposeOf(file) !== undefined && !isManaged(file)
      ? [
          at(
            ["experiments"],
            "Chaos Mesh is off in this environment: set components.chaosMesh.management to managed, or declare no experiment",
          ),
        ]
      : []),
    ...experiments.flatMap((experiment, index) => [
      ...experiment.target(),
      ...experiment.size(),
      ...experiment.time(),
      ...experiments.slice(0, index).flatMap((other) => experiment.collision(other)),
    ]),
  ];
}

/** One experiment as the file states it. */
class Declared {
  private readonly aim: Raw;
  private readonly fault: Raw;
  private readonly purpose: "development" | "production" | undefined;

  constructor(
    private readonly name: string,
    private readonly raw: Raw,
    private readonly file: Raw,
  ) {
    this.aim = asMap(raw.target);
    this.fault = asMap(raw.fault);
    this.purpose = purposeOf(file);
  }

  /** Whom it hits: somebody who agreed, in namespaces of their own, where they are; and what it is measured by. */
  target(): ExperimentFault[] {
    const { file } = this;
    const { namespace, tenant } = this.aim;
    const faults: ExperimentFault[] = [];
    faults.push(...this.objective());
    if (typeof tenant !== "string") return faults;
    if (!Object.hasOwn(asMap(file.tenants), tenant)) {
      return [...faults, this.at(["target", "tenant"], `no such tenant: tenants has ${known(file.tenants)}`)];
    }
    if (!asList(asMap(asMap(file.components).chaosMesh).targets).includes(tenant)) {
      faults.push(
        this.at(
          ["target", "tenant"],
          "has not opted in: components.chaosMesh.targets names tenants whose pods may be hit",
        ),
      );
    }
    const own = asMap(asMap(asMap(file.tenants)[tenant]).namespaces);
    if (typeof namespace === "string" && !Object.hasOwn(own, namespace)) {
      faults.push(
        this.at(
          ["target", "namespace"],
          `is protected, for it is none of tenant ${tenant}, which has ${known(own)}: an experiment never reaches namespaces of Kubernetes, of the platform or of another tenant`,
        ),
      );
    }
    const carriers = this.carriers();
    asList(this.aim.clusters).forEach((cluster, index) => {
      // where nothing carries it, its own clusters are at fault
      if (typeof cluster === "string" && carriers.length > 0 && !carriers.includes(cluster)) {
        faults.push(
          this.at(["target", "clusters", index], `does not carry tenant ${tenant}: ${carriers.join(", ")} do`),
        );
      }
    });
    return faults;
  }

  /** Whether what it is measured by is measured where it runs. */
  private objective(): ExperimentFault[] {
    const { slo } = this.raw;
    if (typeof slo !== "string") return [];
    if (!Object.hasOwn(asMap(this.file.slos), slo))
      return [this.at(["slo"], `no such objective: slos has ${known(this.file.slos)}`)];
    const { clusters, tenant } = asMap(asMap(this.file.slos)[slo]);
    const its = asMap(asMap(this.file.tenants)[String(tenant)]).clusters;
    const measured = asList(clusters ?? its ?? Object.keys(asMap(this.file.clusters)));
    if (measured.length === 0) return [];
    const blind = this.clusters().find((cluster) => !measured.includes(cluster));
    return blind === undefined
      ? []
      : [
          this.at(
            ["slo"],
            `is not measured in cluster ${blind}: name its clusters, ${measured.join(", ")}, in target.clusters`,
          ),
        ];
  }

  /** How many pods it hits. */
  size(): ExperimentFault[] {
    const { percent } = asMap(this.raw.blastRadius);
    const faults: ExperimentFault[] = [];
    // which bound holds is not known: that is the schema's to say
    if (this.purpose === undefined) return faults;
    const most = MOST_PERCENT[this.purpose];
    if (typeof percent === "number" && percent > most) {
      faults.push(this.at(["blastRadius", "percent"], `is too large a share: at most ${most} in ${this.purpose}`));
    }
    if (this.fault.kind !== "zone-loss") return faults;
    for (const cluster of this.clusters()) {
      const zones = asList(asMap(asMap(this.file.clusters)[cluster]).zones);
      if (zones.length === 0) continue;
      if (!zones.includes(this.fault.zone)) {
        faults.push(
          this.at(
            ["fault", "zone"],
            `cluster ${cluster} has no such zone, its zones are ${zones.join(", ")}: name the zone's cluster in target.clusters`,
          ),
        );
        continue;
      }
      const share = Math.ceil(100 / zones.length);
      if (typeof percent === "number" && percent < share) {
        faults.push(
          this.at(
            ["blastRadius", "percent"],
            `a zone of cluster ${cluster} is ${share} percent of its zones: the loss of one is no less, and at most ${most} in ${this.purpose}`,
          ),
        );
      }
    }
    return faults;
  }

  /** How long it lasts. */
  time(): ExperimentFault[] {
    const faults: ExperimentFault[] = [];
    const between = (path: string[], value: unknown, least: number, most: number, why: string) => {
      const seconds = secondsOf(value);
      if (seconds === undefined || (seconds >= least && seconds <= most)) return;
      faults.push(this.at(path, `must last ${least}–${most} seconds in ${this.purpose}: ${why}`));
    };
    const longest = this.purpose === undefined ? Number.POSITIVE_INFINITY : MOST_SECONDS[this.purpose];
    between(["duration"], this.raw.duration, 60, longest, "shorter shows nothing, longer is no longer an experiment");
    const { within } = asMap(this.raw.cleanup);
    between(["cleanup", "within"], within, 120, 3600, "four checks in a row take a minute");
    return faults;
  }

  /** Whether another one hits the same pods at the same time. */
  collision(other: Declared): ExperimentFault[] {
    const shared = this.clusters().find((cluster) => other.clusters().includes(cluster));
    const isSame = shared !== undefined && this.aim.namespace === other.aim.namespace && !this.isDisjoint(other);
    const [mine, theirs] = [this.window(), other.window()];
    const [length, otherLength] = [this.seconds(), other.seconds()];
    if (!isSame || !mine || !theirs || length === undefined || otherLength === undefined) return [];
    if (!overlap(mine, length, theirs, otherLength)) return [];
    return [
      this.at(
        ["window"],
        `overlaps with experiment ${other.name}, which may hit the same pods of cluster ${shared} at the same time: give one of them another day, or a time ${Math.ceil(Math.max(length, otherLength) / 60)} minutes apart`,
      ),
    ];
  }

  /** Labels that no pod can carry both of. */
  private isDisjoint(other: Declared): boolean {
    const theirs = asMap(other.aim.labels);
    return Object.entries(asMap(this.aim.labels)).some(
      ([key, value]) => Object.hasOwn(theirs, key) && theirs[key] !== value,
    );
  }

  private carriers(): string[] {
    const all = Object.keys(asMap(this.file.clusters));
    const { clusters } = asMap(asMap(this.file.tenants)[String(this.aim.tenant)]);
    return Array.isArray(clusters) ? all.filter((name) => clusters.includes(name)) : all;
  }

  private clusters(): string[] {
    const { clusters } = this.aim;
    return this.carriers().filter((name) => !Array.isArray(clusters) || clusters.includes(name));
  }

  private window(): Window | undefined {
    const { day = "tuesday", time = "10:00" } = asMap(this.raw.window);
    const known = DAYS.find((each) => each === day);
    return known !== undefined && typeof time === "string" && /^[0-2][0-9]:[0-5][0-9]$/.test(time)
      ? { day: known, time }
      : undefined;
  }

  private seconds(): number | undefined {
    const [fault, recovery] = [secondsOf(this.raw.duration), secondsOf(asMap(this.raw.cleanup).within ?? "5m")];
    return fault === undefined || recovery === undefined ? undefined : experimentSeconds(fault, recovery);
  }

  private at(path: readonly (string | number)[], message: string): ExperimentFault {
    return at(["experiments", this.name, ...path], message);
  }
}

/** `90s` or `10m` in seconds; undefined for anything else. */
export function secondsOf(span: unknown): number | undefined {
  const [, count, unit] = typeof span === "string" ? (/^([0-9]+)(s|m)$/.exec(span) ?? []) : [];
  return count === undefined ? undefined : Number(count) * (unit === "m" ? 60 : 1);
}

const isManaged = (file: Raw) =>
  isChaosMeshManaged({
    purpose: file.purpose,
    management: asMap(asMap(file.components).chaosMesh).management,
  });

const purposeOf = ({ purpose }: Raw) => (purpose === "development" || purpose === "production" ? purpose : undefined);

const at = (path: readonly (string | number)[], message: string): ExperimentFault => ({ path, message });

const known = (map: unknown) => Object.keys(asMap(map)).join(", ") || "none";
