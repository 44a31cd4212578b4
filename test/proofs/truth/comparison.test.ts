import { describe, expect, it } from "@jest/globals";
import { type Account, type ChangeAccount, judged } from "../../../proofs/truth/comparison";
import { missedTargets, reportOf } from "../../../proofs/truth/report";

const account = (announced: Account["announced"], done: Account["done"], seen: Account["seen"]): Account => ({
  object: "ConfigMap shop/page",
  announced,
  done,
  seen,
});

const of = (accounts: readonly Account[], endings: Partial<ChangeAccount> = {}) =>
  judged({ change: "one", announcedEnding: "done", ending: "done", accounts, ...endings });

const isRight = (...accounts: Parameters<typeof account>) => of([account(...accounts)])[0]?.isRight;

describe("what a preview said of an object", () => {
  it("is right where the engine did it and the API server saw it", () => {
    expect(isRight("create", "create", "appeared")).toBe(true);
    expect(isRight("replace", "replace", "another")).toBe(true);
    expect(isRight("delete", "delete", "gone")).toBe(true);
  });

  it("is wrong where the engine did something else", () => {
    expect(isRight("update", "replace", "another")).toBe(false);
    expect(isRight("unchanged", "update", "changed")).toBe(false);
    expect(isRight("delete", "none", "as it was")).toBe(false);
  });

  it("is wrong where the API server saw something else than the engine says", () => {
    expect(isRight("update", "update", "another")).toBe(false);
    expect(isRight("replace", "replace", "changed")).toBe(false);
    expect(isRight("create", "create", "never there")).toBe(false);
    expect(isRight("unchanged", "unchanged", "gone")).toBe(false);
  });

  it("counts neither way where nothing was said and nothing happened", () => {
    expect(of([account("unchanged", "unchanged", "as it was"), account("unchanged", "unchanged", "changed")])).toEqual(
      [],
    );
  });

  it("is right where the run was announced to be refused, and was, before it got there", () => {
    const notReached = [account("create", "none", "never there")];
    const refused = { announcedEnding: "refused", ending: "refused" } as const;
    expect(of(notReached, refused)[0]?.isRight).toBe(true);
    expect(of(notReached, { ending: "refused" })[0]?.isRight).toBe(false);
    expect(of([account("create", "none", "appeared")], refused)[0]?.isRight).toBe(false);
  });

  it("is right of a refused object only where it does not come to be", () => {
    const refused = { announcedEnding: "refused", ending: "refused" } as const;
    expect(of([account("refused", "refused", "never there")], refused)[0]?.isRight).toBe(true);
    expect(of([account("refused", "create", "appeared")])[0]?.isRight).toBe(false);
  });
});

describe("the report", () => {
  const accounts: ChangeAccount[] = [
    { change: "fine", announcedEnding: "done", ending: "done", accounts: [account("create", "create", "appeared")] },
    {
      change: "forbidden",
      announcedEnding: "done",
      ending: "refused",
      accounts: [account("create", "refused", "never there")],
    },
  ];

  it("counts a forbidden object that was announced, and the share that was right", () => {
    const report = reportOf(accounts, { seed: 7, seconds: 1 });
    expect(report).toMatchObject({
      changes: 2,
      objects: 2,
      kindOfOperationRight: 1,
      forbiddenAnnounced: 1,
      score: 0.5,
      endingsRight: 1,
    });
    expect(missedTargets(report)).toEqual([
      "forbidden: ConfigMap shop/page was announced as create, and was refused (never there)",
      "forbidden: ConfigMap shop/page was announced, and is forbidden",
      "forbidden: the preview ended as done, the update as refused",
    ]);
  });

  it("is whole where nothing changed", () => {
    expect(reportOf([], { seed: 7, seconds: 1 })).toMatchObject({ objects: 0, score: 1 });
  });
});
