/** What every alert of the platform says, whoever evaluates it. */
import { z } from "zod";
import { RUNBOOK_BASE_URL, RUNBOOK_BASE_URL_BOUND } from "../../components/alerting-rule";

export const alerts = z.strictObject({
  /** Address of the page of runbooks, https and without `#`: each alert's `runbook_url` is this, `#`, and its name in lower case. The page is `docs/reference/alerts.md`, or your own with the same headings. @default none: only you know where your people read it; alerts then name no page, and rule PR-02 says so of each */
  runbookBaseUrl: z.string().regex(RUNBOOK_BASE_URL, RUNBOOK_BASE_URL_BOUND).optional(),
});
