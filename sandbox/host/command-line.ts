/** How a host program is called: its pod's arguments, with the addresses and paths of this machine. */
import type { HostListener, HostPlace, HostProgram } from "../host-programs";

/** The pod's arguments, in which the program's own flags for this machine replace those of the same name. */
export function hostArguments(program: HostProgram, rendered: readonly string[], place: HostPlace): string[] {
  const ours = Object.entries(program.flags(place));
  const replaced = new Set(ours.map(([flag]) => flag));
  const kept: string[] = [];
  for (let index = 0; index < rendered.length; index++) {
    const word = rendered[index] ?? "";
    const flag = word.split("=", 1)[0] ?? "";
    if (!replaced.has(flag)) kept.push(word);
    else if (word === flag && rendered[index + 1]?.startsWith("-") === false) index++; // its value is the next word
  }
  return [...kept, ...ours.map(([flag, value]) => `${flag}=${value}`)];
}

/** The port in the pod at which a listener listens, by the pod's arguments. */
export function podPort({ flag, defaultPort }: HostListener, rendered: readonly string[]): number {
  const index = rendered.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const word = rendered[index];
  const value = word === flag ? rendered[index + 1] : word?.slice(flag.length + 1);
  const port = Number(value?.slice(value.lastIndexOf(":") + 1));
  return Number.isInteger(port) && port > 0 ? port : defaultPort;
}
