/** The components of a team's own: the files of its project's `components/`. The platform's repository has none of this kind. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type OwnComponent, OwnComponentError } from "../components/own-component";
import { packageRoot } from "../components/package-root";

/** JavaScript, as Node loads it; TypeScript is compiled beside it by the team. */
const FILE = /^(.+)\.c?js$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Every component of a project by its file's name, in the order of the names.
 *
 * @param project folder of Pulumi.yaml
 * @throws OwnComponentError naming the file: its name is no DNS label, it cannot be loaded, or it exports no function `objects`
 */
export function ownComponents(project: string): ReadonlyMap<string, OwnComponent> {
  const folder = join(project, "components");
  if (project === packageRoot() || !existsSync(folder)) return new Map();
  const load = createRequire(join(project, "package.json"));
  const files = readdirSync(folder).filter((file) => FILE.test(file));
  return new Map(
    files.sort().map((file) => {
      const name = FILE.exec(file)?.[1] ?? "";
      if (!DNS_LABEL.test(name))
        throw new OwnComponentError(`components/${file}: its name must be a DNS label (RFC 1123)`);
      return [name, componentOf(`components/${file}`, () => load(join(folder, file)))];
    }),
  );
}

function componentOf(file: string, load: () => unknown): OwnComponent {
  let exported: unknown;
  try {
    exported = load();
  } catch (error) {
    throw new OwnComponentError(`${file} cannot be loaded: ${(error as Error).message.split("\n")[0]}`);
  }
  const component = (exported as { default?: unknown })?.default ?? exported;
  if (typeof (component as Partial<OwnComponent>)?.objects === "function") return component as OwnComponent;
  throw new OwnComponentError(
    `${file} exports no function \`objects\`: must be module.exports = { objects: (context) => [ … ] }`,
  );
}
