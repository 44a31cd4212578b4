import { describe, expect, it } from "@jest/globals";
import { faultsAfter, wholeFaultsAfter } from "../support/environment-faults";

describe("an environment", () => {
  it.each([
    [
      "two hubs",
      /east:\n/,
      "east:\n    role: hub\n",
      "clusters: exactly one cluster must have role: hub, hub, east have",
    ],
    [
      "a context used twice",
      /east:\n/,
      "east:\n    context: hub\n",
      "clusters.east.context: clusters hub and east name the same context: each cluster needs its own, or one would be deployed twice",
    ],
    [
      "a group with a line of its own",
      "group: acme:payments",
      'group: "a\\ng, b, role:admin"',
      "teams.payments.group: must be a name on one line, with no blank at its ends",
    ],
    [
      "a context that is another cluster's by its name, where it stands",
      /east:\n/,
      "east:\n    context: west\n",
      "clusters.east.context: clusters east and west name the same context: each cluster needs its own, or one would be deployed twice",
    ],
    [
      "a zone listed twice",
      "[local-hub-a, local-hub-b",
      "[local-hub-a, local-hub-a",
      "clusters.hub.zones[1]: stands twice in the list",
    ],
    [
      "no default class",
      "default: true",
      "default: false",
      "storageClasses: cluster hub needs exactly one class with default: true, none says so",
    ],
    [
      "an unknown zone",
      "default: true",
      "default: true\n    zones: [mars]",
      "storageClasses.standard.zones[0]: cluster hub has no such zone, its zones are local-hub-a, local-hub-b, local-hub-c",
    ],
    [
      "a class of an unknown cluster",
      "reclaimPolicy: Retain",
      "clusters: [north]",
      "storageClasses.durable.clusters[0]: no such cluster: the environment has hub, east, west",
    ],
    [
      "a zonal class that binds at once",
      "reclaimPolicy: Retain",
      "volumeBindingMode: Immediate",
      "storageClasses.durable.volumeBindingMode: volumes of cluster hub live in one zone: use WaitForFirstConsumer, or a pod may wait for ever in another zone",
    ],
    [
      "a tenant of an unknown team",
      "team: search",
      "team: nobody",
      "tenants.catalogue.team: no such team: teams has platform, payments, search",
    ],
    [
      "a namespace with two owners",
      "catalogue: {",
      "shop: {",
      "tenants.catalogue.namespaces.shop: tenant shop already has this namespace: a namespace has one owner",
    ],
    [
      "a namespace of the platform",
      "catalogue: {",
      "kube-system: {",
      "tenants.catalogue.namespaces.kube-system: is a namespace of Kubernetes or of the platform: choose another name",
    ],
    [
      "a namespace of the mesh",
      "catalogue: {",
      "istio-system: {",
      "tenants.catalogue.namespaces.istio-system: is a namespace of Kubernetes or of the platform: choose another name",
    ],
    [
      "fewer at most than at least",
      "components:\n",
      "components:\n  istio: { gateways: { ingress: { minReplicas: 4, maxReplicas: 3 } } }\n",
      "components.istio.gateways.ingress.maxReplicas: must be at least minReplicas",
    ],
    [
      "a host that is any",
      "components:\n",
      "components:\n  istio: { egressHosts: ['*.example.com'] }\n",
      "components.istio.egressHosts[0]: must be a DNS name of two labels or more, such as api.example.com",
    ],
    [
      "a namespace of the collectors",
      "catalogue: {",
      "opentelemetry-agent: {",
      "tenants.catalogue.namespaces.opentelemetry-agent: is a namespace of Kubernetes or of the platform: choose another name",
    ],
    [
      "a tenant that is called as the platform is",
      "  catalogue:\n",
      "  platform:\n",
      "tenants.platform: is the name under which telemetry that no tenant owns is stored: choose another name",
    ],
    [
      "fewer gateways at most than at least",
      "components:\n",
      "components:\n  openTelemetryCollector: { gatewayReplicas: 4, gatewayMaxReplicas: 3 }\n",
      "components.openTelemetryCollector.gatewayMaxReplicas: must be at least gatewayReplicas: there are never fewer than the fewest",
    ],
    [
      "a quantity that is none",
      'cpu: "4"',
      "cpu: four",
      "tenants.shop.namespaces.shop-jobs.cpu: must be a Kubernetes quantity such as 500m, 4 or 8Gi",
    ],
    [
      "a minor that YAML reads as a number",
      'kubernetes: "1.35"',
      "kubernetes: 1.35",
      "clusters.hub.kubernetes: must be a text",
    ],
    [
      "a user in the address of an API server",
      "role: hub\n",
      "role: hub\n    apiServer: 'https://admin:secret@api.example.com'\n",
      "clusters.hub.apiServer: must have no user, query, fragment and spaces, such as https://api.eu-1.example.com:6443: credentials are issued on their own",
    ],
    [
      "a query there",
      "role: hub\n",
      "role: hub\n    apiServer: 'https://api.example.com/?token=a'\n",
      "clusters.hub.apiServer: must have no user, query, fragment and spaces, such as https://api.eu-1.example.com:6443: credentials are issued on their own",
    ],
    [
      "a fragment there",
      "role: hub\n",
      "role: hub\n    apiServer: 'https://api.example.com/#a'\n",
      "clusters.hub.apiServer: must have no user, query, fragment and spaces, such as https://api.eu-1.example.com:6443: credentials are issued on their own",
    ],
    [
      "a space there",
      "role: hub\n",
      "role: hub\n    apiServer: 'https://api.example.com/a b'\n",
      "clusters.hub.apiServer: must have no user, query, fragment and spaces, such as https://api.eu-1.example.com:6443: credentials are issued on their own",
    ],
    [
      "a minor that is older than Gatekeeper's oldest",
      'kubernetes: "1.35"',
      'kubernetes: "1.30"',
      "clusters.hub.kubernetes: must be at least 1.31, the oldest that Gatekeeper is made for",
    ],
    [
      "a query that does not end",
      "abort: slo",
      "abort: { query: 'sum(up', threshold: 1 }",
      'experiments.checkout-pod-kill.abort.query: must be PromQL: "(" is never closed',
    ],
    [
      "a registry with a scheme",
      "ghcr.io/acme",
      "https://ghcr.io/acme",
      "images.registries[0]: must be a registry with an optional path, without scheme or trailing slash, such as ghcr.io/acme or docker.io/acme",
    ],
    [
      "a range that is none",
      "10.244.0.0/16",
      "10.244.0.0/99",
      "clusters.hub.network.podCidrs[0]: must be a CIDR such as 10.0.0.0/16",
    ],
    [
      "an escalation to the team itself",
      "escalateTo: platform",
      "escalateTo: payments",
      "teams.payments.alerts.escalateTo: must be another team: teams has platform, search",
    ],
    [
      "a channel without Slack",
      "receiver: slack",
      "receiver: webhook",
      "teams.search.alerts.channel: must be given for receiver slack, and for no other",
    ],
    [
      "a name that every object of JavaScript has, for a team",
      "team: search",
      "team: constructor",
      "tenants.catalogue.team: no such team: teams has platform, payments, search",
    ],
    [
      "the same for a cluster",
      "clusters: [east, west]",
      "clusters: [east, constructor]",
      "tenants.catalogue.clusters[1]: no such cluster: the environment has hub, east, west",
    ],
    [
      "the same for an objective",
      "slo: checkout",
      "slo: constructor",
      "experiments.checkout-pod-kill.slo: no such objective: slos has checkout, kubernetes-api",
    ],
    [
      "a cluster's name of other letters, and says which there may be",
      "  hub:\n",
      "  hüb:\n",
      "clusters.hüb: must be a DNS label (RFC 1123): lower-case letters, digits and '-'",
    ],
    [
      "a zone that no label could have",
      "[local-hub-a, ",
      '["local hub", ',
      "clusters.hub.zones[0]: must be the value of a label: letters, digits, '-', '_' and '.', a letter or digit at both ends",
    ],
    [
      "a registry that would be a user of Docker Hub",
      "ghcr.io/acme",
      "acme",
      "images.registries[0]: must be a registry with an optional path, without scheme or trailing slash, such as ghcr.io/acme or docker.io/acme",
    ],
    [
      "a level of a rule that there is not",
      "components:\n",
      "policy: { levels: { IM-11: deny } }\ncomponents:\n",
      "policy.levels.IM-11: no rule has this id: docs/reference/rules.md lists those there are",
    ],
    [
      "a page of runbooks that has a section of its own already",
      "runbookBaseUrl: https://docs.acme.example/platform/alerts",
      "runbookBaseUrl: https://docs.acme.example/platform#alerts",
      "alerts.runbookBaseUrl: must be an https:// address without # and braces, such as https://docs.example.com/platform/alerts: # and each alert's name follow it",
    ],
    ["what is missing", "owner: platform\n", "", "owner: is missing: must be a text"],
    [
      "several documents",
      "owner: platform",
      "---\nowner: platform",
      ": holds several documents: must be one, without --- between its fields",
    ],
    [
      "an alias within what it repeats",
      "owner: platform",
      "owner: &a [*a]",
      ": not usable: its aliases (*) repeat one another without end, write out what they stand for",
    ],
    [
      "an alias of what is called nothing",
      "purpose: development",
      "purpose: *nope",
      ": not usable: *nope repeats what nothing before it is called, write &nope before what it stands for, or quote it",
    ],
  ])("refuses %s", (_, from, to, fault) => {
    expect(faultsAfter(from, to)).toContain(fault);
  });

  it("says of each alias that stands for nothing where it stands", () => {
    expect(
      wholeFaultsAfter("purpose: development\nowner: platform", "purpose: *one\nowner: *two").map(({ line }) => line),
    ).toEqual([2, 3]);
  });

  it.each(["- purpose", "development", "7"])("says of a file that is no map that alone: %s", (whole) => {
    expect(faultsAfter(/^.*$/s, whole)).toEqual([": must be a map of fields"]);
  });

  it("says of no clusters that alone, and not what would follow for all that names one", () => {
    const noClusters = /^clusters:\n.*?(?=^storageClasses:)/ms;
    expect(faultsAfter(noClusters, "clusters: {}\n")).toEqual([
      "clusters: exactly one cluster must have role: hub, none has",
    ]);
    expect(faultsAfter(noClusters, "clusters: []\n")).toEqual(["clusters: must be a map by name"]);
    expect(faultsAfter(noClusters, "")).toEqual(["clusters: is missing: must be a map by name"]);
    expect(faultsAfter(/^.*$/s, "# nothing").join()).not.toMatch(/hub/);
  });

  it("says where nothing carries a tenant that alone", () => {
    const said = faultsAfter("    team: payments\n", "    team: payments\n    clusters: [north]\n");
    expect(said).toEqual(["tenants.shop.clusters[0]: no such cluster: the environment has hub, east, west"]);
  });

  it("says nothing twice", () => {
    expect(faultsAfter("reclaimPolicy: Retain", "clusters: [hub, hub]\n    zones: [mars]")).toEqual([
      "storageClasses.durable.zones[0]: cluster hub has no such zone, its zones are local-hub-a, local-hub-b, local-hub-c",
    ]);
  });

  it("takes an address of an API server with a path", () =>
    expect(faultsAfter("role: hub\n", "role: hub\n    apiServer: https://fleet.example.com:6443/k8s/hub\n")).toEqual(
      [],
    ));

  it("shows the name itself where the name is wrong, and not all that is called so", () => {
    expect(wholeFaultsAfter("  hub:\n", "  eu.west:\n")).toContainEqual(
      expect.objectContaining({ path: "clusters.eu.west", value: "eu.west", line: 10 }),
    );
  });
});
