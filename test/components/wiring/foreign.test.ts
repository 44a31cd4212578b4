import { describe, expect, it } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import { danglingReferences } from "../../../components/wiring";
import { WIRED_OBJECTS } from "../../support/wiring";
import { called, changed, wired } from "./changed";

describe("what somebody else makes is not looked for", () => {
  it.each(["--grpc-client-server-name=client.shop.svc", "server_name_override: client.shop.svc"])(
    "where the name of the other end's certificate is said: %s",
    (said) => expect(changed("ConfigMap", "web", "store: http://store.shop.svc:9000/", said)).toEqual([]),
  );

  it("where a certificate names whom it is made out to", () =>
    expect(changed("Certificate", "web", '"secretName"', '"dnsNames":["client.shop.svc"],"secretName"')).toEqual([]));

  it("where it is brought", () => {
    const objects = WIRED_OBJECTS.filter((object) => !called("Secret", "registry")(object));
    const brought = [{ kind: "Secret", namespace: "shop", name: "registry" }];
    expect(danglingReferences({ ...wired, objects, brought })).toEqual([]);
  });

  it("where its namespace is somebody else's", () => {
    const args = "--mail=smtp.mail.svc:25";
    expect(changed("Deployment", "web", "--store=store.shop.svc:9000", args)).toHaveLength(1);
    const objects = WIRED_OBJECTS.map((object) =>
      called("Deployment", "web")(object)
        ? (JSON.parse(JSON.stringify(object).replace("--store=store.shop.svc:9000", args)) as KubeObject)
        : object,
    );
    expect(danglingReferences({ ...wired, objects, foreignNamespaces: ["mail"] })).toEqual([]);
  });

  it("where a pod starts without it", () =>
    expect(
      changed("Deployment", "web", '"configMap":{"name":"web"}', '"configMap":{"name":"none","optional":true}'),
    ).toEqual([]));
});
