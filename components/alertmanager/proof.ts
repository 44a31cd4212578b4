/** How far this component is proved on one machine. */
import type { Proof } from "../proof";

export const ALERTMANAGER_PROOF: Proof = {
  level: "C",
  by: "amtool accepts the configuration that is rendered, and tells for every team and severity the receivers that the environment means.",
  tests: ["test/components/alertmanager.test.ts", "test/proofs/accept/amtool.test.ts"],
  notProved: {
    what: "notifications, and that three agree",
    why: "Alertmanager's server of this version cannot be built here: nobody is notified, and no two exchange what they sent.",
  },
};
