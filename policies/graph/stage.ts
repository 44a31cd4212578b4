/** Stages in which Argo CD or Helm make objects: each only once the one before is made and well. */
import type { SetObject } from "./set-object";

export interface Stage {
  /** Before, with or after the ordinary objects: -1, 0, 1. */
  readonly phase: number;
  /** Within the phase, ascending. */
  readonly wave: number;
  /** Whether the object says any of it, or is where objects are that say nothing. */
  readonly isSaid: boolean;
  /** Whether Helm's words say it. */
  readonly isHelms: boolean;
  /** Whether Helm makes it with upgrades only; Argo CD, to which every sync is both, makes it with the first one as well. */
  readonly isUpgrades: boolean;
}

const WAVE = "argocd.argoproj.io/sync-wave";
const HOOK = "argocd.argoproj.io/hook";
const HELM_HOOK = "helm.sh/hook";
const HELM_WEIGHT = "helm.sh/hook-weight";

const PHASES: Readonly<Record<string, number>> = { PreSync: -1, Sync: 0, PostSync: 1 };
const HELM_PHASES: Readonly<Record<string, number>> = { "crd-install": -2, "pre-install": -1, "post-install": 1 };
const UPGRADE_PHASES: Readonly<Record<string, number>> = { "pre-upgrade": -1, "post-upgrade": 1 };

/** Undefined for what is made at other times: tests, what follows a failure or comes before a removal. */
export function stageOf({ annotations }: SetObject): Stage | undefined {
  const hook = annotations[HOOK];
  const helmHook = hook === undefined ? annotations[HELM_HOOK] : undefined;
  const wave = annotations[WAVE] ?? annotations[HELM_WEIGHT];
  const isSaid = (wave ?? hook ?? helmHook) !== undefined;
  const isHelms = helmHook !== undefined;
  const number = Number.parseInt(wave ?? "0", 10);
  const said = isHelms ? earliest(helmHook, HELM_PHASES) : hook === undefined ? 0 : earliest(hook, PHASES);
  const phase = said ?? (isHelms ? earliest(helmHook, UPGRADE_PHASES) : undefined);
  if (phase === undefined) return undefined;
  return { phase, wave: Number.isNaN(number) ? 0 : number, isSaid, isHelms, isUpgrades: said === undefined };
}

function earliest(list: string, phases: Readonly<Record<string, number>>): number | undefined {
  const known = list.split(",").flatMap((name) => phases[name.trim()] ?? []);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Negative where the first comes before the second. */
export const compareStages = (a: Stage, b: Stage): number => a.phase - b.phase || a.wave - b.wave;

/** `wave 2`, `hook PreSync`, `no wave, so 0`. */
export function shownStage({ annotations }: SetObject): string {
  const hook = annotations[HOOK] ?? annotations[HELM_HOOK];
  const wave = annotations[WAVE] ?? annotations[HELM_WEIGHT];
  const said = [...(hook === undefined ? [] : [`hook ${hook}`]), ...(wave === undefined ? [] : [`wave ${wave}`])];
  return said.length === 0 ? "no wave, so 0" : said.join(", ");
}

/** Field that says the stage. */
export function stagePath({ annotations }: SetObject): string {
  const [name] = [WAVE, HOOK, HELM_HOOK, HELM_WEIGHT].filter((key) => annotations[key] !== undefined);
  return name === undefined ? "" : `metadata.annotations["${name}"]`;
}
