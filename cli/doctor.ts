/** `fleetwright doctor`: is everything this environment needs there? */
import { Command } from "commander";
import { countByCluster, fleetRows, fleetTable } from "../lifecycle/fleet";
import { type Readiness, readiness } from "../lifecycle/readiness";
import { projectRoot } from "../stacks/project";
import { renderedFiles } from "../stacks/render";
import { environmentOf, environmentOption } from "./environment-option";
import { type Format, printDocument } from "./output";

export function doctorCommand(): Command {
  return new Command("doctor")
    .summary("is everything this environment needs there?")
    .description(
      "Looks at Node, the pinned tools, upstream manifests, the last run, and each cluster; says each missing thing with its cure,\n" +
        "and ends with the fleet. Changes nothing. Exits 4 when something is missing.",
    )
    .addOption(environmentOption())
    .action(async (options: { environment: string; output: Format }) => {
      const environment = environmentOf(options);
      const found = await readiness(environment, projectRoot());
      const upstreamIsThere = found.checks.some(({ name, ok }) => name === "upstream manifests" && ok);
      const counts = upstreamIsThere ? countByCluster(renderedFiles(environment)) : {};
      const fleet = fleetRows(environment, counts, found.states);
      const missing = found.checks.filter(({ ok }) => !ok).length;
      if (options.output === "table") {
        process.stdout.write(`${report(found)}\n\n${fleetTable(fleet)}\n`);
      } else {
        const { states: _, ...body } = found;
        const summary = { ready: missing === 0, missing };
        printDocument("DoctorReport", { environment: environment.name, ...body, fleet, summary }, options.output);
      }
      if (missing > 0) process.exitCode = 4;
    });
}

function report({ checks, unresolvedImages }: Readiness): string {
  const lines = checks.flatMap(({ name, ok, message, cure }) => [
    `${ok ? "ok     " : "MISSING"}  ${name}: ${message}`,
    ...(cure ? [`         → ${cure}`] : []),
  ]);
  const images = unresolvedImages.map(
    (image) => `note     image ${image} has no digest yet: production refuses it (IM-02)`,
  );
  return [...lines, ...images].join("\n");
}
