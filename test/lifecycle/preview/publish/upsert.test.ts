import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { commentMark } from "../../../../lifecycle/preview/comment";
import { CommentError } from "../../../../lifecycle/preview/publish/comment-api";
import { upsertOnGitHub } from "../../../../lifecycle/preview/publish/github";
import { upsertOnGitLab } from "../../../../lifecycle/preview/publish/gitlab";
import { CommentSite, TOKEN } from "./comment-site";

const folder = mkdtempSync(join(tmpdir(), "fw-upsert-"));
const event = join(folder, "event.json");
let site: CommentSite;
let base: string;

beforeAll(() => writeFileSync(event, JSON.stringify({ pull_request: { number: 12 } })));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  site = new CommentSite();
  base = await site.start();
});
afterEach(() => site.stop());

const mark = (project: string) => commentMark({ project, stacks: [] });
const sites = {
  github: {
    upsert: upsertOnGitHub,
    variables: () => ({
      GITHUB_TOKEN: TOKEN,
      GITHUB_REPOSITORY: "acme/team",
      GITHUB_EVENT_PATH: event,
      GITHUB_API_URL: base,
    }),
    token: "GITHUB_TOKEN",
    edit: "PATCH /repos/acme/team/issues/comments/1",
  },
  gitlab: {
    upsert: upsertOnGitLab,
    variables: () => ({ GITLAB_TOKEN: TOKEN, CI_API_V4_URL: base, CI_PROJECT_ID: "34", CI_MERGE_REQUEST_IID: "12" }),
    token: "GITLAB_TOKEN",
    edit: "PUT /projects/34/merge_requests/12/notes/1",
  },
};

describe.each(Object.entries(sites))("on %s", (name, { edit, token, upsert, variables }) => {
  const write = (project: string, text: string, more = {}) =>
    upsert(`${mark(project)}\n${text}`, mark(project), { ...variables(), ...more });

  it("a comment is made once, and edited from then on", async () => {
    expect((await write("team", "first")).outcome).toBe("created");
    expect((await write("team", "second")).outcome).toBe("edited");
    expect(site.comments.map(({ body }) => body)).toEqual([`${mark("team")}\nsecond`]);
    expect(site.calls).toContain(edit);
  });

  it("projects do not overwrite one another", async () => {
    for (const [project, text] of [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
    ] as const)
      await write(project, text);
    expect(site.comments.map(({ body }) => body.split("\n")[1])).toEqual(["3", "2"]);
  });

  it("an earlier comment is found on a later page", async () => {
    for (let id = 1; id <= 230; id += 1)
      site.comments.push({ id, body: "talk", user: { type: "User" }, author: { id: 1 } });
    await write("team", "first");
    expect((await write("team", "second")).outcome).toBe("edited");
    expect(site.comments).toHaveLength(231);
    expect(site.calls.filter((call) => call.startsWith("GET") && call.includes("page=3"))).toHaveLength(2);
  });

  it("a comment of somebody else's that begins with the mark is left alone", async () => {
    site.comments.push({
      id: 1,
      body: `${mark("team")}\nall is well`,
      user: { type: "User" },
      author_association: "NONE",
      author: { id: 99 },
    });
    expect((await write("team", "refused")).outcome).toBe("created");
    expect(site.comments.map(({ body }) => body.split("\n")[1])).toEqual(["all is well", "refused"]);
  });

  it("a site that is late is asked again, but nothing is made twice", async () => {
    site.failures.push(
      { status: 429, headers: { "retry-after": "0" } },
      { status: 502, headers: { "retry-after": "0" } },
    );
    expect((await write("team", "first")).outcome).toBe("created");
    const gets =
      name === "gitlab"
        ? [
            { status: 200, body: { id: 7 } },
            { status: 200, body: [] },
          ]
        : [{ status: 200, body: [] }];
    site.failures.push(...(gets as never[]), { status: 502, headers: { "retry-after": "0" } });
    await expect(write("other", "second")).rejects.toThrow(CommentError);
    expect(site.comments).toHaveLength(1);
  });

  it("a refusal is the site's sentence, without the token", async () => {
    site.failures.push({ status: 403, body: { message: `Resource not accessible with ${TOKEN}` } });
    const wrong = await write("team", "first").catch((error: Error) => error.message);
    expect(wrong).toContain("403 Resource not accessible with [token]");
    expect(wrong).not.toContain("CANARY");
  });

  it.each(["http://example.com/api", "ftp://127.0.0.1", "nothing"])(
    "the token goes nowhere unencrypted: %s",
    async (address) => {
      const more = { GITHUB_API_URL: address, CI_API_V4_URL: address };
      await expect(write("team", "first", more)).rejects.toThrow(/must be https|is no URL/);
    },
  );

  it("what is missing is named", async () => {
    await expect(write("team", "first", { [token]: "" })).rejects.toThrow(`${token} is not set`);
    const nowhere = { CI_MERGE_REQUEST_IID: "", GITHUB_EVENT_PATH: "", GITHUB_REF: "refs/heads/main" };
    await expect(write("team", "first", nowhere)).rejects.toThrow(
      /CI_MERGE_REQUEST_IID is not set|belongs to no pull request/,
    );
  });
});

it("on GitHub the pull request is read from the ref where there is no event", async () => {
  await upsertOnGitHub("x", "x", {
    ...sites.github.variables(),
    GITHUB_EVENT_PATH: "",
    GITHUB_REF: "refs/pull/77/merge",
  });
  expect(site.calls.at(-1)).toBe("POST /repos/acme/team/issues/77/comments");
});
