/** Webhooks as the API server reads them: each entry of a configuration, with what it means where it says nothing. */
import { at, type Fields, fieldsOf, listOf, textOf } from "./field";
import type { ObjectSet } from "./object-set";
import type { SetObject } from "./set-object";

/** A Service that the API server calls. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** One entry of `webhooks[]`. */
export interface Webhook {
  readonly configuration: SetObject;
  /** `webhooks[0]`. */
  readonly path: string;
  readonly name: string;
  readonly fields: Fields;
  /** Whether what it is asked about is refused while nobody answers. */
  readonly failsClosed: boolean;
  readonly timeoutSeconds: number;
  /** Absent: a URL that leads out of the cluster. */
  readonly service: ServiceReference | undefined;
}

const KINDS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] as const;

export function webhooksOf(set: ObjectSet): Webhook[] {
  return configurationsOf(set).flatMap((configuration) => {
    const { object, version } = configuration;
    return listOf(object.webhooks).map((entry, index): Webhook => {
      const fields = fieldsOf(entry);
      // read as it is asked for: of what nobody asks it does not matter whether it is known
      return {
        configuration,
        path: `webhooks[${index}]`,
        fields,
        get name() {
          return textOf(fields.name) ?? "";
        },
        get failsClosed() {
          return fields.failurePolicy === "Fail" || (fields.failurePolicy === undefined && version === "v1");
        },
        get timeoutSeconds() {
          const { timeoutSeconds } = fields;
          return typeof timeoutSeconds === "number" ? timeoutSeconds : version === "v1beta1" ? 30 : 10;
        },
        get service() {
          return serviceOf(fields.clientConfig);
        },
      };
    });
  });
}

export const configurationsOf = (set: ObjectSet): SetObject[] =>
  KINDS.flatMap((kind) => set.ofKind("admissionregistration.k8s.io", kind));

/** Of a `clientConfig`: the Service that it names, or that its URL leads to by the cluster's names. */
export function serviceOf(clientConfig: unknown): ServiceReference | undefined {
  const { service, url } = fieldsOf(clientConfig);
  const { name, namespace, port } = fieldsOf(service);
  if (typeof name === "string" && typeof namespace === "string") {
    return { namespace, name, port: typeof port === "number" ? port : 443 };
  }
  const found = /^https:\/\/([^./:]+)\.([^./:]+)\.svc(?:\.[^/:]*)?(?::(\d+))?(?:\/|$)/.exec(textOf(url) ?? "");
  return found?.[1] && found[2] ? { namespace: found[2], name: found[1], port: Number(found[3] ?? 443) } : undefined;
}

/** `gatekeeper-system/gatekeeper-webhook-service`. */
export const shownService = ({ name, namespace }: Pick<ServiceReference, "name" | "namespace">): string =>
  `${namespace}/${name}`;

/** `webhook.conversion` of a definition: the Service that converts its objects; undefined where none does. */
export function conversionService(definition: SetObject): ServiceReference | undefined {
  const conversion = at(definition.object, "spec", "conversion");
  if (at(conversion, "strategy") !== "Webhook") return undefined;
  return serviceOf(at(conversion, "webhook", "clientConfig") ?? at(conversion, "webhookClientConfig"));
}
