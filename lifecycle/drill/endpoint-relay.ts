/** Another address of a cluster, on this machine: what connects there is led to where the cluster really is. */
import { connect, createServer, type Server, type Socket } from "node:net";

export interface Relay {
  /** URL. */
  readonly address: string;
  close(): Promise<void>;
}

/** @param target URL of an API server on this machine */
export async function relayTo(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const onward = connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address() as { readonly port: number };
  return {
    address: `https://127.0.0.1:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
