/** Where our mesh differs from upstream's charts, and why; docs/components/istio.md lists the same. */

/** `match` is tried on `- <what upstream says>` and `+ <what we say>`. */
export interface Difference {
  readonly what: string;
  readonly match: RegExp;
  readonly why: string;
}

const READ = "(get|list|watch)";
const WRITE = "(create|update|patch|delete)";

export const DIFFERENCES: readonly Difference[] = [
  {
    what: "rights of istiod on gateway.networking.k8s.io, gateway.networking.x-k8s.io, inference.networking.k8s.io",
    match: /^[-+] istiod may .*(gateway\.networking|inference\.networking)/,
    why: "Gateway API is not offered; gateways of its kind are only read, because istiod watches them wherever the kind exists",
  },
  {
    what: "rights of istiod on Deployments, autoscalers, budgets, Services and ServiceAccounts",
    match: new RegExp(
      `^- istiod may (${READ}|${WRITE}) (apps/deployments|autoscaling/horizontalpodautoscalers|policy/poddisruptionbudgets|core/serviceaccounts)$|^- istiod may ${WRITE} core/services$`,
    ),
    why: "only for gateways that istiod makes of Gateway API objects, which is off",
  },
  {
    what: "rights of istiod on Ingresses",
    match: /^- istiod may \S+ networking\.k8s\.io\//,
    why: "Ingress objects are not served: ingressControllerMode is OFF",
  },
  {
    what: "rights of istiod to write WorkloadEntries",
    match: /^- istiod may \S+ networking\.istio\.io\/workloadentries(\/status)?$/,
    why: "machines outside of Kubernetes do not register themselves; what is there is read with its group",
  },
  {
    what: "rights of istiod to write the status of Services, ServiceEntries and AuthorizationPolicies",
    match:
      /^- istiod may \S+ (core\/services|networking\.istio\.io\/serviceentries|security\.istio\.io\/authorizationpolicies)\/status$/,
    why: "written in ambient mode and for automatic addresses only, which are off",
  },
  {
    what: "rights of istiod on Secrets in its namespace",
    match: /^- istiod may (create|update|delete) core\/secrets$/,
    why: "for a CA that istiod makes itself; here it is given one",
  },
  {
    what: "right of istiod to create Gateways",
    match: /^- istiod may create networking\.istio\.io\/gateways$/,
    why: "it would try whether a wrong one is refused before it makes the validators fail closed, which they do from the start",
  },
  {
    what: "rights of istiod on Leases, and to delete ConfigMaps",
    match: /^- istiod may (\S+ coordination\.k8s\.io\/leases|delete core\/configmaps)$/,
    why: "for elections and reports of features that are off; the one election left uses a ConfigMap",
  },
  {
    what: "rights of istiod and of readers on Endpoints, ReplicaSets and ReplicationControllers",
    match: new RegExp(
      `^- (istiod|istio-reader-service-account) may ${READ} (core/endpoints|core/replicationcontrollers|apps/replicasets)$`,
    ),
    why: "istiod 1.30 watches EndpointSlices and pods instead",
  },
  {
    what: "rights of istiod and of readers on serviceexports and serviceimports",
    match: /^- (istiod|istio-reader-service-account) may \S+ multicluster\.x-k8s\.io\//,
    why: "multi-cluster Services of the Kubernetes kind are off, as they are by default",
  },
  {
    what: "rights on config.istio.io, authentication.istio.io, rbac.istio.io and networking.x-k8s.io",
    match: /^- \S+ may \S+ ((config|authentication|rbac)\.istio\.io|networking\.x-k8s\.io)\//,
    why: "groups of versions long gone",
  },
  {
    what: "rights of readers on Istio's objects and ConfigMaps",
    match: new RegExp(
      `^- istio-reader-service-account may ${READ} ((extensions|networking|security|telemetry)\\.istio\\.io/\\*|core/configmaps)$`,
    ),
    why: "each cluster is configured by its own istiod; of another it reads WorkloadEntries only",
  },
  {
    what: "rights of readers to review tokens and access",
    match: /^- istio-reader-service-account may create (authentication|authorization)\.k8s\.io\//,
    why: "a proxy proves itself to the istiod of its own cluster",
  },
  {
    what: "rights of gateways to read Secrets",
    match: /^- istio-(ingress|egress|eastwest)gateway may (get|list|watch) core\/secrets$/,
    why: "the ingress gateway may list them, which is what istiod asks before it hands out a certificate; the others serve none",
  },
  // istiod
  {
    what: "istiod's cacerts, optional",
    match: /^[-+] istiod reads Secret cacerts/,
    why: "required: without its intermediate istiod would make a root of its own, which no other cluster trusts",
  },
  {
    what: "istiod's istio-kubeconfig, istiod-tls and istio-ca-root-cert",
    match:
      /^- istiod (mounts \/var\/run\/secrets\/(remote|istiod\/(ca|tls))|reads (Secret (istio-kubeconfig|istiod-tls)|ConfigMap istio-ca-root-cert), if it is there|variable KUBECONFIG=.*)$/,
    why: "for an istiod outside of its cluster, and for certificates of istio-csr: neither is offered",
  },
  {
    what: "port 15010 of istiod",
    match: /^[-+] (istiod listens on 15010\/TCP|Service istiod port 15010.*|istiod argument --grpcAddr=.*)$/,
    why: "plain text is for the pod itself: --grpcAddr is a loopback address",
  },
  {
    what: "port 15014 of Service istiod",
    match: /^- Service istiod port 15014/,
    why: "metrics are scraped from each pod",
  },
  {
    what: "names of ports 15012 and 443 of Service istiod",
    match: /^[-+] Service istiod port (15012|443)\/TCP/,
    why: "those of the pod's ports",
  },
  {
    what: "profiles of istiod, --profile",
    match: /^\+ istiod argument --profile=false$/,
    why: "off: /debug/pprof answers on no port",
  },
  {
    what: "switches PILOT_ENABLE_*, PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API",
    match: /^\+ istiod variable PILOT_(ENABLE|MULTI)_\w+=false$/,
    why: "what is not offered is off, so that istiod needs no rights for it",
  },
  {
    what: "ENABLE_NATIVE_SIDECARS",
    match: /^\+ istiod variable ENABLE_NATIVE_SIDECARS=true$/,
    why: "said and not guessed from the nodes' versions: every supported Kubernetes has native sidecars",
  },
  {
    what: "CA_TRUSTED_NODE_ACCOUNTS",
    match: /^- istiod variable CA_TRUSTED_NODE_ACCOUNTS=/,
    why: "ztunnel may ask for others' certificates only in ambient mode, which is not offered",
  },
  {
    what: "PILOT_TRACE_SAMPLING and defaultProviders",
    match: /^- (istiod variable PILOT_TRACE_SAMPLING=1|mesh defaultProviders metrics 0 = prometheus)$/,
    why: "said by the Telemetry object of the mesh",
  },
  {
    what: "PLATFORM, and taint cni.istio.io/not-ready",
    match: /^- istiod (variable PLATFORM=|bears cni\.istio\.io\/not-ready of any effect)$/,
    why: "upstream sets the one to nothing, and the other belongs to a controller of taints that is off by default",
  },
  {
    what: "GOMAXPROCS from limits.cpu, and CPU limits",
    match: /^- \S+ (variable GOMAXPROCS from limits\.cpu|limits cpu 2)$/,
    why: "no program of the platform has a CPU limit: it throttles while the node is idle",
  },
  {
    what: "GOMEMLIMIT and memory limit of istiod and of the node agent",
    match: /^\+ (istiod variable GOMEMLIMIT from limits\.memory|(istiod|istio-cni-node) limits memory \S+)$/,
    why: "memory is limited to its request, as of every program of the platform, and the program is told",
  },
  {
    what: "/etc/istio/config and /var/lib/istio/inject of istiod",
    match:
      /^\+ istiod (mounts \/(etc\/istio\/config|var\/lib\/istio\/inject)|reads ConfigMap istio(-sidecar-injector)?)$/,
    why: "its configuration is mounted: an istiod that starts before it exists takes the default trust domain, and never injects",
  },
  {
    what: "/tmp of istiod",
    match: /^\+ istiod mounts \/tmp$/,
    why: "the root file system is read-only",
  },
  {
    what: "fewest pods of istiod and gateways, 1",
    match: /^[-+] (istiod|istio-\w+gateway) scales from \d to 5$/,
    why: "2: one is left when a node is drained",
  },
  {
    what: "budgets of istiod and gateways",
    match: /^\+ (istiod|istio-\w+gateway) spares 1$/,
    why: "one pod away at a time; upstream has a budget only where there are two pods at least",
  },
  // webhooks
  {
    what: "webhooks rev.object, namespace and object of the injector",
    match: /^- webhook istio-sidecar-injector (rev\.object|namespace|object)\.sidecar-injector\.istio\.io /,
    why: "the platform labels the namespaces of the mesh by revision; no pod joins on its own",
  },
  {
    what: "namespaceSelector of the injector",
    match:
      /^\+ webhook istio-sidecar-injector rev\.namespace\S+ namespaceSelector kubernetes\.io\/metadata\.name NotIn /,
    why: "what must come up while istiod is down is never injected, whatever its labels say",
  },
  {
    what: "failurePolicy Ignore of both validators",
    match: /^[-+] webhook (istio-validator-istio-system|istiod-default-validator) \S+ is (Ignore|Fail)$/,
    why: "Fail: the configurations are made after istiod is ready, where upstream begins with Ignore and has istiod change it",
  },
  {
    what: "objectSelector of istiod-default-validator",
    match: /^\+ webhook istiod-default-validator validation\.istio\.io objectSelector istio\.io\/rev DoesNotExist$/,
    why: "what names a revision is checked once, by that revision",
  },
  // mesh
  {
    what: "trustDomain cluster.local",
    match: /^[-+] mesh trustDomain = /,
    why: "one per environment: two environments have two roots, and must not mistake one another's programs",
  },
  {
    what: "outboundTrafficPolicy, accessLogEncoding, concurrency, ingressControllerMode",
    match:
      /^\+ mesh (outboundTrafficPolicy mode = REGISTRY_ONLY|accessLogEncoding = JSON|defaultConfig concurrency = 2|ingressControllerMode = OFF)$/,
    why: "nothing outside is reached that is not named; logs are read by machines; two threads per proxy instead of one per core; no Ingress",
  },
  {
    what: "pathNormalization",
    match: /^\+ mesh pathNormalization normalization = DECODE_AND_MERGE_SLASHES$/,
    why: "policies of paths see one spelling of a path, however a client spells it",
  },
  {
    what: "templates agentgateway, grpc-agent, grpc-simple, kube-gateway and waypoint",
    match: /^- template (agentgateway|grpc-agent|grpc-simple|kube-gateway|waypoint)$/,
    why: "for Gateway API, ambient mode and gRPC without proxy: none is offered",
  },
  { what: "ConfigMap values", match: /^- is ConfigMap values$/, why: "Helm's own record" },
  {
    what: "policies, Telemetry, DestinationRule, Gateway and Certificate",
    match: /^\+ is (AuthorizationPolicy|PeerAuthentication|Telemetry|DestinationRule|Gateway|Certificate) /,
    why: "upstream's charts leave them to whoever installs them",
  },
  {
    what: "label sidecar.istio.io/inject of gateways, true",
    match: /^[-+] istio-\w+gateway has label sidecar\.istio\.io\/inject=/,
    why: "false: their pods are written out, so that they start while istiod's webhook cannot answer",
  },
  {
    what: "ConfigMap istio-ca-root-cert of gateways",
    match: /^\+ istio-\w+gateway reads ConfigMap istio-ca-root-cert$/,
    why: "what upstream's injector would mount",
  },
  {
    what: "ports 15012 and 15017 of the east-west gateway",
    match: /^- Service istio-eastwestgateway port (15012|15017)/,
    why: "for clusters without an istiod of their own; here each has one",
  },
  {
    what: "type and ports 80 and 15021 of the egress gateway's Service",
    match: /^[-+] Service istio-egressgateway (is (LoadBalancer|ClusterIP)|port (80|15021)\/)/,
    why: "ClusterIP and 443 only: it is for the cluster's own programs, which speak TLS to the hosts outside",
  },
  {
    what: "target ports of the gateways' Services",
    match: /^[-+] Service istio-(ingress|egress|eastwest)gateway port \d+\/TCP \S+( to \d+)?$/,
    why: "above 1024 and by name, so that no capability is needed; Istio translates the Service's port",
  },
  // node agent
  {
    what: "quota of the node agent's namespace",
    match: /^\+ is ResourceQuota istio-cni-resource-quota$/,
    why: "everywhere, where upstream makes it on GKE only: without it such a cluster refuses the agent's pods",
  },
  {
    what: "/var/run/netns and AMBIENT_* of the node agent",
    match: /^- istio-cni-node (sees \/var\/run\/netns of the node|variable (AMBIENT_|ENABLE_AMBIENT_).*)$/,
    why: "for ambient mode, which is off",
  },
  {
    what: "label sidecar.istio.io/inject of the node agent",
    match: /^- istio-cni-node has label sidecar\.istio\.io\/inject=false$/,
    why: "its namespace is never injected",
  },
  {
    what: "--log_output_level and memory of the node agent",
    match: /^[-+] istio-cni-node (argument --log_output_level=.*|requests memory .*)$/,
    why: "the same spelling as istiod's; 128 MiB instead of 100",
  },
  {
    what: "port 8000 of the node agent",
    match: /^\+ istio-cni-node listens on 8000\/TCP$/,
    why: "named, because its probe names it",
  },
];
