/** Whether what an environment installs works together; each fault is one of the environment file. */
import { type Installed, kubernetesFault, PROGRAMS, versionFault } from "../components/compatibility";
import { readImageLock } from "../components/images";
import { readUpstreamLock } from "../components/upstream/lock";
import type { CrossFault } from "./environment-checks";
import type { EnvironmentSpec } from "./environment-schema";
import { makesBackups } from "./velero-args";

type InstallingSpec = Pick<EnvironmentSpec, "components" | "objectStore" | "sandbox">;

/** The programs that the platform installs in this environment, with their versions by the locks. */
export function installedPrograms(spec: InstallingSpec, root: string): Installed[] {
  const settings: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = spec.components;
  const [images, upstream] = [readImageLock(root), readUpstreamLock()];
  return PROGRAMS.flatMap((program) => {
    const its = settings[program.setting];
    const version = images[program.image]?.tag;
    // what has no `management` is always ours
    if (its === undefined || version === undefined || (its.management ?? "managed") !== "managed") return [];
    if (program.setting === "velero" && !makesBackups(spec)) return [];
    const definitions = program.definitions === undefined ? undefined : upstream[program.definitions]?.version;
    return [{ program, version, definitions }];
  });
}

/** Every set of versions that is not supported. */
export function compatibilityFaults(
  spec: InstallingSpec & Pick<EnvironmentSpec, "clusters">,
  root: string,
): CrossFault[] {
  return installedPrograms(spec, root).flatMap((installed) => {
    const unknown = versionFault(installed);
    if (unknown !== undefined) return [{ path: ["components", installed.program.setting], message: unknown }];
    return Object.entries(spec.clusters).flatMap(([name, { kubernetes }]): CrossFault[] => {
      const message = kubernetesFault(installed, kubernetes);
      return message === undefined ? [] : [{ path: ["clusters", name, "kubernetes"], message }];
    });
  });
}
