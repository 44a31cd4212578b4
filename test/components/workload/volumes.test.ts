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
const pod = ({ objects }: Workload): Rendered =>
  (objects.find(({ kind }) => kind === "Deployment") as Rendered).spec.template;

describe("a workload's volumes", () => {
  it("mounts tokens for one audience, and what the pod knows of itself, read-only", () => {
    const { spec } = pod(
      workload({
        ...required,
        volumes: {
          token: { tokenFor: "bank", path: "token", expirationSeconds: 3600 },
          info: { podInfo: ["labels"] },
        },
        mounts: [
          { volume: "token", path: "/token" },
          { volume: "info", path: "/info" },
        ],
      }),
    );
    expect(spec.volumes).toEqual([
      { name: "info", downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
      {
        name: "token",
        projected: {
          sources: [{ serviceAccountToken: { audience: "bank", expirationSeconds: 3600, path: "token" } }],
        },
      },
    ]);
    expect(spec.containers[0].volumeMounts.map(({ readOnly }: Rendered) => readOnly)).toEqual([true, true]);
  });
});
