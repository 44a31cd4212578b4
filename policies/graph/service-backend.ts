/** Whatever the API server calls is there: a Service, its port, and pods behind it. */
import { at, type Fields, fieldsOf, listOf, stringsOf } from "./field";
import type { GraphFinding, GraphJudge } from "./graph-rule";
import type { ObjectSet } from "./object-set";
import { containersOf, podTemplate } from "./pod-template";
import type { SetObject } from "./set-object";
import {
  configurationsOf,
  conversionService,
  type ServiceReference,
  serviceOf,
  shownService,
  webhooksOf,
} from "./webhook";

/** A call of the API server. */
interface Call {
  readonly on: SetObject;
  readonly path: string;
  /** Who is called, for people: `webhook validate.example.com`. */
  readonly caller: string;
  readonly service: ServiceReference;
  /** What does not work until somebody answers. */
  readonly loss: string;
}

export const serviceBackend: GraphJudge = {
  subject: "webhook configurations, definitions that are converted by webhooks, APIServices",
  looksAt: (set) => [
    ...configurationsOf(set),
    ...[...conversionCalls(set), ...apiServiceCalls(set)].map(({ on }) => on),
  ],
  find: (set) =>
    [...webhookCalls(set), ...conversionCalls(set), ...apiServiceCalls(set)].flatMap((call) => {
      const fault = faultOf(set, call.service);
      if (!fault) return [];
      const { caller, loss, on, path } = call;
      const message = `${path} has ${caller} answered by Service ${shownService(call.service)}, ${fault.message}: ${loss}`;
      return [{ on, path, message, verdict: fault.isElsewhere ? "absent" : "deny" } satisfies GraphFinding];
    }),
};

function webhookCalls(set: ObjectSet): Call[] {
  return webhooksOf(set).flatMap(({ configuration: on, failsClosed, name, path, service }) => {
    const loss = failsClosed ? "whatever it judges is refused" : "it judges nothing, and each request waits for it";
    return service ? [{ on, path: `${path}.clientConfig`, caller: `webhook ${name}`, service, loss }] : [];
  });
}

function conversionCalls(set: ObjectSet): Call[] {
  return set.ofKind("apiextensions.k8s.io", "CustomResourceDefinition").flatMap((on) => {
    const service = conversionService(on);
    const loss = "objects cannot be read or written in any version but the stored one, and lists of them fail";
    return service ? [{ on, path: "spec.conversion", caller: "conversion", service, loss }] : [];
  });
}

function apiServiceCalls(set: ObjectSet): Call[] {
  return set.ofKind("apiregistration.k8s.io", "APIService").flatMap((on) => {
    const service = serviceOf({ service: at(on.object, "spec", "service") });
    const loss = "no namespace can be deleted to its end, since nobody says what of that group is in it";
    return service ? [{ on, path: "spec.service", caller: `API ${on.name}`, service, loss }] : [];
  });
}

interface Fault {
  readonly message: string;
  /** What is missing may be there without being in the set. */
  readonly isElsewhere: boolean;
}

function faultOf(set: ObjectSet, { name, namespace, port }: ServiceReference): Fault | undefined {
  const service = set.find("", "Service", namespace, name);
  if (!service) return { message: "which is not among these objects", isElsewhere: true };
  const spec = fieldsOf(service.object.spec);
  if (spec.type === "ExternalName") return undefined;
  const ports = listOf(spec.ports).map(fieldsOf);
  const asked = ports.find((one) => one.port === port);
  if (!asked) {
    const has = ports.map((one) => one.port).join(", ") || "none";
    return { message: `which has no port ${port}, only ${has}`, isElsewhere: false };
  }
  if (Object.keys(stringsOf(spec.selector)).length === 0) return withoutSelector(set, service, namespace);
  const fault = podFault(set.behind(service, namespace), asked);
  // pods of others may answer as well
  return fault && { ...fault, isElsewhere: fault.isElsewhere || set.hasOthers };
}

function podFault(workloads: readonly SetObject[], { port, targetPort }: Fields): Fault | undefined {
  if (workloads.length === 0) {
    return { message: "whose selector no pods of these objects match", isElsewhere: true };
  }
  const templates = workloads.flatMap(({ object }) => podTemplate(object) ?? []);
  if (templates.every(({ replicas }) => replicas === 0)) {
    return { message: "behind which no pods run, since their replicas are 0", isElsewhere: false };
  }
  const isNamed = typeof targetPort === "string" && !/^\d+$/.test(targetPort);
  const hasPort = templates.some(({ spec }) =>
    containersOf(spec).some(({ ports }) => listOf(ports).some((one) => at(one, "name") === targetPort)),
  );
  if (!isNamed || hasPort) return undefined;
  return {
    message: `whose port ${port} leads to ${targetPort}, a name that no port of its pods has`,
    isElsewhere: false,
  };
}

/** Its addresses are written by somebody. */
function withoutSelector(set: ObjectSet, { name }: SetObject, namespace: string): Fault | undefined {
  const isWritten =
    set.find("", "Endpoints", namespace, name) !== undefined ||
    set
      .ofKind("discovery.k8s.io", "EndpointSlice")
      .some((slice) => slice.labels["kubernetes.io/service-name"] === name && mayLieIn(slice, namespace));
  return isWritten ? undefined : { message: "which selects no pods and has no EndpointSlices here", isElsewhere: true };
}

/** One that leaves its namespace open may be applied to any. */
const mayLieIn = (one: SetObject, namespace: string) => one.namespace === "" || one.namespace === namespace;
