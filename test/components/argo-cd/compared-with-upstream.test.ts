/**
 * Our Argo CD, object by object against upstream's install manifest. Every object is applied as it is, changed in the ways
 * that stand here, or left out with a reason; docs/components/argo-cd.md says the same.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { argoCdOverlays, LEFT_OUT } from "../../../components/argo-cd/overlays";
import { ARGO_CD_SIZES } from "../../../components/argo-cd/settings";
import type { KubeObject } from "../../../components/kube-object";
import { ensureUpstream, upstreamObjects } from "../../../components/upstream";
import { find, hub, programsOf, type Rendered, render } from "./rendered";

/** What is changed, by `Kind/name` or kind; each is what the page says of it. */
const CHANGED: Readonly<Record<string, string>> = {
  CustomResourceDefinition: "without the prose of its schema",
  ServiceAccount: "pods mount a token only where they ask for one",
  "ConfigMap/argocd-cm": "accounts, tracking, what is looked at",
  "ConfigMap/argocd-cmd-params-cm": "progressive syncs, certificates, bounds",
  "ConfigMap/argocd-rbac-cm": "nobody may do anything but what is said",
  Deployment: "pinned, sized, probed, spread, restricted",
  StatefulSet: "pinned, sized, probed, spread, restricted",
};

/** Objects that are applied as they are. */
const AS_IT_IS = [
  "ConfigMap/argocd-gpg-keys-cm",
  "ConfigMap/argocd-ssh-known-hosts-cm",
  "ConfigMap/argocd-tls-certs-cm",
  "Role/argocd-application-controller",
  "Role/argocd-applicationset-controller",
  "Role/argocd-server",
  "RoleBinding/argocd-application-controller",
  "RoleBinding/argocd-applicationset-controller",
  "RoleBinding/argocd-server",
  "Service/argocd-redis",
  "Service/argocd-repo-server",
  "Service/argocd-server",
];

const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`;

describe("Argo CD compared with upstream's manifest", () => {
  let upstream: readonly KubeObject[];
  let ours: KubeObject[];
  beforeAll(async () => {
    await ensureUpstream();
    upstream = upstreamObjects("argo-cd");
    ours = render();
  }, 300_000);

  it("accounts for every object: as it is, changed, or left out with a reason", () => {
    const changed = upstream
      .map(key)
      .filter((name) => !(name in LEFT_OUT) && (name in CHANGED || (name.split("/")[0] ?? "") in CHANGED));
    expect([...AS_IT_IS, ...changed, ...Object.keys(LEFT_OUT)].sort()).toEqual(upstream.map(key).sort());
    for (const name of Object.keys(LEFT_OUT)) expect([name, find(ours, name)]).toEqual([name, undefined]);
    for (const name of [...AS_IT_IS, ...changed]) expect([name, find(ours, name)]).not.toEqual([name, undefined]);
  });

  it("changes exactly the objects that have an overlay", () => {
    const settings = {
      hub,
      images: { argoCd: "a", redis: "r" },
      sizes: ARGO_CD_SIZES,
      serverReplicas: 2,
      repoServerReplicas: 2,
    };
    const overlays = Object.keys(argoCdOverlays(settings));
    expect(overlays.filter((name) => AS_IT_IS.includes(name))).toEqual([]);
    expect([...overlays, ...AS_IT_IS].sort()).toEqual(upstream.map(key).sort());
  });

  it.each(AS_IT_IS)("applies as it is, in its namespace: %s", (name) => {
    const { metadata, subjects, ...rest } = find(upstream, name);
    expect(find(ours, name)).toEqual({
      ...rest,
      metadata: { ...metadata, namespace: "argocd" },
      ...(subjects ? { subjects: [{ ...subjects[0], namespace: "argocd" }] } : {}),
    });
  });

  it("keeps upstream's own settings where it has none", () => {
    const theirs = Object.entries(find(upstream, "ConfigMap/argocd-cm").data).filter(
      ([name]) => name !== "resource.exclusions",
    );
    expect(theirs.length).toBeGreaterThan(5);
    expect(find(ours, "ConfigMap/argocd-cm").data).toMatchObject(Object.fromEntries(theirs));
  });

  it("keeps commands, environment and ports of every program; settings that are not set are not read", () => {
    const params = Object.keys(find(ours, "ConfigMap/argocd-cmd-params-cm").data);
    for (const program of programsOf(ours)) {
      const theirs = find(upstream, key(program)).spec.template.spec.containers[0];
      const [own] = program.spec.template.spec.containers;
      const isSet = ({ valueFrom }: Rendered) =>
        valueFrom?.configMapKeyRef === undefined || params.includes(valueFrom.configMapKeyRef.key);
      expect({ ...own, command: own.command, args: own.args, env: own.env }).toMatchObject({
        name: theirs.name,
        args: theirs.args,
        env: theirs.env.filter(isSet),
      });
      expect(own.ports.map(({ containerPort }: Rendered) => containerPort)).toEqual(
        theirs.ports.map(({ containerPort }: Rendered) => containerPort),
      );
      for (const probe of ["readinessProbe", "livenessProbe"]) {
        if (theirs[probe]) expect([probe, own[probe]]).toEqual([probe, theirs[probe]]);
      }
    }
  });

  it("is at least as restricted as upstream", () => {
    for (const program of programsOf(ours)) {
      const theirs = find(upstream, key(program)).spec.template.spec;
      expect(program.spec.template.spec.containers[0].securityContext).toMatchObject(
        theirs.containers[0].securityContext,
      );
      expect(program.spec.template.spec.securityContext).toMatchObject(theirs.securityContext ?? {});
      expect(program.spec.template.spec.nodeSelector).toEqual(theirs.nodeSelector);
      expect(program.spec.selector).toEqual(find(upstream, key(program)).spec.selector);
    }
  });

  it("says every difference on its page", () => {
    const file = join(__dirname, "..", "..", "..", "docs", "components", "argo-cd.md");
    const lines = readFileSync(file, "utf8").replaceAll("`", "").split("\n");
    const unsaid = Object.entries({ ...LEFT_OUT, ...CHANGED }).filter(
      ([what, why]) => !lines.some((line) => line.includes(what.replace("/", " ")) && line.includes(why)),
    );
    expect(unsaid).toEqual([]);
  });
});
