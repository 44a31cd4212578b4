/** What a webhook is asked about, put together for people. */
import type { ApiRequest } from "./api-request";
import type { Webhook } from "./webhook";
import { isAsked } from "./webhook-match";

/** Requests that a webhook is asked about, and those of which nobody can say. */
export interface AskedAbout {
  readonly surely: readonly ApiRequest[];
  readonly perhaps: readonly ApiRequest[];
}

export function askedAbout(webhook: Webhook, requests: readonly ApiRequest[]): AskedAbout {
  const answers = requests.map((request) => ({ request, isAsked: isAsked(webhook, request) }));
  const of = (wanted: boolean | undefined) =>
    answers.filter((one) => one.isAsked === wanted).map(({ request }) => request);
  return { surely: of(true), perhaps: of(undefined) };
}

/** `create Pods, create and update Leases`. */
export function shownRequests(requests: readonly ApiRequest[]): string {
  const byObject = new Map<string, Set<string>>();
  for (const { operation, what } of requests) {
    byObject.set(what, (byObject.get(what) ?? new Set()).add(operation.toLowerCase()));
  }
  return [...byObject].map(([what, operations]) => `${joined([...operations])} ${what}`).join(", ");
}

export function joined(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
