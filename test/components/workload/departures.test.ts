import { describe, expect, it } from "@jest/globals";
import { type Workload, type WorkloadArgs, workload } from "../../../components/workload";

const required: WorkloadArgs = {
  namespace: "shop",
  name: "cart",
  component: "api",
  image: `registry.example/shop/cart:1.2.3@sha256:${"a".repeat(64)}`,
  size: { cpuMillicores: 50, memoryMiB: 64 },
};
// biome-ignore lint/suspicious/noExplicitAny: a rendered object is read as whoever applies it reads it
type Rendered = any;
const pod = ({ objects }: Workload) => (objects.find(({ kind }) => kind === "DaemonSet") as Rendered).spec.template;

describe("a workload that departs from the safe default", () => {
  it("lists every departure from the safe default with its reason", () => {
    const made = workload({
      ...required,
      kind: "DaemonSet",
      departures: {
        runsAsRoot: "r1",
        writableRootFilesystem: "r2",
        privileged: "r3",
        withoutReadinessProbe: "r4",
        unconfinedAppArmor: "r0",
        addedCapabilities: { capabilities: ["NET_ADMIN", "SYS_TIME"], reason: "r5" },
      },
      podDepartures: {
        apiToken: "r6",
        hostNetwork: "r7",
        hostPid: "r8",
        hostPaths: { log: { path: "/var/log", reason: "r9" } },
      },
      mounts: [{ volume: "log", path: "/host/log", readOnly: true }],
    });
    expect(made.departures.map(({ workload, departure, reason }) => `${workload} ${departure}: ${reason}`)).toEqual([
      "shop/cart-api apiToken: r6",
      "shop/cart-api hostNetwork: r7",
      "shop/cart-api hostPid: r8",
      "shop/cart-api hostPath /var/log: r9",
      "shop/cart-api/api runsAsRoot: r1",
      "shop/cart-api/api writableRootFilesystem: r2",
      "shop/cart-api/api privileged: r3",
      "shop/cart-api/api withoutReadinessProbe: r4",
      "shop/cart-api/api unconfinedAppArmor: r0",
      "shop/cart-api/api addedCapabilities NET_ADMIN, SYS_TIME: r5",
    ]);
    expect(pod(made).spec).toMatchObject({
      hostNetwork: true,
      hostPID: true,
      dnsPolicy: "ClusterFirstWithHostNet",
      volumes: [{ name: "log", hostPath: { path: "/var/log" } }],
      containers: [
        {
          volumeMounts: [{ name: "log", mountPath: "/host/log", readOnly: true }],
          securityContext: {
            runAsNonRoot: false,
            runAsUser: 0,
            privileged: true,
            allowPrivilegeEscalation: true,
            readOnlyRootFilesystem: false,
            capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "SYS_TIME"] },
            appArmorProfile: { type: "Unconfined" },
          },
        },
      ],
    });
    expect(workload(required).departures).toEqual([]);
  });

  it.each<[string, WorkloadArgs]>([
    ["hostNetwork has an empty reason", { ...required, podDepartures: { hostNetwork: "" } }],
    [
      "addedCapabilities NET_RAW has an empty reason",
      { ...required, departures: { addedCapabilities: { capabilities: ["NET_RAW"], reason: "" } } },
    ],
  ])("is refused without a reason: %s", (sentence, args) => expect(() => workload(args)).toThrow(sentence));
});
