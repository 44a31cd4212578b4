import { describe, expect, it } from "@jest/globals";
import { catalogue } from "../../../policies/engine/catalogue";
import { type Question, Settings } from "../../../proofs/conformance/question";
import { workloadForms, workloadKinds, writtenKinds } from "../../../proofs/conformance/workload-form";

const question = (id: string, object: Question["object"]): Question => ({
  id: "case, authored",
  origin: "case",
  form: "authored",
  setting: new Settings().of(catalogue().rule(id), {}, "deny"),
  object,
  unknown: [],
  secret: [],
});
const containers = [{ name: "a", image: "nginx" }];

describe("the workload forms", () => {
  it("are of every kind that lib/kinds.yaml calls a workload", () => expect(writtenKinds()).toEqual(workloadKinds()));

  it("hold the pod of the case, and say where its violations move to", () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: { containers } };
    const forms = workloadForms(question("IM-01", pod), ["spec.containers[0].image"]);
    expect(
      Object.fromEntries(forms.map(({ question: { object }, expected }) => [object.kind, expected?.paths[0]])),
    ).toEqual({
      PodTemplate: "template.spec.containers[0].image",
      ReplicationController: "spec.template.spec.containers[0].image",
      DaemonSet: "spec.template.spec.containers[0].image",
      Deployment: "spec.template.spec.containers[0].image",
      ReplicaSet: "spec.template.spec.containers[0].image",
      StatefulSet: "spec.template.spec.containers[0].image",
      CronJob: "spec.jobTemplate.spec.template.spec.containers[0].image",
      Job: "spec.template.spec.containers[0].image",
      Rollout: "spec.template.spec.containers[0].image",
    });
  });

  it("take a pod out of its template again", () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", spec: { template: { spec: { containers } } } };
    const forms = workloadForms(question("IM-01", deployment), ["spec.template.spec.containers[0].image"]);
    const pod = forms.find(({ question: { object } }) => object.kind === "Pod");
    expect(pod?.question.object.spec).toEqual({ containers });
    expect(pod?.expected).toEqual({ verdict: "deny", paths: ["spec.containers[0].image"] });
  });

  it("promise nothing of jobs to a rule about pods that go on", () => {
    const pod = { apiVersion: "v1", kind: "Pod", spec: { containers } };
    const promised = workloadForms(question("PS-05", pod), []).filter(({ expected }) => expected !== undefined);
    expect(promised.map(({ question: { object } }) => object.kind)).not.toContain("Job");
    expect(promised.map(({ question: { object } }) => object.kind)).toContain("Deployment");
  });

  it("are none of what has no pod", () => {
    expect(workloadForms(question("IM-01", { apiVersion: "v1", kind: "Pod", spec: null }), [])).toEqual([]);
    expect(workloadForms(question("SC-02", { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }), [])).toEqual([]);
  });
});
