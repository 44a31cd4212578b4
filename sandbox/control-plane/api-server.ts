/** Whether an API server answers. */
import { request } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** Longest that a living API server on the same machine takes for a health check. */
const ANSWER_MS = 3000;

/** Whether the API server of the current context answers 200 on this path, such as `/readyz`. Never throws. */
export async function answers(config: KubeConfig, path: string): Promise<boolean> {
  const server = config.getCurrentCluster()?.server;
  if (!server) return false;
  const options: Parameters<KubeConfig["applyToHTTPSOptions"]>[0] = {};
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve) => {
    const call = request(`${server}${path}`, { ...options, timeout: ANSWER_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once("timeout", () => call.destroy(new Error("timeout")));
    call.once("error", () => resolve(false));
    call.end();
  });
}
