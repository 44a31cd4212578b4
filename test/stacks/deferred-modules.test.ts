import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { transformFileSync } from "@swc/core";

const root = join(__dirname, "..", "..");

/** What a script prints as JSON, run by Node itself: jest has a module cache of its own. */
function printed(script: string, deferred = true): unknown {
  const file = join(root, "stacks", "deferred-modules.ts");
  const { code } = transformFileSync(file, {
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
  });
  const program = `${deferred ? code : ""}\nconst pulumi = require("@pulumi/pulumi");\n${script}`;
  return JSON.parse(
    execFileSync(process.execPath, ["-e", program], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    }),
  );
}

/** Which of the deferred are loaded, told by a file that each of them loads first. */
const LOADED = `
  const files = ["/typescript/lib/typescript.js", "/arborist/lib/arborist/index.js", "/automation/localWorkspace.js"];
  console.log(JSON.stringify(files.filter((file) => Object.keys(require.cache).some((path) => path.endsWith(file)))));
`;

describe("deferred modules", () => {
  it("are not loaded with the SDK", () => {
    expect(printed(LOADED)).toEqual([]);
    expect(printed(LOADED, false)).toHaveLength(3);
  });

  it("are there when somebody asks for them", () => {
    const script = `console.log(JSON.stringify([
      typeof pulumi.automation.LocalWorkspace.create, "LocalWorkspace" in pulumi.automation, Object.keys(pulumi.automation).sort(),
    ]))`;
    expect(printed(script)).toEqual(printed(script, false));
  });

  it("are, for the client of API servers, loaded when somebody uses it", () => {
    const script = `
      const loaded = () => Object.keys(require.cache).some((path) => path.includes("/node_modules/stream-buffers/"));
      const client = require("@kubernetes/client-node");
      console.log(JSON.stringify([loaded(), typeof client.KubeConfig, loaded()]));`;
    expect(printed(script)).toEqual([false, "function", true]);
    expect(printed(script, false)).toEqual([true, "function", true]);
  });

  it("are, for zod's sentences in other languages, loaded when somebody reads one", () => {
    const script = `
      const loaded = () => Object.keys(require.cache).some((path) => path.endsWith("/locales/yo.cjs"));
      const { z } = require("zod");
      const said = () => z.string().safeParse(1).error.issues[0].message;
      console.log(JSON.stringify([loaded(), said(), typeof z.locales.de, Object.keys(z.locales).length, loaded()]));`;
    expect(printed(script)).toEqual([false, ...(printed(script, false) as unknown[]).slice(1)]);
  });

  it("still turn functions into text", () => {
    const script = `pulumi.runtime.serializeFunction(() => 6 * 7).then(({ text }) => console.log(JSON.stringify(text)))`;
    expect(printed(script)).toContain("6 * 7");
    expect(printed(script)).toEqual(printed(script, false));
  });
});
