import { expect } from "@jest/globals";
import type { KubeObject } from "../../../components/kube-object";
import { danglingReferences } from "../../../components/wiring";
import { WIRED_FLOWS, WIRED_HOSTS, WIRED_OBJECTS } from "../../support/wiring";

/** The small cluster, as it is looked through. */
export const wired = { objects: WIRED_OBJECTS, flows: WIRED_FLOWS, hosts: WIRED_HOSTS };
/** Whether an object is the one of this kind and name. */
export const called = (kind: string, name: string) => (object: KubeObject) =>
  object.kind === kind && object.metadata.name === name;

/** The same cluster after one replacement in the text of one object. */
export const changed = (kind: string, name: string, from: string, to: string) => {
  const objects = WIRED_OBJECTS.map((object) => {
    if (!called(kind, name)(object)) return object;
    expect(JSON.stringify(object)).toContain(from);
    return JSON.parse(JSON.stringify(object).replace(from, to)) as KubeObject;
  });
  return danglingReferences({ ...wired, objects });
};
