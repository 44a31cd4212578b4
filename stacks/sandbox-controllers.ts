/** Which programs do not run in the sandbox, and what follows from that for those who would wait for them. */
import { PLATFORM_ISSUER } from "../components/cert-manager/issuers";
import type { Issuer } from "../components/platform-certificate";
import type { Environment } from "./environment";
import type { sandboxPrograms } from "./environment-schema";

/** Whether nothing answers for a program: only a sandbox leaves one out. */
export const isWithoutController = (
  { sandbox }: Pick<Environment, "sandbox">,
  program: (typeof sandboxPrograms)[number],
): boolean => sandbox?.withoutController.includes(program) ?? false;

/** Who signs certificates of the platform's CA; they are waited for where cert-manager runs. */
export const platformIssuer = (environment: Pick<Environment, "sandbox">): Issuer => ({
  name: PLATFORM_ISSUER,
  awaited: !isWithoutController(environment, "cert-manager"),
});
