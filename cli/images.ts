/** `fleetwright images resolve`: the image lock, filled from the registries. Upkeep of this repository, so it is not among the nine verbs. */
import Table from "cli-table3";
import { Command } from "commander";
import { imageLockFile, readImageFile, readImageLock } from "../components/images";
import { type ImageResolution, resolveImages } from "../lifecycle/images";
import { projectRoot } from "../stacks/project";
import { type Format, printDocument } from "./output";

export function imagesCommand(): Command {
  const resolve = new Command("resolve")
    .summary("fill in missing digests, confirm the others")
    .description(
      "Asks each image's registry for the digest of its tag and writes it to the image lock. A locked digest is never replaced.\n" +
        "Exit codes: 0 all digests are known, 3 a registry has another digest than the lock, 5 a registry could not tell.",
    )
    .option(
      "--file <path>",
      "image lock to read and write (default: the project's own, for its images and the platform's)",
    )
    .action(async ({ file, output }: { file?: string; output: Format }) => {
      const root = projectRoot();
      const results = file
        ? await resolveImages(file, readImageFile(file))
        : await resolveImages(imageLockFile(root), readImageLock(root));
      const summary = { resolved: 0, confirmed: 0, differs: 0, unknown: 0 };
      for (const { outcome } of results) summary[outcome]++;
      if (output === "table") printTable(results);
      else printDocument("ImageResolution", { results, summary }, output);
      process.exitCode = summary.differs ? 3 : summary.unknown ? 5 : 0;
    });
  return new Command("images").summary("the image lock").addCommand(resolve);
}

function printTable(results: readonly ImageResolution[]) {
  const table = new Table({ head: ["image", "digest", "outcome"], style: { head: [], border: [] } });
  for (const { image, digest, outcome } of results) table.push([image, digest, outcome]);
  process.stdout.write(`${table.toString()}\n`);
  for (const { message } of results) if (message !== undefined) process.stderr.write(`${message}\n`);
}
