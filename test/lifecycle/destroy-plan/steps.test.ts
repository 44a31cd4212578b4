import { describe, expect, it } from "@jest/globals";
import { type DestroyPlan, exitCodeOf } from "../../../lifecycle/destroy-plan";
import { byWeight, countVerdicts, type Finding, type Verdict } from "../../../lifecycle/destroy-plan/finding";
import { protectedObjects, unreachable } from "../../../lifecycle/destroy-plan/reach";
import { safeSteps } from "../../../lifecycle/destroy-plan/steps";
import { destroyPlanText } from "../../../lifecycle/destroy-plan/text";
import { resource } from "../../support/live-scene";

const finding = (verdict: Verdict, kind: string, name: string, cure?: string): Finding => ({
  cluster: "hub",
  verdict,
  object: { group: "", kind, name },
  count: 1,
  why: "it says so",
  ...(cure && { cure }),
});
const hook = finding("hangs", "ValidatingWebhookConfiguration", "guard", "kubectl delete guard");
const cart = finding("hangs", "Application", "cart", "kubectl --namespace=argocd delete applications.argoproj.io cart");
const shop = finding("hangs", "Application", "shop", "kubectl --namespace=argocd delete applications.argoproj.io shop");
const disk = finding("left", "PersistentVolume", "pv", "kubectl delete persistentvolumes pv");
const dead = unreachable("east", "dev", [resource("Namespace/shop", 1)], "no route");
const dev = { stack: "dev", isEmpty: false };

/** A plan of a stack of one object. */
function planOf(...findings: readonly Finding[]): DestroyPlan {
  const object = { cluster: "hub", component: "cluster-base", group: "", kind: "Namespace", name: "shop" };
  return {
    environment: "dev",
    stack: "dev",
    clusters: [{ cluster: "hub", reachable: true, objects: 1 }],
    waves: [{ wave: 1, objects: [object] }],
    findings: byWeight(findings),
    steps: safeSteps(findings, dev),
    summary: { objects: 1, waves: 1, ...countVerdicts(findings) },
  };
}

describe("the commands of a destroy", () => {
  it("end what answers nobody, then what would hang, then run the engine, then look at what stays", () => {
    expect(safeSteps([disk, cart, shop, hook], dev).map(({ command, when }) => [when, command])).toEqual([
      ["before", "kubectl delete guard"],
      ["before", "kubectl --namespace=argocd delete applications.argoproj.io cart shop"],
      ["destroy", "pulumi destroy --stack dev"],
      ["after", "kubectl delete persistentvolumes pv"],
    ]);
  });

  it("go on without a cluster that cannot be reached, and strike it out only afterwards", () => {
    expect(safeSteps([dead], dev).map(({ command }) => command)).toEqual([
      "pulumi destroy --stack dev --continue-on-error",
      "PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy --stack dev",
    ]);
  });

  it("lift the protection of what the engine would refuse to delete", () => {
    const [found] = protectedObjects([resource("Namespace/shop", 1, "", { protected: true })], "dev");
    expect(found?.cure).toBe("pulumi state unprotect --yes --stack dev 'urn:Namespace/shop'");
  });

  it("are none where the stack holds nothing", () => {
    expect(safeSteps([], { stack: "dev", isEmpty: true })).toEqual([]);
  });
});

describe("a destroy plan", () => {
  it("exits 3 when something would hang, 5 when something is not known, 0 although something is lost or stays", () => {
    expect(exitCodeOf([planOf(disk, finding("lost", "Pod", "cart"))])).toBe(0);
    expect(exitCodeOf([planOf(disk), planOf(dead)])).toBe(5);
    expect(exitCodeOf([planOf(dead), planOf(cart)])).toBe(3);
  });

  it("reads from what goes to what is to be typed", () => {
    expect(destroyPlanText(planOf(disk, cart))).toBe(
      [
        "Destroying stack dev of environment dev deletes 1 objects in 1 waves: hub (1).",
        "",
        "WAVE  OBJECTS  WHAT GOES",
        "1     1        1 Namespace",
        "",
        "Would hang",
        "  hub: Application cart: it says so",
        "    → kubectl --namespace=argocd delete applications.argoproj.io cart",
        "",
        "Stays",
        "  hub: PersistentVolume pv: it says so",
        "    → kubectl delete persistentvolumes pv",
        "",
        "In this order, after the line of `fleetwright env`:",
        "",
        "  # end what would hang",
        "  kubectl --namespace=argocd delete applications.argoproj.io cart",
        "  # destroy",
        "  pulumi destroy --stack dev",
        "  # delete what stays, if nobody needs it",
        "  kubectl delete persistentvolumes pv",
        "",
        "1 would hang, 0 could not be known, 0 take their time, 0 lost, 1 left behind",
        "",
      ].join("\n"),
    );
  });
});
