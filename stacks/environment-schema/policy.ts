/** What the rules mean in an environment, and who may change what they rest on. */
import { z } from "zod";
import { account, ruleId } from "./names";

export const policy = z.strictObject({
  /** Level per rule, by its id, where it differs from the rule's own for this purpose. @default none: the rule's own */
  levels: z.partialRecord(ruleId, z.enum(["deny", "warn", "off"])).default({}),
  /** What it means that a rule whose level is `deny` cannot judge, for want of a value that a preview does not know: `deny` refuses the change, `warn` shows it and leaves it to admission. @default deny in production, warn in development */
  undetermined: z.enum(["deny", "warn"]).optional(),
  /** Parameters of rules of the team's own (`policies/rules/` of the project), by id, as their `meta.yaml` describes them. Those of Fleetwright's rules are computed. @default none */
  parameters: z.record(ruleId, z.record(z.string(), z.unknown())).default({}),
  /** The platform's accounts, who deploy it: the API server lets nobody else change what admission rests on (GK-01 to GK-03, NS-02). */
  administrators: z
    .strictObject({
      /** Users, as `kubectl auth whoami` says. @default none */
      users: z.array(account).default([]),
      /** Groups, as `kubectl auth whoami` says. @default [system:masters], whom RBAC cannot refuse either; accounts of managed clusters are seldom in it: name theirs */
      groups: z.array(account).default(["system:masters"]),
    })
    .refine(
      ({ groups, users }) => groups.length + users.length > 0,
      "must name a user or a group, or nobody could deploy again",
    )
    .prefault({}),
});
