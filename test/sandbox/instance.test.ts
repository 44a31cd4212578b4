import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { egressSocket, instanceAt, makePrivateFolder } from "../../sandbox/instance";
import { temporaryFolder } from "./temporary-folder";

const folder = temporaryFolder;

describe("an instance", () => {
  it("lies in the project, under its name", () => {
    const project = folder();
    expect(instanceAt(project)).toEqual({ name: "default", folder: join(project, ".fleetwright", "default") });
  });

  it.each(["", "..", "a/b", "Upper", "-a", "a".repeat(41)])("refuses the name '%s', which is no DNS label", (name) => {
    expect(() => instanceAt(folder(), name)).toThrow(`--instance is '${name}', must be a DNS label of at most 40`);
  });

  it("keeps its sockets beside its data while their paths are short enough", () => {
    const instance = instanceAt(folder());
    expect(egressSocket(instance, "hub")).toBe(join(instance.folder, "egress", "hub.sock"));
  });

  it("has a short socket path of its own however long the checkout's is", () => {
    const deep = join(folder(), "deep".repeat(40));
    mkdirSync(deep);
    const sockets = ["one", "two"].map((name) => egressSocket(instanceAt(deep, name), "hub"));
    expect(new Set(sockets).size).toBe(2);
    for (const socket of sockets) expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(103);
  });
});

describe("a private folder", () => {
  it("is refused when others may write to it", async () => {
    const open = folder();
    chmodSync(open, 0o777);
    await expect(makePrivateFolder(open)).rejects.toThrow(`${open} belongs to user`);
  });
});
