/** A program that judges the part of what is rendered that is written for it. */
import type { KubeObject } from "../../components/kube-object";
import type { Environment } from "../../stacks/environment";

/** What one program says of one file. */
export interface FileVerdict {
  /** Where it stands: `east/opentelemetry/opentelemetry-gateway/gateway`. */
  readonly file: string;
  /** Why it is refused, in the program's own words. @default none: accepted */
  readonly message?: string;
}

/** What one cluster gets. */
export interface RenderedCluster {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  /** What it was rendered from: what is expected of a configuration is read there, not from the configuration. */
  readonly environment: Environment;
  /** An image of the lock as the cluster's containers name it. */
  readonly imageRef: (name: string) => string;
}

/** One program. A further one is one more file beside this, and one more entry of {@link ../accept.programs}. */
export interface Program {
  /** Pinned tool, of the set `accept` unless more than this needs it. */
  readonly tool: string;
  /** Image of the lock that runs in the clusters, whose version is compared with the tool's. */
  readonly image: string;
  /**
   * Judges every file of one cluster.
   *
   * @param path of the program
   * @param folder an empty one, for what the program must find as a file
   */
  readonly judge: (path: string, cluster: RenderedCluster, folder: string) => Promise<readonly FileVerdict[]>;
}

/** What a program that refuses says; some end without a word. */
export const sentenceOf = (said: string): string => said.trim() || "ended without a word";
