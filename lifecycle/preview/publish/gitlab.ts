/** The one note of a project on a merge request of GitLab: made once, edited from then on. */
import { CommentApi, CommentError, required, type Upserted } from "./comment-api";

interface Note {
  readonly id: number;
  readonly body?: string;
  readonly system?: boolean;
  readonly author?: { readonly id?: number };
}

const PAGE = 100;
const MOST_PAGES = 100;

/**
 * @param mark the line that the body begins with
 * @param variables of the job: CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, and GITLAB_TOKEN, a project access
 *   token with the scope `api`: the job's own token may not write notes
 * @throws CommentError with the site's sentence, or naming the variable that is missing
 */
export async function upsertOnGitLab(body: string, mark: string, variables: NodeJS.ProcessEnv): Promise<Upserted> {
  const token = required(
    variables,
    ["GITLAB_TOKEN"],
    "a project access token with the scope api and the role Reporter",
  );
  const base = required(variables, ["CI_API_V4_URL"], "as GitLab CI sets it").replace(/\/$/, "");
  const project = required(variables, ["CI_PROJECT_ID"], "as GitLab CI sets it");
  const request = required(
    variables,
    ["CI_MERGE_REQUEST_IID"],
    'only pipelines of merge requests have it (rules: if $CI_PIPELINE_SOURCE == "merge_request_event")',
  );
  if (!/^\d+$/.test(request)) throw new CommentError(`CI_MERGE_REQUEST_IID is "${request}", must be a number`);
  const api = new CommentApi(base, { "private-token": token }, token);
  const path = `/projects/${encodeURIComponent(project)}/merge_requests/${request}/notes`;
  // notes of others cannot be edited, whatever they begin with
  const { value: self } = await api.call<{ readonly id: number }>("GET", "/user");
  const earlier = await find(api, path, mark, self.id);
  if (earlier) await api.call<Note>("PUT", `${path}/${earlier.id}`, { body });
  else await api.call<Note>("POST", path, { body });
  return { outcome: earlier ? "edited" : "created" };
}

async function find(api: CommentApi, path: string, mark: string, author: number): Promise<Note | undefined> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { value } = await api.call<readonly Note[]>(
      "GET",
      `${path}?per_page=${PAGE}&page=${page}&sort=asc&order_by=created_at`,
    );
    const found = value.find((one) => !one.system && one.body?.startsWith(mark) && one.author?.id === author);
    if (found || value.length < PAGE) return found;
  }
  return undefined;
}
