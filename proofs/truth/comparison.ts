/** What a preview said of each object, held against what `up` did and what the API server saw. */
import type { Operation } from "../../lifecycle/preview/report";
import type { Seen } from "./witness";

/** What was said and done of one object. */
export interface Account {
  /** `hub: ConfigMap shop/page`. */
  readonly object: string;
  readonly announced: Operation;
  /** By the engine's events; `none` where the run ended before it. */
  readonly done: Exclude<Operation, "refused"> | "refused" | "none";
  /** By the API server. */
  readonly seen: Seen;
}

/** How a run ended. */
export type Ending = "done" | "refused" | "failed";

export interface ChangeAccount {
  readonly change: string;
  readonly announcedEnding: Ending;
  readonly ending: Ending;
  readonly accounts: readonly Account[];
}

export interface Judged extends Account {
  readonly isRight: boolean;
  /** Announced as made, and refused by a rule or the API server. */
  readonly isForbiddenAnnounced: boolean;
}

/** What the API server must have seen where an operation was done. */
const SEEN_AS: Readonly<Record<Exclude<Account["done"], "none">, readonly Seen[]>> = {
  // an object that was deleted by hand is made again by its update
  create: ["appeared", "changed", "as it was"],
  update: ["changed", "as it was", "appeared"],
  replace: ["another", "appeared"],
  delete: ["gone", "never there"],
  import: ["as it was", "changed"],
  // others may write into it meanwhile; that it is another one would be news
  unchanged: ["as it was", "changed", "never there"],
  refused: ["never there", "as it was", "changed"],
};

/** Objects of which nothing was said, and to which nothing was done, are no part of it. */
export const isOfAccount = ({ announced, done, seen }: Account): boolean =>
  announced !== "unchanged" || (done !== "unchanged" && done !== "none") || seen === "another" || seen === "gone";

/**
 * Whether the kind of operation was right, by the engine and by the API server. What a run that was announced to be refused
 * never got to was announced rightly: the preview said that the run would not be done.
 */
export function judged({ accounts, announcedEnding, ending }: ChangeAccount): Judged[] {
  const wasStopped = announcedEnding !== "done" && ending !== "done";
  return accounts.filter(isOfAccount).map((account) => {
    const { announced, done, seen } = account;
    const isNotReached =
      done === "none" && wasStopped && (seen === "as it was" || seen === "never there" || seen === "changed");
    const isAgreed = done === announced && SEEN_AS[done].includes(seen);
    const isRefusedBefore =
      announced === "refused" && done === "none" && wasStopped && seen !== "appeared" && seen !== "another";
    const isMade = announced === "create" || announced === "update" || announced === "replace";
    return {
      ...account,
      isRight: isAgreed || isNotReached || isRefusedBefore,
      isForbiddenAnnounced: isMade && done === "refused",
    };
  });
}
