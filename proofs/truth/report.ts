/** What the truth test found, as machines and its page read it. */
import { type ChangeAccount, type Ending, type Judged, judged } from "./comparison";

export interface TruthReport {
  /** How many changes were previewed and done. */
  readonly changes: number;
  /** Objects that a preview spoke of, or that changed. */
  readonly objects: number;
  /** Of these, those of which the kind of operation was right. */
  readonly kindOfOperationRight: number;
  /** Objects that were announced as made, and that a rule or the API server refused. */
  readonly forbiddenAnnounced: number;
  /** Share of objects that were right, 0–1. */
  readonly score: number;
  /** Changes of which it was right whether they are done, refused, or fail. */
  readonly endingsRight: number;
  readonly seed: number;
  readonly seconds: number;
  readonly details: readonly ChangeDetail[];
}

export interface ChangeDetail {
  readonly change: string;
  readonly announcedEnding: Ending;
  readonly ending: Ending;
  readonly objects: number;
  readonly right: number;
  readonly wrong: readonly Judged[];
  readonly forbidden: readonly string[];
}

export function reportOf(
  accounts: readonly ChangeAccount[],
  { seconds, seed }: { seed: number; seconds: number },
): TruthReport {
  const details = accounts.map((account): ChangeDetail => {
    const objects = judged(account);
    const { announcedEnding, change, ending } = account;
    return {
      change,
      announcedEnding,
      ending,
      objects: objects.length,
      right: objects.filter(({ isRight }) => isRight).length,
      wrong: objects.filter(({ isRight }) => !isRight),
      forbidden: objects.filter(({ isForbiddenAnnounced }) => isForbiddenAnnounced).map(({ object }) => object),
    };
  });
  const sum = (of: (detail: ChangeDetail) => number) => details.reduce((total, detail) => total + of(detail), 0);
  const [objects, right] = [sum((detail) => detail.objects), sum((detail) => detail.right)];
  return {
    changes: details.length,
    objects,
    kindOfOperationRight: right,
    forbiddenAnnounced: sum(({ forbidden }) => forbidden.length),
    score: objects === 0 ? 1 : right / objects,
    endingsRight: details.filter(isEndingRight).length,
    seed,
    seconds,
    details,
  };
}

/** Whether somebody who trusted the preview knew how it would end; refused or failed is for both of them no. */
export const isEndingRight = ({ announcedEnding, ending }: ChangeDetail): boolean =>
  (announcedEnding === "done") === (ending === "done");

/** Sentences of what is not as it must be. */
export function missedTargets(report: TruthReport): string[] {
  const wrong = report.details.flatMap(({ change, wrong }) =>
    wrong.map(
      ({ announced, done, object, seen }) =>
        `${change}: ${object} was announced as ${announced}, and was ${done} (${seen})`,
    ),
  );
  const forbidden = report.details.flatMap(({ change, forbidden }) =>
    forbidden.map((object) => `${change}: ${object} was announced, and is forbidden`),
  );
  const endings = report.details
    .filter((detail) => !isEndingRight(detail))
    .map(
      ({ announcedEnding, change, ending }) =>
        `${change}: the preview ended as ${announcedEnding}, the update as ${ending}`,
    );
  return [...wrong, ...forbidden, ...endings];
}
