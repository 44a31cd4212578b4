import { describe, expect, it } from "@jest/globals";
import { configurationOf, find, podOf, type Rendered, render } from "./rendered";

const agent = () => configurationOf("agent");

describe("the agent", () => {
  it("finds out itself whose telemetry it is, from the namespace of the pod", () => {
    const { k8s_attributes } = agent().processors;
    expect(k8s_attributes.extract.labels).toEqual([
      { tag_name: "tenant_id", key: "fleetwright.dev/tenant", from: "namespace" },
    ]);
    // the processor writes nothing over what is there, so what a pod claims must be gone by then
    for (const signal of ["traces", "metrics", "logs"]) {
      expect(agent().service.pipelines[signal]).toEqual({
        receivers: ["otlp"],
        processors: ["memory_limiter", "resource/unproven", "k8s_attributes"],
        exporters: ["otlp_grpc"],
      });
    }
  });

  it("believes no pod what it says of its tenant and its place, and leaves it the rest", () => {
    const { attributes } = agent().processors["resource/unproven"];
    expect(attributes.map(({ action }: Rendered) => action)).toEqual(["delete"]);
    const forgotten = new RegExp(attributes[0].pattern);
    const written: string[] = agent().processors.k8s_attributes.extract.metadata;
    expect(
      ["tenant_id", "k8s.pod.ip", "k8s.pod.labels.app", ...written].filter((name) => !forgotten.test(name)),
    ).toEqual([]);
    const own = ["service.name", "k8s.container.name", "k8s.cluster.name", "tenant_id_of_mine", "my.tenant_id"];
    expect(own.filter((name) => forgotten.test(name))).toEqual([]);
  });

  it("knows a pod by the address it sends from, and a log file by its path", () => {
    expect(agent().processors.k8s_attributes.pod_association).toEqual([
      { sources: [{ from: "connection" }] },
      { sources: [{ from: "resource_attribute", name: "k8s.pod.uid" }] },
    ]);
    expect(agent().service.pipelines["logs/files"]).toEqual({
      receivers: ["file_log"],
      processors: ["memory_limiter", "k8s_attributes"],
      exporters: ["otlp_grpc"],
    });
  });

  it("takes no telemetry before it knows the pods of its node", () => {
    const { filter, wait_for_metadata, wait_for_metadata_timeout } = agent().processors.k8s_attributes;
    expect({ wait_for_metadata, wait_for_metadata_timeout }).toEqual({
      wait_for_metadata: true,
      wait_for_metadata_timeout: "30s",
    });
    const [{ env, startupProbe }] = podOf("agent").template.spec.containers;
    expect(env).toContainEqual({
      name: filter.node_from_env_var,
      valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } },
    });
    // the kubelet waits longer than the agent does
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThan(30);
  });

  it("may read pods and namespaces, and nothing else", () => {
    const roles = render().filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
    expect(roles.map(({ rules }) => rules)).toEqual([
      [{ apiGroups: [""], resources: ["namespaces", "pods"], verbs: ["get", "list", "watch"] }],
    ]);
    expect(find(render(), "ClusterRoleBinding/opentelemetry-agent").subjects).toEqual([
      { kind: "ServiceAccount", name: "opentelemetry-agent", namespace: "opentelemetry-agent" },
    ]);
  });

  it("loses no log while it restarts or the gateway is away", () => {
    const { exporters, extensions, receivers } = agent();
    expect(receivers.file_log).toMatchObject({
      include: ["/var/log/pods/*/*/*.log"],
      start_at: "beginning",
      storage: "file_storage",
      retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
    });
    expect(exporters.otlp_grpc.retry_on_failure).toEqual({ enabled: true, max_elapsed_time: "0s" });
    const { containers, volumes } = podOf("agent").template.spec;
    const mount = containers[0].volumeMounts.find(
      ({ mountPath }: Rendered) => mountPath === extensions.file_storage.directory,
    );
    expect(volumes.find(({ name }: Rendered) => name === mount.name).hostPath).toEqual({
      path: "/var/lib/opentelemetry-agent",
    });
  });

  it("does not read what it prints itself", () =>
    expect(agent().receivers.file_log.exclude).toEqual(["/var/log/pods/opentelemetry-agent_*/*/*.log"]));

  it("only reads what pods print, as a user that keeps no capability", () => {
    const [{ securityContext, volumeMounts }] = podOf("agent").template.spec.containers;
    expect(volumeMounts).toContainEqual({ name: "logs", mountPath: "/var/log/pods", readOnly: true });
    expect(securityContext).toMatchObject({
      runAsUser: 0,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
  });

  it("runs on every node, and is reached on one's own", () => {
    expect(podOf("agent").template.spec.tolerations).toEqual([{ operator: "Exists" }]);
    expect(find(render(), "DaemonSet/opentelemetry-agent")).toBeDefined();
    expect(find(render(), "Service/opentelemetry-agent").spec.internalTrafficPolicy).toBe("Local");
  });

  it("holds a quarter of its memory in queues, a third of it per signal", () =>
    expect(agent().exporters.otlp_grpc.sending_queue.queue_size).toBe(21 * 1024 * 1024));
});
