import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { V1Pod } from "@kubernetes/client-node";
import { mountFolder, syncVolumes } from "../../../sandbox/host/mounts";
import { temporaryFolder } from "../temporary-folder";

const pod: V1Pod = {
  spec: {
    containers: [],
    volumes: [
      { name: "cert", secret: { secretName: "webhook-cert" } },
      { name: "tmp", emptyDir: {} },
    ],
  },
};
const secret = (data: Record<string, string>) => ({
  metadata: { name: "webhook-cert" },
  data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, Buffer.from(text).toString("base64")])),
});

describe("what a host program mounts", () => {
  it("follows its Secret: new bytes, new files, files that are gone", async () => {
    const folder = temporaryFolder();
    await syncVolumes(folder, pod, { secrets: [secret({ "tls.crt": "old", "ca.crt": "goes" })], configMaps: [] });
    const before = statSync(join(folder, "cert", "tls.crt")).ino;
    await syncVolumes(folder, pod, { secrets: [secret({ "tls.crt": "new", "tls.key": "comes" })], configMaps: [] });
    expect(readdirSync(join(folder, "cert")).sort()).toEqual(["tls.crt", "tls.key"]);
    expect(readFileSync(join(folder, "cert", "tls.crt"), "utf8")).toBe("new");
    expect(statSync(join(folder, "cert", "tls.crt")).ino).not.toBe(before); // replaced, not written over
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  it("is waited for, and named, while it does not exist", async () => {
    const folder = temporaryFolder();
    expect(await syncVolumes(folder, pod, { secrets: [], configMaps: [] })).toBe("Secret webhook-cert does not exist");
  });

  it("lies under the volume's name, or apart when the pod mounts nothing there", () => {
    const container = { name: "manager", volumeMounts: [{ name: "cert", mountPath: "/certs" }] };
    expect(mountFolder("/here", container, "/certs")).toBe("/here/cert");
    expect(mountFolder("/here", container, "/tmp/audit")).toBe("/here/unmounted-tmp-audit");
  });
});
