/** The command of one verb is that verb of the whole command, without what the others need. */
import { describe, expect, it, jest } from "@jest/globals";
import { fleetwright } from "../../cli/fleetwright";

const helpOf = (word: string, given?: string) =>
  fleetwright(given)
    .commands.find((verb) => verb.name() === word)
    ?.helpInformation();

describe("the command", () => {
  it.each(fleetwright().commands.map((verb) => verb.name()))(
    "says of %s alone what it says of it among all",
    (word) => {
      expect(helpOf(word, word)).toBe(helpOf(word));
      expect(helpOf(word)).toContain(`Usage: fleetwright ${word}`);
    },
  );

  it("has every verb where the first word is none", () => {
    const names = (word?: string) => fleetwright(word).commands.map((verb) => verb.name());
    for (const word of ["--help", "help", "explian", "constructor"]) expect(names(word)).toEqual(names());
    expect(names("explain")).toEqual(["explain"]);
  });

  it.each(["explain", "render"])("loads for %s neither the engine's SDK nor what starts programs", (word) => {
    jest.isolateModules(() => {
      for (const name of ["@pulumi/pulumi", "execa"]) {
        jest.doMock(name, () => {
          throw new Error(`${name} is loaded`);
        });
      }
      const alone = require("../../cli/fleetwright") as typeof import("../../cli/fleetwright");
      expect(alone.fleetwright(word).commands).toHaveLength(1);
      expect(() => alone.fleetwright()).toThrow("is loaded");
    });
  });
});
