import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "@jest/globals";
import { relayTo } from "../../../lifecycle/drill/endpoint-relay";

it("leads to where it is told, and ends with all who use it", async () => {
  const server = createServer((_, response) => response.end("here"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const relay = await relayTo(`https://127.0.0.1:${port}`);
  const address = relay.address.replace("https", "http");
  expect(address).not.toContain(String(port));
  expect(await (await fetch(address)).text()).toBe("here");
  await relay.close();
  await expect(fetch(address)).rejects.toThrow();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
