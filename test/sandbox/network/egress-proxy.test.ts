import { writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { EgressProxy } from "../../../sandbox/network/egress-proxy";
import { temporaryFolder } from "../temporary-folder";

const socketPath = join(temporaryFolder(), "hub.sock");
let echo: Server;
let echoPort = 0;
let connections: Socket[] = [];
let proxy: EgressProxy;

beforeEach(async () => {
  connections = [];
  echo = createServer((socket) => {
    connections.push(socket);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const address = echo.address();
  echoPort = typeof address === "object" && address ? address.port : 0;
  proxy = new EgressProxy(socketPath, (host, port) => {
    if (host === "10.0.0.7") return { port: port === 443 ? echoPort : 9, program: "gatekeeper" };
    return { refusal: `no Service has the address ${host}` };
  });
  await proxy.listen();
});

afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

/** Speaks as kube-apiserver does; ends when the other side does. */
function talk(target: string, afterwards = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`));
    let heard = "";
    socket.on("data", (bytes) => {
      heard += bytes;
      if (heard.includes("\r\n\r\n") && afterwards && !heard.includes(afterwards)) socket.write(afterwards);
      else if (afterwards && heard.includes(afterwards)) for (const connection of connections) connection.destroy();
    });
    socket.once("close", () => resolve(heard));
    socket.once("error", reject);
  });
}

describe("the way to Services", () => {
  it("leads to the program, and ends for the client when the program ends", async () => {
    expect(await talk("10.0.0.7:443", "hello")).toBe("HTTP/1.1 200 Connection established\r\n\r\nhello");
  });

  it("refuses at once, and by name, a program that does not listen", async () => {
    expect(await talk("10.0.0.7:8443")).toBe("HTTP/1.1 503 gatekeeper does not answer on this machine\r\n\r\n");
  });

  it("refuses what no program stands behind", async () => {
    expect(await talk("10.0.0.8:443")).toBe("HTTP/1.1 503 no Service has the address 10.0.0.8\r\n\r\n");
  });

  it("opens again where a killed supervisor left its socket", async () => {
    await proxy.close();
    writeFileSync(socketPath, "");
    await proxy.listen();
    expect(await talk("10.0.0.8:443")).toContain("503");
  });
});
