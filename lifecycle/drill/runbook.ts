/**
 * What a drill loses, and the lines that bring it back. This is the only list: the drill runs these lines, and
 * docs/how-to/runbooks.md is made of them.
 */
import { PLATFORM_TYPE } from "../../components/cluster-platform";

/** What can be lost. */
export const SCENARIOS = [
  "cluster-lost",
  "state-lost",
  "state-and-cluster-lost",
  "endpoint-moved",
  "interrupted-up",
  "authority-lost",
] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** One line for a shell that evaluated `fleetwright env`. */
export interface Step {
  /** What its time is counted as. */
  readonly phase: string;
  readonly line: string;
  /** Why it is there, a sentence. */
  readonly why: string;
  /** Must be refused by admission, in these words of a rule; asked again until it is, a minute at most. */
  readonly refusedWith?: readonly string[];
  /** Must pass admission; asked again until it does, a minute at most. */
  readonly admitted?: true;
  /** Is ended by SIGKILL while it makes objects. */
  readonly killed?: true;
}

/** The Pods by which a cluster proves that its rules hold, as JSON without single quotes. */
export interface AdmissionPods {
  readonly refused: string;
  /** What the rules say against it. */
  readonly sentences: readonly string[];
  readonly allowed: string;
}

/** What the lines are about. */
export interface RunbookNames {
  readonly environment: string;
  readonly stack: string;
  /** `name` of Pulumi.yaml. */
  readonly project: string;
  /** Running sandbox. */
  readonly instance: string;
  /** Those that are drilled, by their names in the environment; with the context of each. */
  readonly clusters: readonly { readonly name: string; readonly context: string; readonly pods: AdmissionPods }[];
  /** Where a cluster is found after it moved, URL. */
  readonly movedTo: (cluster: string) => string;
}

export interface Runbook {
  readonly name: ScenarioName;
  readonly title: string;
  /** What is lost, and what must hold afterwards. */
  readonly about: string;
  /** Whether the clusters live through it: then nothing of them may be made anew, changed or restarted. */
  readonly alive: boolean;
  /** Lines that lose it, in the sandbox only. */
  readonly loss: readonly Step[];
  /** Lines that bring it back. */
  readonly recovery: readonly Step[];
}

/** The runbook of one scenario. */
export function runbookOf(name: ScenarioName, names: RunbookNames): Runbook {
  const { clusters } = names;
  const each = (step: (cluster: RunbookNames["clusters"][number]) => readonly Step[]) => clusters.flatMap(step);
  const wiped = each((cluster) => [wipe(cluster.name, names)]);
  const struck = strike(names);
  const admission = each(({ context, pods }) => admissionSteps(context, pods));
  const end = [credentials(names), ...admission, CLEAN];
  switch (name) {
    case "cluster-lost":
      return {
        name,
        title: "A cluster is lost",
        about:
          "The cluster is gone with all that it held, and an empty one is at its address; the state still believes in the old objects. " +
          "The same for several clusters, and for the hub.",
        alive: false,
        loss: wiped,
        recovery: [
          struck,
          up("makes what the state does not know any more: the lost cluster, and nothing else"),
          ...end,
        ],
      };
    case "state-lost":
      return {
        name,
        title: "The state is lost, the clusters live",
        about:
          "The engine knows nothing of what it made. Every object is taken back as it is: nothing is made anew, nothing changes, no pod restarts.",
        alive: true,
        loss: [loseState(names)],
        recovery: [
          evaluate(names),
          up("takes back what carries the stack's mark: it says that it creates, and changes nothing"),
          ...end,
        ],
      };
    case "state-and-cluster-lost":
      return {
        name,
        title: "The state and a cluster are lost",
        about: "What lives is taken back as it is, what is empty is made.",
        alive: false,
        loss: [...wiped, loseState(names)],
        recovery: [evaluate(names), up("takes back what lives, and makes what is lost"), ...end],
      };
    case "endpoint-moved":
      return {
        name,
        title: "A cluster moved to another address",
        about:
          "The kubeconfig leads to the same cluster at another address. What a cluster is does not depend on where it is found, so nothing is replaced.",
        alive: true,
        loss: each(({ name: cluster }) => [move(cluster, names)]),
        recovery: [up("finds the same clusters: only how they are reached is new"), ...end],
      };
    case "interrupted-up":
      return {
        name,
        title: "A rebuild is killed half-way",
        about:
          "The engine was killed while it rebuilt a lost cluster: its lock is left, and the state does not say how far it came.",
        alive: false,
        loss: [...wiped, struck, { ...up("is ended by `kill -9` after some objects"), phase: "lose", killed: true }],
        recovery: [evaluate(names), up("goes on where the killed run was"), ...end],
      };
    case "authority-lost":
      return {
        name,
        title: "The certificate authority is lost",
        about:
          "The fleet's CA is gone from the secret store, with its key. Another one is made, and what the old one signed is signed anew.",
        alive: true,
        loss: [],
        recovery: [newAuthority(names), ...each(({ context }) => renewal(context)), ...admission, CLEAN],
      };
  }
}

