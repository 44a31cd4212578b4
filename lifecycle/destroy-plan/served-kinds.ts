/** Which kinds an API server lists, once each. */
import type { ServedKind } from "./live-object";

/** `APIGroupDiscoveryList` of apidiscovery.k8s.io/v2, as far as it is read here. */
export interface Discovery {
  readonly items: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind: string };
        readonly scope: string;
        readonly verbs: readonly string[];
      }[];
    }[];
  }[];
}

/** Kinds whose objects can be listed and deleted, each in the version that the API server prefers. */
export function servedKinds(discovery: Discovery | undefined): ServedKind[] {
  const kinds = new Map<string, ServedKind>();
  for (const { metadata, versions } of discovery?.items ?? []) {
    const group = metadata?.name ?? "";
    for (const { version, resources = [] } of versions) {
      for (const { resource: plural, responseKind, scope, verbs } of resources) {
        const isKept = verbs.includes("list") && verbs.includes("delete") && responseKind;
        if (!isKept || kinds.has(`${group}/${plural}`)) continue;
        kinds.set(`${group}/${plural}`, {
          group,
          version,
          kind: responseKind.kind,
          plural,
          namespaced: scope === "Namespaced",
        });
      }
    }
  }
  return [...kinds.values()];
}
