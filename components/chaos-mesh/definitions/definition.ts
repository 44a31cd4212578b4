/** One kind as a CustomResourceDefinition. */

import { CHAOS_GROUP } from "../../chaos-api";
import type { KubeObject } from "../../kube-object";
import { chaosMeshObject } from "../names";
import { fields, type Schema } from "./schema";

/** A kind that is offered. */
export interface DefinedKind {
  /** CamelCase. */
  readonly kind: string;
  /** Plural name. @default the kind in lower case: chaos has no plural */
  readonly plural?: string;
  /** Whether its status is written apart from the rest. @default false */
  readonly hasStatusSubresource?: boolean;
  readonly spec: Schema;
  readonly status: Schema;
}

/** Plural name of a kind. */
export const pluralOf = ({ kind, plural }: Pick<DefinedKind, "kind" | "plural">) => plural ?? kind.toLowerCase();

/** The definition of a kind that is offered. */
export function definition(defined: DefinedKind): KubeObject {
  const { hasStatusSubresource = false, kind, spec, status } = defined;
  const schema = fields({ ...objectFields, "spec!": spec, status });
  return crd(kind, pluralOf(defined), { schema, hasStatusSubresource });
}

/**
 * The definition of a kind that is not offered. The controller looks all its kinds up when it starts, and ends where
 * one is missing; so the kind is there, and every object of it is refused.
 */
export function closedDefinition(kind: string): KubeObject {
  const schema: Schema = {
    ...fields(objectFields),
    "x-kubernetes-validations": [{ rule: "false", message: `${kind} is not offered on this platform` }],
  };
  return crd(kind, pluralOf({ kind }), { schema, hasStatusSubresource: false });
}

/** What every object has. */
const objectFields: Readonly<Record<string, Schema>> = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: { type: "object" },
};

function crd(
  kind: string,
  plural: string,
  { hasStatusSubresource, schema }: { readonly schema: Schema; readonly hasStatusSubresource: boolean },
): KubeObject {
  return chaosMeshObject(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    { name: `${plural}.${CHAOS_GROUP}`, part: "definitions" },
    {
      spec: {
        group: CHAOS_GROUP,
        scope: "Namespaced",
        names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
        versions: [
          {
            name: "v1alpha1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: schema },
            ...(hasStatusSubresource ? { subresources: { status: {} } } : {}),
          },
        ],
      },
    },
  );
}