/** `-e dev`. */
const of = ({ environment }: RunbookNames) => `-e ${environment}`;

function wipe(cluster: string, { instance }: RunbookNames): Step {
  const where = instance === "default" ? "" : ` --instance ${instance}`;
  return {
    phase: "lose",
    line: `fleetwright sandbox wipe ${cluster}${where}`,
    why: "its data is gone, and it starts empty",
  };
}

/** The URN of a cluster in the state of its stack. */
export const platformUrn = ({ project, stack }: Pick<RunbookNames, "project" | "stack">, cluster: string) =>
  `urn:pulumi:${stack}::${project}::${PLATFORM_TYPE}::${cluster}`;

const strike = (names: RunbookNames): Step => ({
  phase: "strike",
  line: [
    "pulumi state delete --yes --target-dependents",
    ...names.clusters.map(({ name }) => `'${platformUrn(names, name)}'`),
  ].join(" "),
  why: "strikes what was lost out of the state, and all that was on it; asks no cluster, so it is done in seconds whatever its size",
});

const up = (why: string): Step => ({ phase: "rebuild", line: "pulumi up --yes --skip-preview", why });

/** What a shell evaluates before any other line. */
export const environmentLine = ({ environment, stack }: Pick<RunbookNames, "environment" | "stack">) =>
  `eval "$(fleetwright env ${environment}${stack === environment ? "" : ` --stack ${stack}`})"`;

const evaluate = (names: RunbookNames): Step => ({
  phase: "mend",
  line: environmentLine(names),
  why: "makes the stack where there is none, and mends a state whose run was killed",
});

const loseState = ({ stack }: RunbookNames): Step => ({
  phase: "lose",
  line: `pulumi stack rm ${stack} --yes --force --preserve-config`,
  why: "the state is gone, and what it speaks of is not touched",
});

const move = (cluster: string, { movedTo }: RunbookNames): Step => ({
  phase: "lose",
  line: `kubectl config set-cluster ${cluster} --server=${movedTo(cluster)}`,
  why: "the kubeconfig leads to the new address",
});

const credentials = (names: RunbookNames): Step => ({
  phase: "credentials",
  line: `fleetwright credentials issue ${of(names)}`,
  why: "a cluster that is new refuses its old tokens, and a cluster that moved is found by none of them: both are issued again",
});

const newAuthority = (names: RunbookNames): Step => ({
  phase: "credentials",
  line: `fleetwright credentials issue ca ${of(names)}`,
  why: "makes another CA, since the store has none; every cluster's issuer signs with it from then on",
});

/** Certificates that the fleet's CA signed, directly: their Secrets. */
function renewal(context: string): Step[] {
  const kubectl = `kubectl --context ${context}`;
  const signed = `{range .items[?(@.spec.issuerRef.name=="platform-ca")]}{.metadata.namespace} {.spec.secretName}{"\\n"}{end}`;
  return [
    {
      phase: "renew",
      line: `${kubectl} get certificates --all-namespaces --output=jsonpath='${signed}' | while read -r namespace secret; do ${kubectl} delete secret --namespace "$namespace" "$secret" --ignore-not-found; done`,
      why: "cert-manager makes a Secret that is missing again, signed by the CA of now",
    },
    {
      phase: "renew",
      line: `${kubectl} wait certificates --all --all-namespaces --for=condition=Ready --timeout=120s`,
      why: "every certificate is there again",
    },
  ];
}

function admissionSteps(context: string, { allowed, refused, sentences }: AdmissionPods): Step[] {
  const create = (pod: string) => `echo '${pod}' | kubectl --context ${context} create --dry-run=server --filename=-`;
  return [
    {
      phase: "admission",
      line: create(refused),
      why: `must be refused, in the words of a rule: ${sentences[0]}`,
      refusedWith: sentences,
    },
    { phase: "admission", line: create(allowed), why: "must pass", admitted: true },
  ];
}

const CLEAN: Step = {
  phase: "clean",
  line: "pulumi preview --expect-no-changes",
  why: "nothing is left to change",
};
