import { beforeAll, describe, expect, it } from "@jest/globals";
import { type GatekeeperArgs, GatekeeperChart } from "../../components/gatekeeper";
import { objectsOf } from "../../components/kube-object";
import { ensureUpstream } from "../../components/upstream";
import { constraint, required, template } from "../support/gatekeeper-args";

beforeAll(() => ensureUpstream(), 300_000);

const render = (args: Partial<GatekeeperArgs> = {}) => objectsOf(new GatekeeperChart({ ...required, ...args }));

describe("Gatekeeper refuses", () => {
  const openConstraint =
    "matches every kind or API group, must name them in spec.match.kinds: the webhook fails closed and would stop the whole cluster with Gatekeeper";
  it.each<[string, Partial<GatekeeperArgs>, string]>([
    [
      "too many replicas",
      { replicas: 11 },
      "gatekeeper: replicas is 11, must be a whole number of 1–10: each one watches every rule",
    ],
    ["no replica", { replicas: 0 }, "gatekeeper: replicas is 0, must be a whole number of 1–10"],
    [
      "an audit that never ends",
      { auditIntervalSeconds: 5 },
      "gatekeeper: auditIntervalSeconds is 5, must be a whole number of 10–3600: each audit lists all that constraints match",
    ],
    [
      "too little memory",
      { size: { cpuMillicores: 100, memoryMiB: 64 } },
      "gatekeeper: size.memoryMiB is 64, must be a whole number of 128–65536: every rule is held compiled in memory",
    ],
    [
      "too little CPU",
      { size: { cpuMillicores: 1, memoryMiB: 512 } },
      "gatekeeper: size.cpuMillicores is 1, must be a whole number of 10–16000: the webhook answers within 3 s",
    ],
    ["an empty image", { image: " " }, "gatekeeper: image is empty, must be registry/repository:tag@sha256:digest"],
    [
      "a namespace that cannot exist",
      { exemptNamespaces: ["A"] },
      'gatekeeper: exemptNamespaces is "A", must be a DNS label',
    ],
    [
      "a template that is none",
      { templates: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "x" } }] },
      "gatekeeper: templates has Secret/x, must be ConstraintTemplates only",
    ],
    [
      "a constraint without template",
      { templates: [template("ImageTag")] },
      "gatekeeper: constraint StorageBinding/all has no template, must be of kind ImageTag",
    ],
    [
      "a constraint without kinds",
      { constraints: [constraint("ImageTag")] },
      `gatekeeper: constraint ImageTag/all ${openConstraint}`,
    ],
    [
      "a constraint on every kind",
      { constraints: [constraint("ImageTag", { apiGroups: ["apps"], kinds: ["*"] })] },
      `gatekeeper: constraint ImageTag/all ${openConstraint}`,
    ],
    [
      "a constraint on every group",
      { constraints: [constraint("ImageTag", { apiGroups: ["*"], kinds: ["Pod"] })] },
      `gatekeeper: constraint ImageTag/all ${openConstraint}`,
    ],
    [
      "a kind whose resource is not known",
      { constraints: [constraint("ImageTag", { apiGroups: ["", "apps"], kinds: ["Pod", "Pood"] })] },
      'gatekeeper: constraint ImageTag/all matches kind Pood of API group "", "apps", whose resource is not known: correct the kind, or add it to components/gatekeeper/reviewed-resources.ts',
    ],
  ])("%s", (_, args, message) => expect(() => render(args)).toThrow(message));
});
