/** Settings of Argo CD. */
import { z } from "zod";
import { account, dnsLabel } from "./names";

const httpsUrl = z.url({
  protocol: /^https$/,
  hostname: z.regexes.domain,
  error: "must be an address such as https://argocd.example.com",
});

export const singleSignOn = z.strictObject({
  /** Address of an OpenID Connect provider, `https://…`, as it calls itself. */
  issuer: httpsUrl,
  /** Name under which the provider knows Argo CD. */
  clientId: z.string().min(1),
  /** Secret in namespace `argocd` with the client's secret as key `clientSecret`, labelled `app.kubernetes.io/part-of: argocd`. @default none: a public client, with PKCE */
  clientSecretName: dnsLabel.optional(),
});

export const argoCd = z.strictObject({
  /** Who installs it: `managed` here; `external` by someone else in namespace `argocd` of the hub (then accounts, projects and what is synchronised are made), or `off`: then nothing of it is made. @default managed */
  management: z.enum(["managed", "external", "off"]).default("managed"),
  /** Clusters by step, in the order in which a change reaches them; every cluster stands in one step, and a step waits until all before it are healthy. @default each spoke in its own step, in the order of `clusters`, then the hub */
  steps: z.array(z.array(dnsLabel).min(1)).min(1).optional(),
  /** Address at which people reach it, `https://…`. @default none: `kubectl port-forward`, or `argocd --core` */
  url: httpsUrl.optional(),
  /** Who says who people are. @default none: nobody logs in; there is no account with a password */
  singleSignOn: singleSignOn.optional(),
  /** Groups, as the provider spells them, whose members may do everything in Argo CD. @default none */
  adminGroups: z.array(account).default([]),
  /** Pods of the server, 2–5. @default 2: one is left when a node is drained */
  serverReplicas: z.int().min(2).max(5).default(2),
  /** Pods that read repositories, 2–10. @default 2: one is left when a node is drained */
  repoServerReplicas: z.int().min(2).max(10).default(2),
});
