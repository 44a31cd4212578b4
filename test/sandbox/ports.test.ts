import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { claimPorts, isFree, keepPorts, PORT_RANGE, releasePorts } from "../../sandbox/ports";
import { temporaryFolder } from "./temporary-folder";

const folder = temporaryFolder;

async function occupied<T>(action: (port: number) => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    return await action(typeof address === "object" && address ? address.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("ports", () => {
  it("are never given to two, however many ask at once", async () => {
    const claims = folder();
    const all = (await Promise.all(["a", "b", "c"].map((owner) => claimPorts(owner, 20, claims)))).flat();
    expect(new Set(all).size).toBe(60);
    expect(all.every((port) => port >= PORT_RANGE.first && port <= PORT_RANGE.last)).toBe(true);
  });

  it("lie below those of outgoing connections, 32768 on Linux", () => {
    expect(PORT_RANGE.last).toBeLessThan(32_768);
  });

  it("are free again once their owner gives them back, and only that owner's", async () => {
    const claims = folder();
    const kept = await claimPorts("keeps", 2, claims);
    await claimPorts("leaves", 3, claims);
    await releasePorts("leaves", claims);
    expect(readdirSync(claims).map(Number).sort()).toEqual(kept.sort());
  });

  it("are taken over from an owner that was never up, after ten minutes", async () => {
    const claims = folder();
    const fresh = join(claims, "20990");
    const abandoned = join(claims, "20991");
    for (const file of [fresh, abandoned]) writeFileSync(file, "/nowhere");
    utimesSync(abandoned, new Date(), new Date(Date.now() - 11 * 60 * 1000));
    expect(await claimPorts("new", 1, claims, { first: 20_990, last: 20_991 })).toEqual([20_991]);
    await expect(claimPorts("third", 1, claims, { first: 20_990, last: 20_991 })).rejects.toThrow(
      "1 free ports are needed between 20990 and 20991, only 0 are to be had: end other sandboxes",
    );
  });

  it("are claimed again after the temporary folder was emptied, unless another has them by then", async () => {
    const claims = folder();
    await keepPorts("other", [20_990], claims);
    await keepPorts("mine", [20_990, 20_991], claims);
    await releasePorts("other", claims);
    expect(readdirSync(claims)).toEqual(["20991"]);
  });

  it("are not free while somebody listens", async () => {
    const port = await occupied(async (port) => {
      expect(await isFree(port)).toBe(false);
      return port;
    });
    expect(await isFree(port)).toBe(true);
  });
});
