/**
 * A store that a team's own program reaches, in the manner of git's and docker's credential helpers:
 *
 *     <program> get <entry>       prints the entry as a JSON object of strings, or nothing where there is none
 *     <program> put <entry>       takes such an object on its input
 *     <program> delete <entry>
 *
 * Whatever it prints otherwise is not passed on: a message of it may hold what it was given.
 */
import { execa } from "execa";
import { z } from "zod";
import type { StoreEntry } from "../../sandbox/secrets/sealed-store";
import { StoreUnavailable } from "./credentials-error";

/** Longest that one call takes: a login and one request to a cloud. */
const TIMEOUT_SECONDS = 30;

const Entry = z.record(z.string(), z.string());

export class ProgramStore {
  /**
   * @param program file and first arguments
   * @param root folder that it is run in
   */
  constructor(
    private readonly program: readonly string[],
    private readonly root: string,
  ) {}

  /** @throws StoreUnavailable when the program fails, or prints no JSON object of strings */
  async get(entry: string): Promise<StoreEntry | undefined> {
    const printed = await this.run("get", entry);
    if (printed.trim() === "") return undefined;
    try {
      return Entry.parse(JSON.parse(printed));
    } catch {
      throw new StoreUnavailable(`secretStore.program: \`get ${entry}\` printed no JSON object of strings`);
    }
  }

  /** @throws StoreUnavailable when the program fails */
  async put(entry: string, contents: StoreEntry): Promise<void> {
    await this.run("put", entry, JSON.stringify(contents));
  }

  /** @throws StoreUnavailable when the program fails */
  async delete(entry: string): Promise<void> {
    await this.run("delete", entry);
  }

  private async run(verb: string, entry: string, input = ""): Promise<string> {
    const [file = "", ...words] = this.program;
    const { exitCode, failed, stdout, timedOut } = await execa(file, [...words, verb, entry], {
      cwd: this.root,
      input,
      reject: false,
      timeout: TIMEOUT_SECONDS * 1000,
    });
    if (!failed) return stdout;
    const how = timedOut ? `took more than ${TIMEOUT_SECONDS} s` : `ended with ${exitCode ?? "no exit code"}`;
    throw new StoreUnavailable(
      `secretStore.program: \`${file} ${verb} ${entry}\` ${how}: run it by hand to see why; what it prints is not shown here`,
    );
  }
}
