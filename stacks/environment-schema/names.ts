/** Forms that names, addresses and sizes have in an environment file. */
import { z } from "zod";
import { hasHostBits } from "../../components/cidr";

export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be a DNS label (RFC 1123): lower-case letters, digits and '-'")
  .max(63, "must be at most 63 characters (RFC 1123)");
export const cidr = z
  .union([z.cidrv4(), z.cidrv6()], "must be a CIDR such as 10.0.0.0/16")
  .refine((range) => !hasHostBits(range), "must begin at the first address of its range, as 10.244.0.0/16 does");
/** A range of a cluster's own addresses. */
export const ownCidr = cidr.refine(
  (range) => !range.endsWith("/0"),
  "must not be every address there is: name the range that the cluster gives its own from",
);
export const dnsName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/,
    "must be a DNS name of two labels or more, such as api.example.com",
  )
  .max(253, "must be at most 253 characters (RFC 1035)");
/** Value of a label that must say something. */
export const labelValue = z
  .string()
  .regex(
    /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
    "must be the value of a label: letters, digits, '-', '_' and '.', a letter or digit at both ends",
  )
  .max(63, "must be at most 63 characters, as values of labels are");
/** Key of a label or an annotation. */
export const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    "must be the key of a label, such as app or example.com/app",
  );
export const quantity = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/, "must be a Kubernetes quantity such as 500m, 4 or 8Gi");
export const registry = z
  .string()
  .regex(
    /^(?=localhost([:/]|$)|[^/]*[.:])[a-z0-9]+([._-][a-z0-9]+)*(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    "must be a registry with an optional path, without scheme or trailing slash, such as ghcr.io/acme or docker.io/acme",
  );
export const ruleId = z.string().regex(/^[A-Z]{2}-[0-9]{2}$/, "must be a rule id such as IM-02");

/** A user or a group, as whoever logs people in spells it: on one line, for it is written into policies by lines. */
export const account = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u, "must be a name on one line, with no blank at its ends");
