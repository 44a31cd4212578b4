/** What Argo CD on the hub must be told. */
import type { Size } from "../workload/container";

/** Who signs certificates, and whether somebody is there to sign. */
export interface Issuer {
  /** ClusterIssuer of cert-manager, DNS label. */
  readonly name: string;
  /** Whether to wait until the certificates are there. */
  readonly awaited: boolean;
}

/** Images of its programs: `registry/repository:tag@sha256:digest`, as the image lock gives them. */
export interface ArgoCdImages {
  readonly argoCd: string;
  /** Its cache. */
  readonly redis: string;
}

/** What each program may use: CPU at least 10 millicores, memory at least 64 MiB. */
export interface ArgoCdSizes {
  readonly controller: Size;
  readonly server: Size;
  readonly repoServer: Size;
  readonly applicationSet: Size;
  readonly redis: Size;
}

/** Who says who people are: an OpenID Connect provider. */
export interface SingleSignOn {
  /** Address of the provider, `https://…`. */
  readonly issuer: string;
  /** Name under which the provider knows Argo CD. */
  readonly clientId: string;
  /**
   * Secret in Argo CD's namespace with the client's secret as key `clientSecret`, labelled
   * `app.kubernetes.io/part-of: argocd`; DNS label. @default none: a public client, with PKCE
   */
  readonly clientSecretName?: string;
}

/** What is synchronised for a tenant. */
export interface Delivery {
  /** Address of the repository, as Git takes it. */
  readonly repository: string;
  /** Folder in it, relative; `{cluster}` stands for the cluster's name. */
  readonly path: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** Namespace of objects that name none; one of the tenant's. */
  readonly namespace: string;
  /** Whether objects that are gone from the repository are deleted. */
  readonly prune: boolean;
}

/** A tenant as Argo CD knows it. */
export interface DeliveredTenant {
  /** DNS label: the name of its project. */
  readonly name: string;
  /** The team that owns it, DNS label. */
  readonly team: string;
  /** Group whose members are that team. */
  readonly group: string;
  /** Clusters that carry it. */
  readonly clusters: readonly string[];
  /** Its namespaces, DNS labels. */
  readonly namespaces: readonly string[];
  /** Repositories that its Applications may come from. */
  readonly repositories: readonly string[];
  /** What is synchronised for it. @default nothing */
  readonly delivery?: Delivery;
}

/** What exists once, on the hub. */
export interface ArgoCdHub {
  /** Name of the environment, DNS label: that of its ApplicationSet. */
  readonly environment: string;
  /**
   * Who installs it: `managed` here, with the images to run; or `external`, someone else in namespace `argocd`: then only
   * the projects and what is synchronised are made.
   */
  readonly management: { readonly kind: "managed"; readonly images: ArgoCdImages } | { readonly kind: "external" };
  /** Who signs the certificates of its programs. */
  readonly issuer: Issuer;
  /** Tenants of the whole environment. */
  readonly tenants: readonly DeliveredTenant[];
  /** Clusters by step, in the order in which a change reaches them; each cluster stands in one step. */
  readonly steps: readonly (readonly string[])[];
  /** Ranges in which the API servers of the other clusters listen, CIDR. @default none: there are no others */
  readonly apiServerCidrs?: readonly string[];
  /** Address at which people reach it, `https://…`. @default none: it is reached through kubectl */
  readonly url?: string;
  /** @default none: nobody logs in, and `argocd --core` works through the API server */
  readonly singleSignOn?: SingleSignOn;
  /** Groups whose members may do everything in Argo CD. @default none */
  readonly adminGroups?: readonly string[];
  /** Pods of the server, 2–5. @default 2: one is left when a node is drained */
  readonly serverReplicas?: number;
  /** Pods that read repositories, 2–10. @default 2: one is left when a node is drained */
  readonly repoServerReplicas?: number;
  /**
   * What each program may use. Upstream sets nothing and advises to measure: the controller holds the objects of all
   * clusters in memory, the repo server unpacks repositories.
   * @default controller 250 millicores and 1024 MiB, repo server 100 and 1024, the others 50 and 256
   */
  readonly sizes?: Partial<ArgoCdSizes>;
}

export const ARGO_CD_SIZES: ArgoCdSizes = {
  controller: { cpuMillicores: 250, memoryMiB: 1024 },
  server: { cpuMillicores: 50, memoryMiB: 256 },
  repoServer: { cpuMillicores: 100, memoryMiB: 1024 },
  applicationSet: { cpuMillicores: 50, memoryMiB: 256 },
  redis: { cpuMillicores: 50, memoryMiB: 256 },
};
