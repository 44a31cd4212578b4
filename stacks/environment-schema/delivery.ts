/** What Argo CD synchronises for a tenant. */
import { z } from "zod";
import { dnsLabel } from "./names";

export const repository = z
  .string()
  .regex(
    /^(https:\/\/|ssh:\/\/|git@)[^\s*!]+$/,
    "must be a Git address that starts with https://, ssh:// or git@, without * or !",
  );

export const gitops = z.strictObject({
  /** Repository, as Git takes it; it need not stand in `repositories` as well. */
  repository,
  /** Folder in it, relative; `{cluster}` stands for the name of each cluster. @default `.`, the whole repository */
  path: z
    .string()
    .regex(/^(?!\/)(?!.*\.\.)\S+$/, "must be a relative path without ..")
    .default("."),
  /** Branch, tag or commit. */
  revision: z.string().min(1),
  /** Namespace of objects that name none; one of the tenant's. @default the first of the tenant's */
  namespace: dnsLabel.optional(),
  /** Whether objects that are gone from the repository are deleted. @default false: what was deployed stays until somebody says so */
  prune: z.boolean().default(false),
});
