import { describe, expect, it } from "@jest/globals";
import { catalogue } from "../../../policies/engine/catalogue";
import { judge } from "../../../policies/engine/judge";
import type { AnyObject } from "../../../policies/engine/match";
import { parsePath } from "../../../policies/engine/path";

const rule = (id: string) => [catalogue().rule(id)];
const pod = (fields: object): AnyObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "app", namespace: "shop" },
  spec: fields,
});
const deny = () => ({ level: "deny", parameters: {} }) as const;

describe("judge", () => {
  it("reports each violation with its rule, level, object, path and reason", () => {
    const warn = () => ({ level: "warn", parameters: {} }) as const;
    expect(
      judge({ object: pod({ containers: [{ image: "nginx:1" }, { image: "nginx" }] }) }, warn, rule("IM-01")),
    ).toEqual([
      {
        id: "IM-01",
        rule: "image-tag",
        verdict: "deny",
        level: "warn",
        resource: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "app" },
        path: "spec.containers[1].image",
        message:
          "spec.containers[1].image is docker.io/library/nginx without a tag, which means latest: name a version or a digest",
      },
    ]);
  });

  it("has no opinion on kinds that no rule looks at", () => {
    expect(judge({ object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } } }, deny)).toEqual([]);
    expect(
      judge({ object: { apiVersion: "other.example/v1", kind: "Deployment", metadata: { name: "a" } } }, deny),
    ).toEqual([]);
  });

  it.each(["apps/v1", "apps/v1beta2"])("looks at a kind in every version of its group: %s", (apiVersion) => {
    const object = {
      apiVersion,
      kind: "Deployment",
      spec: { template: { spec: { containers: [{ image: "nginx" }] } } },
    };
    expect(judge({ object }, deny, rule("IM-01")).map(({ verdict }) => verdict)).toEqual(["deny"]);
  });

  it("is undetermined without parameters, whatever the object", () => {
    const [result] = judge({ object: pod({ containers: [{ image: "" }] }) }, deny, rule("IM-03"));
    expect(result?.verdict).toBe("undetermined");
    expect(result?.message).toBe("IM-03 cannot be judged without its parameter registries: nothing is assumed instead");
  });

  it("is undetermined where nothing is said of the rule", () => {
    const [result] = judge({ object: pod({ containers: [{ image: "nginx" }] }) }, () => undefined, rule("IM-01"));
    expect([result?.verdict, result?.level]).toEqual(["undetermined", "deny"]);
  });

  it("comes to the same verdict when the level is off", () => {
    const off = () => ({ level: "off", parameters: {} }) as const;
    const [result] = judge({ object: pod({ containers: [{ image: "nginx" }] }) }, off, rule("IM-01"));
    expect([result?.verdict, result?.level]).toEqual(["deny", "off"]);
  });

  it("exempts by the object's own namespace, and what is not known of it may be any", () => {
    const agreed = (namespace: string) => ({
      level: "deny" as const,
      parameters: {
        exemptions: [
          { owner: "shop", reason: "Agreed.", expires: "9999-12-31", group: "", kind: "Pod", namespace, name: "app" },
        ],
      },
    });
    const verdicts = (namespace: string, unknown: string[] = []) =>
      judge(
        { object: pod({ containers: [{ image: "nginx" }] }), unknown: unknown.map(parsePath) },
        () => agreed(namespace),
        rule("IM-01"),
      ).map(({ exemption, verdict }) => [verdict, exemption?.namespace]);
    expect(verdicts("shop")).toEqual([["allow", "shop"]]);
    expect(verdicts("search")).toEqual([["deny", undefined]]);
    const { metadata, ...rest } = pod({ containers: [{ image: "nginx" }] });
    const elsewhere = { ...rest, metadata: { name: (metadata as { name: string }).name } } as AnyObject;
    const open = judge(
      { object: elsewhere, unknown: [parsePath("metadata.namespace")] },
      () => agreed("search"),
      rule("IM-01"),
    );
    expect(open.map(({ path, verdict }) => [verdict, path])).toEqual([["undetermined", "metadata.namespace"]]);
    const ofCluster = judge({ object: elsewhere }, () => agreed(""), rule("IM-01"));
    expect(ofCluster.map(({ verdict }) => verdict)).toEqual(["allow"]);
  });

  it("names the unknown value that decides, not the first one", () => {
    const object = pod({ containers: [{ name: "app" }] });
    const unknown = ['metadata.annotations["a"]', "spec.containers[0].image"].map(parsePath);
    expect(judge({ object, unknown }, deny, rule("IM-01")).map(({ verdict, path }) => [verdict, path])).toEqual([
      ["undetermined", "spec.containers[0].image"],
    ]);
  });

  it("leaves the verdict open when more values are unknown than it tries", () => {
    const unknown = Array.from({ length: 65 }, (_, index) => parsePath(`metadata.annotations["a${index}"]`));
    const [result] = judge({ object: pod({ containers: [{ image: "nginx:1" }] }), unknown }, deny, rule("IM-01"));
    expect(result?.verdict).toBe("undetermined");
  });

  it("judges a patch for what it says, and leaves open what it does not", () => {
    const object = pod({ containers: [{ name: "app" }, { name: "proxy", image: "nginx" }] });
    expect(judge({ object, isPatch: true }, deny, rule("IM-01")).map(({ verdict, path }) => [verdict, path])).toEqual(
      expect.arrayContaining([
        ["undetermined", "spec.containers[0].image"],
        ["deny", "spec.containers[1].image"],
      ]),
    );
  });

  it("allows a patch that says nothing of images", () => {
    const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "app", labels: { a: "b" } } };
    expect(judge({ object, isPatch: true }, deny, rule("IM-01")).map(({ verdict }) => verdict)).toEqual(["allow"]);
  });
});

