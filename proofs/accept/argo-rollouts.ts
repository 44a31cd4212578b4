/**
 * Argo Rollouts' controller on its own command line. It cannot be asked whether it would start, so it is started with one
 * more flag: it tells its version after it has read every other flag and its value, and before it does anything.
 */
import { execa } from "execa";
import { containersOf } from "./container";
import { type FileVerdict, type Program, sentenceOf } from "./program";

const LAST_FLAG = "--version";

/** The controller of canaries. */
export const argoRollouts: Program = {
  tool: "argo-rollouts",
  image: "argo-rollouts",
  judge: async (path, { imageRef, name, objects }) => {
    const verdicts: FileVerdict[] = [];
    for (const { args, env, name: container } of containersOf(objects, imageRef("argo-rollouts"))) {
      const file = `${name}/${container}`;
      const { all, failed } = await execa(path, [...args, LAST_FLAG], {
        all: true,
        env,
        extendEnv: false,
        reject: false,
      });
      verdicts.push(failed ? { file, message: reasonOf(all) } : { file });
    }
    return verdicts;
  },
};

/** Its usage follows, and then the reason again. */
const reasonOf = (said: string) => sentenceOf(said.split("\n").find((line) => line.trim() !== "") ?? "");
