import { describe, expect, it } from "@jest/globals";
import { comment, commentMark, LONGEST_COMMENT } from "../../../lifecycle/preview/comment";
import { block, code } from "../../../lifecycle/preview/markdown";
import { previewReport } from "../../../lifecycle/preview/summary";
import { previewText } from "../../../lifecycle/preview/text";
import { aChange, aStack } from "./a-report";

const scope = { project: "team", stacks: [] };

describe("a comment", () => {
  const gone = aChange({
    operation: "delete",
    kind: "Namespace",
    namespace: "",
    interrupts: ["all that lies in it is deleted"],
  });
  const report = previewReport("team", [
    aStack({
      changes: [gone, aChange({ operation: "create", name: "fresh" })],
      tenants: [{ tenant: "shop", team: "payments", cluster: "hub", changes: 2, destructive: 1 }],
      policies: [
        { id: "IM-03", verdict: "deny", refuses: true, message: "is in no allowed registry" },
        { id: "PS-01", verdict: "undetermined", refuses: false, message: "image is not known" },
      ],
      exemptions: {
        inForce: 2,
        exempted: 9,
        ending: ["IM-01: the exemption of Pod a/b ends today, on 2027-01-01"],
        unused: [],
      },
      notKnown: ["cluster east cannot be reached (no route)"],
    }),
  ]);
  const text = comment(report, scope);

  it("says first what is lost, whose it is, and what refuses; then what was not known; then the folds", () => {
    const order = [
      "| `hub` |",
      "**Replaced or deleted**",
      "**Tenants touched**",
      "**Refused**",
      "**Could not be judged**",
      "**Exemptions**",
      "**Could not be known**",
      "<details>",
    ];
    const places = order.map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(text).toContain("all that lies in it is deleted");
    expect(text).toContain("ends today, on 2027-01-01");
  });

  it("begins with a mark that differs by project and by what was asked for, and ends no HTML comment early", () => {
    expect(text.startsWith(`${commentMark(scope)}\n`)).toBe(true);
    const marks = [
      scope,
      { ...scope, project: "other" },
      { ...scope, environment: "prod" },
      { ...scope, stacks: ["a"] },
    ].map(commentMark);
    expect(new Set(marks).size).toBe(4);
    expect(commentMark({ project: "--> <script>", stacks: ["-->"] })).toMatch(/^<!-- [\w%]+ -->$/);
  });

  it("says that nothing changes where nothing does", () => {
    expect(comment(previewReport("team", [aStack()]), scope)).toContain("no changes");
  });
});

describe("words of others", () => {
  const evil = [
    "</code></details><script>alert(1)</script>",
    "` @everyone #1 [click](https://evil.example) `",
    "``` \n\n# heading\n\n| a | b |\n| - | - |",
    "<!-- fleetwright%2Dpreview -->",
    "a\\|b | c",
    "right\u202eleft \u200b \u0007",
  ];
  const changes = evil.flatMap((name) => [
    aChange({ name, operation: "delete", interrupts: [name], component: name }),
    aChange({ name, operation: "update", fields: [{ path: name, change: "update", from: name, to: name }] }),
    aChange({ name, operation: "refused", refusals: [{ by: "admission", message: name }], unknown: [name] }),
    aChange({ name, operation: "create", unknown: [name] }),
  ]);
  const verdicts = evil.map((message) => ({
    id: message,
    verdict: "deny" as const,
    refuses: true,
    message,
    resource: aChange({ name: message }),
  }));
  const tenants = evil.map((tenant) => ({ tenant, team: tenant, cluster: tenant, changes: 1, destructive: 1 }));
  const stack = aStack({
    changes,
    policies: verdicts,
    tenants,
    notKnown: evil,
    notes: evil,
    error: evil.join("\n"),
    outcome: "failed",
    stack: evil[0] ?? "",
  });

  it("stay words in a comment: outside of code there is none of their markup", () => {
    const text = comment(previewReport(evil[2] ?? "", [stack]), scope);
    const [, ...lines] = text.split("\n");
    const outside = lines.map((line) => withoutCode(line)).join("\n");
    expect(outside).not.toMatch(/script|everyone|evil\.example|heading|fleetwright%2D/);
    expect(outside.replaceAll(/<\/?(details|summary)>/g, "")).not.toMatch(/[<>]/);
    for (const unseen of ["\u202e", "\u200b", "\u0007"]) expect(text).not.toContain(unseen);
    // cells of the table are as many as its head has
    for (const row of lines.filter((line) => line.startsWith("|"))) expect(row.split("|")).toHaveLength(10);
  });

  it("move no cursor and colour nothing in a terminal", () => {
    const said = previewText(
      previewReport("team", [
        aStack({ notes: ["\u001b[2J\u001b[31mgone"], changes: [aChange({ name: "a\u001b[1A" })] }),
      ]),
    );
    expect(said).not.toContain("\u001b");
  });

  it.each(["a`b", "``", "`", "x``y`", "", " "])("are one piece of code whatever ticks they hold: %j", (words) => {
    expect(withoutCode(`- ${code(words)} end`)).toBe("-  end");
    expect(block(words).split("\n")[0]).toMatch(/^`{3,}text$/);
  });
});

/** A line without its code, as CommonMark reads it: a run of ticks up to the next run of as many. */
function withoutCode(line: string): string {
  return line.replace(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, "");
}

describe("the size of a comment", () => {
  const long = "ж".repeat(400);
  const stacks = Array.from({ length: 60 }, (_, index) =>
    aStack({
      stack: `prod-${index}`,
      changes: Array.from({ length: 60 }, (_, object) =>
        aChange({
          name: `${long}-${object}`,
          operation: (["delete", "refused", "update", "create"] as const)[object % 4] ?? "create",
          interrupts: [long],
          refusals: object % 4 === 1 ? [{ by: "admission", message: long }] : [],
          unknown: object % 4 === 3 ? [long] : [],
          fields: [{ path: long, change: "update", from: long, to: long }],
        }),
      ),
      notKnown: [long],
    }),
  );
  const report = previewReport("team", stacks);

  it.each(Object.entries(LONGEST_COMMENT))("stays below what %s takes (%i), and says what was cut", (_, most) => {
    const text = comment(report, scope, { most });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
    expect(text).toMatch(/are not shown: |Left out for want of room/);
    expect((text.match(/<details>/g) ?? []).length).toBe((text.match(/<\/details>/g) ?? []).length);
  });

  it("keeps the first part whole: refusals and losses are there, however much there is", () => {
    const text = comment(report, scope);
    for (const words of [
      "**Replaced or deleted** (900)",
      "**Refused** (900)",
      "**Not known before `up`** (900)",
      "**Could not be known** (60)",
    ]) {
      expect(text).toContain(words);
    }
    expect(text.indexOf("<details>")).toBeGreaterThan(text.indexOf("**Could not be known**"));
  });

  it("leaves out creations before refusals", () => {
    const text = comment(report, scope);
    expect(text).toContain("All that is refused (900)");
    expect(text).not.toContain("<summary>Created");
  });
});
