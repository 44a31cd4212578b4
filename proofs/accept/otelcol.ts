/** `otelcol validate` on the configuration of every collector, with the variables that its container has. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { containersOf, type RenderedContainer } from "./container";
import type { FileVerdict, Program } from "./program";

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
async function validated(
  path: string,
  { args, env, files, name }: RenderedContainer,
  file: string,
  folder: string,
): Promise<FileVerdict> {
  const place = join(folder, name);
  for (const [mounted, text] of files) {
    mkdirSync(join(place, dirname(mounted)), { recursive: true });
    writeFileSync(join(place, mounted), text);
  }
  const moved = args.map((arg) => (arg.startsWith(CONFIG) ? `${CONFIG}${join(place, arg.slice(CONFIG.length))}` : arg));
  const { all, failed } = await execa(path, ["validate", ...moved], {
    all: true,
    env,
    extendEnv: false,
    reject: false,
  });
  return failed ? { file, message: all.trim() || "ended without a word" } : { file };
}
