/** Settings of Grafana. */
import { z } from "zod";
import { cidr, dnsLabel } from "./names";

const secretName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "must be the name of a Secret (RFC 1123)");
const databaseWord = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/, "must be letters, digits, '_' and '-', at most 63 characters");

export const grafana = z
  .strictObject({
    /** Who installs it: `managed` here, on the hub; `external` by someone else, or `off`: then nothing is made. @default managed */
    management: z.enum(["managed", "external", "off"]).default("managed"),
    /** Secret in namespace `grafana` with the keys `admin-password` and `secret-key`, 32 random characters each. @default grafana-admin */
    secretName: secretName.default("grafana-admin"),
    /** URL by which people reach it, `https://…/`. @default none: by `kubectl port-forward`, at http://localhost:3000/ */
    rootUrl: z
      .string()
      .regex(/^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?\/([\w-]+\/)*$/, "must begin with https:// and end with /")
      .optional(),
    /** Database of several pods. @default none: one pod, whose database is a file of its own volume */
    database: z
      .strictObject({
        /** `host:port` of a PostgreSQL; the host's name stands in its certificate. */
        host: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}$/, "must be host:port"),
        /** Name of the database. @default grafana */
        name: databaseWord.default("grafana"),
        /** Who logs in. @default grafana */
        user: databaseWord.default("grafana"),
        /** Secret in namespace `grafana` with the keys `password` and `ca.crt`. @default grafana-database */
        secretName: secretName.default("grafana-database"),
        /** Ranges of addresses in which it lies, at least one. */
        cidrs: z.array(cidr).min(1),
      })
      .optional(),
    /** Pods, 2–10, where there is a database. @default 2, so that one is left when a node is drained */
    replicas: z.int().min(2).max(10).optional(),
    /** GiB of the volume where there is no database, 1–1024. @default 5 */
    storageGiB: z.int().min(1).max(1024).default(5),
    /** StorageClass of the volume. @default the cluster's default class */
    storageClass: dnsLabel.optional(),
  })
  .refine(({ database, replicas }) => replicas === undefined || database !== undefined, {
    path: ["replicas"],
    message: "must be absent without a database: one process writes its file",
  });
