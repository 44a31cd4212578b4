/**
 * `loki -verify-config` on the configuration of every Loki, and on each tenant's limits: those the program rereads while
 * it runs and does not verify, so they are put in the place of the limits of all.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { containersOf, type RenderedContainer } from "./container";
import { mounted } from "./mounted";
import { type FileVerdict, type Program, sentenceOf } from "./program";

const CONFIG = "-config.file=";

interface Configuration {
  readonly limits_config: object;
  readonly runtime_config: { readonly file: string };
}

interface Overrides {
  readonly overrides: Readonly<Record<string, object>>;
}

export const loki: Program = {
  tool: "loki",
  image: "loki",
  judge: async (path, { imageRef, name, objects }, folder) => {
    const verdicts: FileVerdict[] = [];
    for (const container of containersOf(objects, imageRef("loki"))) {
      verdicts.push(...(await verified(path, container, `${name}/${container.name}`, join(folder, name))));
    }
    return verdicts;
  },
};

async function verified(
  path: string,
  container: RenderedContainer,
  name: string,
  folder: string,
): Promise<FileVerdict[]> {
  const config = container.args.find((arg) => arg.startsWith(CONFIG))?.slice(CONFIG.length) ?? "";
  const moved = mounted(container, folder);
  const verify = async (file: string, at: string): Promise<FileVerdict> => {
    const args = container.args.map((arg) => (arg.startsWith(CONFIG) ? `${CONFIG}${at}` : arg));
    const { all, failed } = await execa(path, [...args, "-verify-config"], {
      all: true,
      env: container.env,
      extendEnv: false,
      reject: false,
    });
    return failed ? { file, message: sentenceOf(all) } : { file };
  };
  const configuration: Configuration = parse(container.files.get(config) ?? "");
  const { overrides }: Overrides = parse(container.files.get(configuration.runtime_config.file) ?? "overrides: {}");
  const verdicts = [await verify(name, moved(config))];
  for (const [tenant, limits] of Object.entries(overrides)) {
    const at = moved(`${config}.${tenant}`);
    const merged = { ...configuration, limits_config: { ...configuration.limits_config, ...limits } };
    writeFileSync(at, stringify(merged));
    verdicts.push(await verify(`${name}/overrides/${tenant}`, at));
  }
  return verdicts;
}
