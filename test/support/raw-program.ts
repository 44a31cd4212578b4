/** A project's program that registers objects from `objects.json` as the platform registers its own, and nothing else. */
import type { KubeObject } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import type { TestProject } from "./project";

const source = () => `
const { ClusterPlatform } = require("${packageRoot()}/dist/components/cluster-platform.js");
const { inspect } = require("${packageRoot()}/dist/stacks/inspection.js");
const { awaitKinds } = require("${packageRoot()}/dist/stacks/served-kinds.js");
const pulumi = require("@pulumi/pulumi");
const objects = require("./objects.json");
module.exports = async () => {
  const access = { kubeconfig: ".fleetwright/default/kubeconfig", context: "hub" };
  const mine = { environment: "test", cluster: "hub", stack: "test" };
  const administrators = { users: [], groups: ["system:masters"] };
  const options = { mine, administrators, adopt: false, refuseDeadWebhooks: true, deploys: !pulumi.runtime.isDryRun() };
  const { replaced, warnings } = await inspect(access, objects, options);
  for (const sentence of warnings) await pulumi.log.warn(sentence);
  const { registered } = new ClusterPlatform("hub", {
    ...access,
    clusterIdentifier: "test/hub",
    objects: objects.map((object) => ({ component: "cluster-base", object })),
    replaced: pulumi.runtime.isDryRun() ? replaced : new Set(),
    takeOver: false,
    slots: 1,
    served: (definitions) => awaitKinds("hub", access, definitions),
  });
  await registered;
};
`;

/** Makes the project's program one that registers these objects on its cluster `hub`. */
export function registersOnly(project: TestProject, objects: readonly KubeObject[]): void {
  const marked = objects.map((object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: { "app.kubernetes.io/managed-by": "fleetwright" },
      annotations: { "pulumi.com/patchFieldManager": "fleetwright" },
    },
  }));
  project.write("objects.json", JSON.stringify(marked));
  project.write("index.js", source());
}
