/**
 * Thanos on its own command lines and files. No part can be asked whether it would start, so each is started with one more
 * flag, a kind of tracing that does not exist: the program refuses that after it has read every other flag and its value,
 * and before it does anything.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { containersOf, type RenderedContainer } from "./container";
import { type FileVerdict, type Program, sentenceOf } from "./program";

const LAST_FLAG = "--tracing.config=type: NONE";
const REFUSED_LAST = "tracing with type NONE is not supported";

const STORE_FLAG = "--objstore.config-file=";
const RULES_FLAG = "--rule-file=";

/** What a store answers that does not exist: its configuration was read. */
const NOBODY_THERE = /connection refused/;

/** Every part of Thanos, its bucket and the ruler's rules. */
export const thanos: Program = {
  tool: "thanos",
  image: "thanos",
  judge: async (path, { imageRef, name, objects }, folder) => {
    const verdicts: FileVerdict[] = [];
    for (const container of containersOf(objects, imageRef("thanos"))) {
      verdicts.push(...(await judged(path, container, `${name}/${container.name}`, join(folder, name))));
    }
    return verdicts;
  },
};

async function judged(
  path: string,
  { args, env, files, name }: RenderedContainer,
  file: string,
  folder: string,
): Promise<FileVerdict[]> {
  const place = join(folder, name);
  const placed = (mounted: string, text = files.get(mounted) ?? "") => {
    const at = join(place, mounted);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    return at;
  };
  for (const mounted of files.keys()) placed(mounted);
  const run = (given: readonly string[]) =>
    execa(path, given, { all: true, cwd: folder, env: { ...env, ...KEYS }, extendEnv: false, reject: false });
  // as the kubelet fills them in
  const filledIn = args.map((arg) => arg.replaceAll(/\$\((\w+)\)/g, (_, variable) => env[variable] ?? ""));
  const started = await run([...filledIn, LAST_FLAG]);
  const verdicts = [verdict(file, started.all, started.all.includes(REFUSED_LAST))];
  for (const flag of args) {
    if (flag.startsWith(RULES_FLAG)) {
      const { all, failed } = await run(["tools", "rules-check", `--rules=${placed(flag.slice(RULES_FLAG.length))}`]);
      verdicts.push(verdict(`${file}/rules`, all, !failed));
    }
    if (flag.startsWith(STORE_FLAG)) {
      const mounted = flag.slice(STORE_FLAG.length);
      const at = placed(mounted, nearby(files.get(mounted) ?? "", join(place, "bucket")));
      const { all, failed } = await run(["tools", "bucket", "ls", `${STORE_FLAG}${at}`]);
      verdicts.push(verdict(`${file}/object-store`, all, !failed || NOBODY_THERE.test(all)));
    }
  }
  return verdicts;
}

/** Made up, for a store that is not there: without any the program asks whoever it can for some. */
const KEYS = { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none", AWS_EC2_METADATA_DISABLED: "true" };

/** The same store, but for where it is: a folder here, and no host beyond this machine. */
function nearby(text: string, folder: string): string {
  const { config, ...rest } = parse(text);
  mkdirSync(folder, { recursive: true });
  const moved = "directory" in config ? { directory: folder } : { endpoint: "127.0.0.1:1", max_retries: 1 };
  return stringify({ ...rest, config: { ...config, ...moved } });
}

/** What it says after its usage, or before it, is the reason. */
function verdict(file: string, said: string, accepted: boolean): FileVerdict {
  if (accepted) return { file };
  const reasons = said.split("\n").filter((line) => /error|unmarshal|not found|failed|expected/i.test(line));
  return { file, message: sentenceOf(reasons.length > 0 ? reasons.join("\n") : said) };
}
