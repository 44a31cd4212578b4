/** `otelcol validate` on the configuration of every collector, with the variables that its container has. */
import { join } from "node:path";
import { execa } from "execa";
import { containersOf, type RenderedContainer } from "./container";
import { mounted } from "./mounted";
import { type FileVerdict, type Program, sentenceOf } from "./program";

const CONFIG = "--config=";

/** The platform's own distribution of the OpenTelemetry Collector. */
export const otelcol: Program = {
  tool: "otelcol",
  image: "opentelemetry-collector",
  judge: async (path, { imageRef, name, objects }, folder) => {
    const verdicts: FileVerdict[] = [];
    for (const container of containersOf(objects, imageRef("opentelemetry-collector"))) {
      verdicts.push(await validated(path, container, `${name}/${container.name}`, join(folder, name)));
    }
    return verdicts;
  },
};

/** The container's own arguments, but for where its files lie. */
export async function validated(
  path: string,
  container: RenderedContainer,
  file: string,
  folder: string,
): Promise<FileVerdict> {
  const moved = mounted(container, folder);
  const args = container.args.map((arg) =>
    arg.startsWith(CONFIG) ? `${CONFIG}${moved(arg.slice(CONFIG.length))}` : arg,
  );
  const { all, failed } = await execa(path, ["validate", ...args], {
    all: true,
    env: container.env,
    extendEnv: false,
    reject: false,
  });
  return failed ? { file, message: sentenceOf(all) } : { file };
}
