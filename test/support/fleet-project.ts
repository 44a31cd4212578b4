/** A project whose environment has two clusters, with one stack that holds both, and stacks that hold one each. */
import { keyOf } from "../../components/kube-object";
import { loadEnvironment } from "../../stacks/environment";
import { render } from "../../stacks/render";
import { oneRuleEnvironment } from "./environments";
import { TestProject } from "./project";

/** The sandbox's clusters. */
export const CLUSTERS = ["hub", "east"];

export class FleetProject extends TestProject {
  /** Makes the environment `dev`, its stack `dev`, and a stack `dev-<cluster>` for each cluster; starts nothing. */
  async prepare(): Promise<void> {
    const catalogue = {
      team: "payments",
      clusters: ["east"],
      namespaces: { catalogue: { cpu: "4", memory: "8Gi" } },
    };
    const { tenants, ...rest } = oneRuleEnvironment(...CLUSTERS);
    this.environment("dev", { ...rest, tenants: { ...tenants, catalogue } });
    await this.stack("dev", "dev");
    for (const cluster of CLUSTERS) await this.stack(`dev-${cluster}`, "dev", cluster);
  }

  /** What each cluster holds. */
  inventories(): Promise<string[][]> {
    return Promise.all(CLUSTERS.map((cluster) => this.inventory(cluster)));
  }

  /** Keys of what a cluster should hold and does not. */
  async missing(cluster: string): Promise<string[]> {
    const components = render(loadEnvironment("dev", this.root)).get(cluster);
    const found = new Set(await this.inventory(cluster));
    return [...(components?.values() ?? [])]
      .flat()
      .map(keyOf)
      .filter((key) => !found.has(key));
  }
}
