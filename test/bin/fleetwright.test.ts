/** The committed start of the command: unbuilt, built and rebuilt, by whatever way it is reached. */
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execa } from "execa";
import { packageRoot } from "../../components/package-root";

const project = realpathSync(mkdtempSync(join(tmpdir(), "fw-bin-")));
const installed = join(project, "node_modules", "fleetwright");
const linked = join(project, "node_modules", ".bin", "fleetwright");
const UNBUILT = "fleetwright: the program is not built yet: run `make build` (or `npm ci && npm run build`) first.";

/** A package folder, and the link that npm makes to its command. */
beforeAll(() => {
  for (const folder of [join(installed, "bin"), join(project, "node_modules", ".bin")]) {
    mkdirSync(folder, { recursive: true });
  }
  for (const file of ["package.json", "bin/fleetwright"]) cpSync(join(packageRoot(), file), join(installed, file));
  symlinkSync(join("..", "fleetwright", "bin", "fleetwright"), linked);
});

afterAll(() => rmSync(project, { recursive: true }));

/** The compiled program is this checkout's. */
const build = () => symlinkSync(join(packageRoot(), "dist"), join(installed, "dist"));
const unbuild = () => rmSync(join(installed, "dist"));

async function run(command: string, words: readonly string[], cwd = project) {
  const env = { PATH: `${join(project, "node_modules", ".bin")}${delimiter}${process.env.PATH}` };
  const { exitCode, stdout, stderr } = await execa(command, words, { cwd, env, reject: false });
  return { exitCode, stdout, stderr };
}

describe("bin/fleetwright", () => {
  it("is a file of ten lines that may be executed, and no link", () => {
    const file = join(packageRoot(), "bin", "fleetwright");
    expect(lstatSync(file).isFile()).toBe(true);
    expect(statSync(file).mode & 0o111).toBe(0o111);
  });

  it("says unbuilt what to run, and exits 4", async () => {
    expect(await run(linked, ["--help"])).toEqual({ exitCode: 4, stdout: "", stderr: UNBUILT });
    expect(await run(linked, ["render", "--json"])).toMatchObject({ exitCode: 4, stdout: "" });
  });

  it("works once it is built, says so again when it is not, and works when it is rebuilt", async () => {
    build();
    expect((await run(linked, ["--help"])).exitCode).toBe(0);
    unbuild();
    expect((await run(linked, ["--help"])).exitCode).toBe(4);
    build();
    expect((await run(linked, ["--help"])).exitCode).toBe(0);
    unbuild();
  });

  describe("built", () => {
    beforeAll(build);
    afterAll(unbuild);

    it.each([
      ["through npm's link", linked, []],
      ["by its name on PATH", "fleetwright", []],
      ["by its own path", join(installed, "bin", "fleetwright"), []],
      ["by npx", "npx", ["--no-install", "fleetwright"]],
    ])("is reached %s", async (_, command, words) => {
      const { exitCode, stdout } = await run(command, [...words, "render", "--help"]);
      expect({ exitCode, usage: stdout.split("\n")[0] }).toEqual({
        exitCode: 0,
        usage: "Usage: fleetwright render [options]",
      });
    });

    it("needs no project to help, and says where to go when it needs one", async () => {
      const elsewhere = await run(linked, ["env", "dev"], tmpdir());
      expect(elsewhere).toEqual({
        exitCode: 2,
        stdout: "",
        stderr: `fleetwright: ${realpathSync(tmpdir())} lies in no project: go to the folder of Pulumi.yaml (or below it) and try again`,
      });
      expect((await run(linked, ["--help"], "/")).exitCode).toBe(0);
    });

    it("ends by its exit code and without a word when nobody reads on", async () => {
      const pod = '{ "apiVersion": "v1", "kind": "Pod", "spec": { "hostNetwork": true } }';
      writeFileSync(join(project, "pods.json"), Array.from({ length: 400 }, () => pod).join("\n---\n"));
      const line = `set -o pipefail; "${linked}" policy check -f pods.json --rules PS-01 --json | head -c 10`;
      expect(await run("bash", ["-c", line])).toEqual({ exitCode: 3, stdout: '{\n  "apiVe', stderr: "" });
    });

    it("finds the project from a folder below it", async () => {
      const below = join(packageRoot(), "examples", "minimal", "environments");
      const { exitCode, stdout } = await run(linked, ["render", "-e", "dev", "--out", join(project, "out")], below);
      expect({ exitCode, said: stdout.replaceAll(/\b\d+(?= objects| files)/g, "N") }).toEqual({
        exitCode: 0,
        said: `N objects of environment dev in N files below ${join(project, "out")}`,
      });
    });
  });
});
