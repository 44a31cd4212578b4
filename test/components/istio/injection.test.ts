import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { ensureUpstream } from "../../../components/upstream";
import { containerOf, find, mesh, type Rendered, render } from "./mesh";

beforeAll(() => ensureUpstream(), 300_000);

const injector = (): Rendered => find(render(), "ConfigMap/istio-sidecar-injector").data;
const text = (name: "sidecar" | "gateway"): string => parse(injector().config).templates[name];
const sidecar = (): Rendered => parse(text("sidecar"));

describe("injection", () => {
  it("adds the sidecar unless a pod asks for a gateway", () => {
    expect(parse(injector().config)).toMatchObject({ policy: "enabled", defaultTemplates: ["sidecar"] });
    expect(Object.keys(parse(injector().config).templates)).toEqual(["sidecar", "gateway"]);
  });

  it("asks for no right that a restricted namespace forbids", () => {
    const containers = [...sidecar().spec.initContainers, ...parse(text("gateway")).spec.containers];
    expect(containers).toHaveLength(3);
    for (const { securityContext } of containers) {
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1337,
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(securityContext.capabilities).not.toHaveProperty("add");
    }
  });

  it("starts the proxy before the program, and the node agent's check before the proxy", () => {
    const { containers, initContainers } = sidecar().spec;
    expect(initContainers.map(({ name, restartPolicy }: Rendered) => [name, restartPolicy])).toEqual([
      ["istio-validation", undefined],
      ["istio-proxy", "Always"],
    ]);
    expect(containers).toBeUndefined();
    expect(initContainers[0].args).toEqual(expect.arrayContaining(["--run-validation", "--skip-rule-apply"]));
    // the node agent mends pods whose check failed, and knows it by name
    expect(containerOf(render(), "DaemonSet/istio-cni-node").env).toContainEqual({
      name: "REPAIR_INIT_CONTAINER_NAME",
      value: "istio-validation",
    });
  });

  it("leads all traffic through the proxy, but what the pod itself is asked", () => {
    expect(sidecar().metadata.annotations).toMatchObject({
      "sidecar.istio.io/interceptionMode": "REDIRECT",
      "traffic.sidecar.istio.io/includeOutboundIPRanges": "*",
      "traffic.sidecar.istio.io/includeInboundPorts": "*",
      "traffic.sidecar.istio.io/excludeInboundPorts": "15020",
    });
    expect(sidecar().spec.initContainers[0].args).toContain("-d=15090,15021,15020");
  });

  it("runs the image and the size that it is told, with memory bounded", () => {
    for (const { image, resources } of sidecar().spec.initContainers) {
      expect(image).toBe(mesh.images.proxy);
      expect(resources).toEqual({ requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } });
    }
  });

  it("mounts only volumes that the template has", () => {
    for (const name of ["sidecar", "gateway"] as const) {
      const { containers = [], initContainers = [], volumes } = parse(text(name)).spec;
      const names = volumes.map((volume: Rendered) => volume.name);
      const mounted = [...containers, ...initContainers].flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map((mount: Rendered) => mount.name),
      );
      expect(mounted.length).toBeGreaterThan(5);
      expect(mounted.filter((mount) => !names.includes(mount))).toEqual([]);
    }
  });

  it("closes every block and quote of its Go templates", () => {
    for (const name of ["sidecar", "gateway"] as const) {
      const actions = [...text(name).matchAll(/\{\{(.*?)\}\}/g)].map(([, action = ""]) => action.trim());
      expect(actions.length).toBeGreaterThan(10);
      const opened = actions.filter((action) => /^(if|range|with)\b/.test(action));
      expect(actions.filter((action) => action === "end")).toHaveLength(opened.length);
      // a double quote would end the YAML string around it
      expect(actions.filter((action) => action.includes('"') || action.split("`").length % 2 === 0)).toEqual([]);
      expect(text(name).split("{{").length).toBe(text(name).split("}}").length);
    }
  });

  it("tells istiod in JSON what it reads itself", () =>
    expect(JSON.parse(injector().values)).toEqual({
      global: {
        meshID: "dev",
        multiCluster: { clusterName: "hub" },
        network: "central",
        proxy: { image: mesh.images.proxy },
      },
      sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
      revision: "",
    }));
});

describe("the mesh's CA", () => {
  it("is an intermediate of the platform's, of the cluster's own name, in the Secret that istiod mounts", () => {
    const { metadata, spec } = find(render(), "Certificate/istio-ca");
    expect(metadata.namespace).toBe("istio-system");
    expect(spec).toMatchObject({
      secretName: "cacerts",
      isCA: true,
      commonName: "mesh CA",
      subject: { organizations: ["dev"], organizationalUnits: ["hub"] },
      issuerRef: { kind: "ClusterIssuer", name: "platform-ca" },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    });
    const { containers, volumes } = find(render(), "Deployment/istiod").spec.template.spec;
    const volume = volumes.find(({ name }: Rendered) => name === "cacerts");
    // not optional: istiod without it would make a root of its own
    expect(volume.secret).toMatchObject({ secretName: spec.secretName, optional: false });
    // the whole Secret: istiod reads tls.crt, tls.key and ca.crt as cert-manager names them
    expect(volume.secret).not.toHaveProperty("items");
    const mount = containers[0].volumeMounts.find(({ name }: Rendered) => name === "cacerts");
    expect(mount).toMatchObject({ mountPath: "/etc/cacerts", readOnly: true });
    expect(mount).not.toHaveProperty("subPath");
  });

  it("is renewed in time, and ends long before the CA that signed it", () => {
    const { duration, renewBefore } = find(render(), "Certificate/istio-ca").spec;
    const hours = (text: string) => Number(text.replace(/h0m0s$/, ""));
    expect([hours(duration), hours(renewBefore)]).toEqual([90 * 24, 30 * 24]);
  });

  it("is waited for where certificates are issued, and only there", () => {
    const annotations = (certificatesIssued: boolean) =>
      find(render({ certificatesIssued }), "Certificate/istio-ca").metadata.annotations;
    expect(annotations(true)).toEqual({ "pulumi.com/waitFor": "condition=Ready" });
    expect(annotations(false)).toBeUndefined();
  });
});
