/** `docs/reference/environment.md`: every field of an environment file. */
import { type EnvironmentField, environmentFields } from "./environment-fields";

/** @throws Error naming the field whose comment says nothing, or another default than the schema has */
export function environmentPage(): string {
  const fields = environmentFields();
  for (const field of fields) checkComment(field);
  const top = fields.filter(({ path }) => !path.includes("."));
  return [
    "# Environment file",
    "",
    "`environments/<name>.yaml` describes one environment: data, no code. The file's name is the environment's. It is checked as a",
    "whole before anything else happens; all faults are listed at once, each with its line, its value and what would be right. A",
    "field that is not listed here is a fault.",
    "",
    "`npm run reference` makes this page from `stacks/environment-schema.ts`. What must hold between fields (exactly one hub, exactly",
    "one default storage class per cluster, known teams and clusters, no namespace twice) is checked by",
    "`stacks/environment-checks.ts`, in the same list of faults. [`environments/dev.yaml`](../../environments/dev.yaml) is a small",
    "example, [`examples/prod`](../../examples/prod/README.md) a larger one.",
    "",
    "| field | | what it is |",
    "| --- | --- | --- |",
    ...top.map(
      ({ path, required, meaning }) =>
        `| [\`${path}\`](#${path.toLowerCase()}) | ${required ? "required" : ""} | ${meaning} |`,
    ),
    "",
    ...top.flatMap((field) => section(field, fields)),
  ].join("\n");
}

function section(top: EnvironmentField, all: readonly EnvironmentField[]): string[] {
  const inside = all.filter(({ path }) => path.startsWith(`${top.path}.`));
  return [
    `## ${top.path}`,
    "",
    ...(inside.length > 0 ? [top.meaning, ""] : []),
    "| field | value | default | what it is |",
    "| --- | --- | --- | --- |",
    ...(inside.length > 0 ? inside : [top]).map(row),
    "",
  ];
}

function row({ meaning, path, required, saidDefault, type }: EnvironmentField): string {
  const value = type.replaceAll(" | ", ", ");
  return `| \`${path}\` | ${value} | ${required ? "required" : (saidDefault ?? "")} | ${meaning} |`;
}

function checkComment({ meaning, path, saidDefault, schemaDefault }: EnvironmentField): void {
  if (meaning === "") throw new Error(`stacks/environment-schema.ts: ${path} has no comment that says what it is`);
  const isEmpty = schemaDefault === "[]" || schemaDefault === "{}";
  const matches = isEmpty ? saidDefault?.startsWith("none") : saidDefault?.startsWith(schemaDefault ?? "");
  if (schemaDefault !== undefined && !matches) {
    throw new Error(
      `stacks/environment-schema.ts: the comment of ${path} says @default ${saidDefault}, the schema fills in ${schemaDefault}`,
    );
  }
}
