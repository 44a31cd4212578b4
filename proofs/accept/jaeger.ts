/** `jaeger validate` on the configuration of every role: the program is a collector, and asked as one. */
import { join } from "node:path";
import { containersOf } from "./container";
import { validated } from "./otelcol";
import type { FileVerdict, Program } from "./program";

export const jaeger: Program = {
  tool: "jaeger",
  image: "jaeger",
  judge: async (path, { imageRef, name, objects }, folder) => {
    const verdicts: FileVerdict[] = [];
    for (const container of containersOf(objects, imageRef("jaeger"))) {
      verdicts.push(await validated(path, container, `${name}/${container.name}`, join(folder, name)));
    }
    return verdicts;
  },
};