describe("the verdict on unknown values", () => {
  const verdicts = (id: string, object: AnyObject, unknown: string[]) =>
    judge({ object, unknown: unknown.map(parsePath) }, () => ({ level: "deny", parameters: {} }), rule(id)).map(
      ({ verdict }) => verdict,
    );

  it("is open where several values can make right together what none can alone", () => {
    const container = {
      name: "a",
      image: "a",
      securityContext: { runAsNonRoot: true, capabilities: { drop: ["ALL"] } },
    };
    const open = pod({ securityContext: { seccompProfile: {} }, containers: [container] });
    const unknown = [
      "spec.containers[0].securityContext.allowPrivilegeEscalation",
      "spec.securityContext.seccompProfile.type",
    ];
    expect(verdicts("PS-02", open, unknown)).toEqual(["undetermined"]);
    const root = { ...container, securityContext: { ...container.securityContext, runAsUser: 0 } };
    expect(verdicts("PS-02", pod({ ...(open.spec as object), containers: [root] }), unknown)).toContain("deny");
  });

  it("is open where two values can make two fields alike that neither can alone", () => {
    const version = (name: string, values: readonly (string | null)[]) => ({
      name,
      served: true,
      storage: name === "v1",
      schema: { openAPIV3Schema: { type: "string", enum: values } },
    });
    const definition = (...values: readonly (string | null)[][]) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "carts.shop.example.com" },
      spec: { versions: [version("v1", values[0] ?? []), version("v1beta1", values[1] ?? [])] },
    });
    const unknown = [0, 1].map((index) => `spec.versions[${index}].schema.openAPIV3Schema.enum[0]`);
    expect(verdicts("CR-02", definition([null, "b"], [null, "a"]), unknown)).toEqual(["undetermined"]);
    expect(verdicts("CR-02", definition([null, "b"], [null, "a", "c", "d"]), unknown)).toEqual(["deny"]);
  });

  it("is open where two values of two fields make right together what neither can alone", () => {
    const role = (subresource: string) => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: {},
      rules: [{ apiGroups: [""], resources: [subresource], verbs: ["impersonate"] }],
    });
    // the API server's own roles, which their name and their label tell together
    const unknown = ["metadata.name", 'metadata.labels["kubernetes.io/bootstrapping"]'];
    expect(verdicts("RB-01", role("serviceaccounts"), unknown)).toEqual(["undetermined"]);
    expect(verdicts("RB-01", role("serviceaccounts"), ['metadata.labels["other"]'])).toEqual(["deny"]);
  });

  it("is open where several values may be together what another part of the object is", () => {
    const liveness = { httpGet: { path: "/healthy", port: 8080 } };
    const container = (readiness: object) => ({
      name: "a",
      image: "a",
      readinessProbe: readiness,
      livenessProbe: liveness,
    });
    const unknown = ["path", "port"].map((field) => `spec.containers[0].readinessProbe.httpGet.${field}`);
    expect(verdicts("PS-05", pod({ containers: [container({ httpGet: { host: "" } })] }), unknown)).toEqual([
      "undetermined",
    ]);
  });

  it("is open where it is not known what made the object, which may be exempt", () => {
    const exemption = { owner: "shop", reason: "Agreed.", expires: "9999-12-31", group: "apps", namespace: "shop" };
    const exemptions = [{ ...exemption, kind: "StatefulSet", name: "app" }];
    const owner = { kind: "StatefulSet", name: "app", uid: "1", controller: true };
    const owned = {
      ...pod({ hostNetwork: true, containers: [] }),
      metadata: { namespace: "shop", ownerReferences: [owner] },
    };
    const judged = (unknown: string, given: object) =>
      judge(
        { object: owned, unknown: [parsePath(unknown)] },
        () => ({ level: "deny", parameters: given }),
        rule("PS-01"),
      )
        .filter(({ exemption: found }) => !found)
        .map(({ path, verdict }) => [verdict, path]);
    const version = "metadata.ownerReferences[0].apiVersion";
    expect(judged(version, { exemptions })).toEqual([["undetermined", version]]);
    expect(judged(version, {})).toEqual([["deny", "spec.hostNetwork"]]);
    expect(judged("metadata.annotations", { exemptions })).toEqual([["deny", "spec.hostNetwork"]]);
  });

  it("is open where an image may lie in a registry that is written with a slash at its end", () => {
    const settings = () => ({ level: "deny", parameters: { registries: ["ghcr.io/acme/"] } }) as const;
    const unknown = [parsePath("spec.containers[0].image")];
    const [found] = judge({ object: pod({ containers: [{ name: "a" }] }), unknown }, settings, rule("IM-03"));
    expect(found?.verdict).toBe("undetermined");
  });

  it("names the same unknown value in whatever order they come", () => {
    const places = ["spec.containers[0].image", "spec.containers[1].image"];
    const named = (unknown: readonly string[]) =>
      judge(
        { object: pod({ containers: [{ name: "a" }, { name: "b" }] }), unknown: unknown.map(parsePath) },
        deny,
        rule("IM-01"),
      ).map(({ path }) => path);
    expect(named([...places].reverse())).toEqual(named(places));
  });

  it("is open where a value may become that of another field of its name", () => {
    const probe = (path?: string) => ({ httpGet: { port: 8080, ...(path && { path }) } });
    const container = { name: "a", image: "a", readinessProbe: probe(), livenessProbe: probe("/healthy") };
    const unknown = ["spec.containers[0].readinessProbe.httpGet.path"];
    expect(verdicts("PS-05", pod({ containers: [container] }), unknown)).toEqual(["undetermined"]);
  });

  const digest = "0".repeat(64);
  const later = [
    "nginx",
    "nginx:latest",
    `nginx@sha256:${digest}`,
    "",
    "quay.io/a/b:1",
    "reg:5000/a",
    7,
    null,
    undefined,
  ];
  const places = [
    "spec.containers[0].image",
    "spec.containers[0]",
    "spec.containers",
    "spec",
    "metadata.labels.a",
    "spec.hostname",
  ];
  const settings = (id: string) =>
    ({ level: "deny", parameters: id === "IM-03" ? { registries: ["quay.io"] } : {} }) as const;

  // a denial before means a denial after, whatever the value turns out to be; the same for an allowance
  it.each(["IM-01", "IM-02", "IM-03"].flatMap((id) => places.map((place) => [id, place])))(
    "%s holds whatever %s becomes",
    (id, place) => {
      const whole = { hostname: "a", containers: [{ name: "app", image: "quay.io/a/b:1" }] };
      for (const known of [whole, { ...whole, initContainers: [{ name: "init", image: "nginx" }] }]) {
        const verdictOf = (object: AnyObject, unknown: string[] = []) =>
          judge({ object, unknown: unknown.map(parsePath) }, (one) => settings(one.id), rule(id)).map(
            ({ verdict }) => verdict,
          );
        const without = (step: string) => (step === "spec" ? {} : JSON.parse(JSON.stringify(known)));
        const before = without(place);
        if (place === "spec.containers") delete before.containers;
        if (place === "spec.containers[0]") before.containers = [null];
        if (place === "spec.containers[0].image") before.containers = [{ name: "app" }];
        const [first] = verdictOf(pod(before), [place]);
        if (first === "undetermined") continue;
        for (const image of later) {
          const containers = [{ name: "app", ...(image === undefined ? {} : { image }) }];
          const after = place.startsWith("spec.containers") || place === "spec" ? { ...before, containers } : before;
          expect(new Set(verdictOf(pod(after))).has(first ?? "undetermined")).toBe(true);
        }
      }
    },
  );
});
