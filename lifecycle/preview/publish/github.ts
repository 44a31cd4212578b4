/** The one comment of a project on a pull request of GitHub: made once, edited from then on. */
import { existsSync, readFileSync } from "node:fs";
import { CommentApi, CommentError, required, type Upserted } from "./comment-api";

interface IssueComment {
  readonly id: number;
  readonly body?: string | null;
  readonly html_url?: string;
  readonly author_association?: string;
  readonly user?: { readonly type?: string } | null;
}

const PAGE = 100;
/** Pages that are looked through: more comments than that no pull request has. */
const MOST_PAGES = 100;

/** Whoever else writes a comment that begins with our mark could later change what it says. */
const TRUSTED = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

/**
 * @param mark the line that the body begins with
 * @param variables of the job: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_EVENT_PATH or GITHUB_REF, GITHUB_API_URL
 * @throws CommentError with the site's sentence, or naming the variable that is missing
 */
export async function upsertOnGitHub(body: string, mark: string, variables: NodeJS.ProcessEnv): Promise<Upserted> {
  const token = required(variables, ["GITHUB_TOKEN"], "the job's token, with the permission pull-requests: write");
  const repository = required(variables, ["GITHUB_REPOSITORY"], "owner/name, as GitHub Actions sets it");
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new CommentError(`GITHUB_REPOSITORY is "${repository}", must be owner/name`);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  };
  const api = new CommentApi((variables.GITHUB_API_URL || "https://api.github.com").replace(/\/$/, ""), headers, token);
  const path = `/repos/${repository}/issues`;
  const earlier = await find(api, `${path}/${pullRequestOf(variables)}/comments`, mark);
  const { value } = earlier
    ? await api.call<IssueComment>("PATCH", `${path}/comments/${earlier.id}`, { body })
    : await api.call<IssueComment>("POST", `${path}/${pullRequestOf(variables)}/comments`, { body });
  return { outcome: earlier ? "edited" : "created", ...(value.html_url ? { url: value.html_url } : {}) };
}

async function find(api: CommentApi, path: string, mark: string): Promise<IssueComment | undefined> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { value } = await api.call<readonly IssueComment[]>("GET", `${path}?per_page=${PAGE}&page=${page}`);
    const found = value.find((one) => one.body?.startsWith(mark) && isTrusted(one));
    if (found || value.length < PAGE) return found;
  }
  return undefined;
}

const isTrusted = ({ author_association = "", user }: IssueComment) =>
  user?.type === "Bot" || TRUSTED.has(author_association);

/** @throws CommentError when the job belongs to no pull request */
function pullRequestOf({ GITHUB_EVENT_PATH: file, GITHUB_REF: ref = "" }: NodeJS.ProcessEnv): number {
  const event = file && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Event) : {};
  const number =
    event.pull_request?.number ?? event.issue?.number ?? Number(/^refs\/pull\/(\d+)\//.exec(ref)?.[1] ?? Number.NaN);
  if (Number.isInteger(number)) return number;
  throw new CommentError("this job belongs to no pull request: neither GITHUB_EVENT_PATH nor GITHUB_REF names one");
}

interface Event {
  readonly pull_request?: { readonly number: number };
  readonly issue?: { readonly number: number };
}
