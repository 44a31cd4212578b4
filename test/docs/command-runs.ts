/**
 * Who runs each command of the pages. A command that is not here fails commands.test.ts, and so does one that no page has
 * any more.
 */
import { runbookLines } from "../../proofs/reference-pages/runbooks-page";

/** Run by commands.test.ts in a project without clusters, in this order, with the exit code that a reader gets. */
export const WITHOUT_CLUSTERS: Readonly<Record<string, number>> = {
  "bin/fleetwright render -e dev --out out": 0,
  "bin/fleetwright policy check -e dev -f out": 0,
  "bin/fleetwright policy check -f out --rules GR": 0,
  "bin/fleetwright explain GR-03": 0,
  "bin/fleetwright policy check -e dev -f examples/refused.yaml": 3,
  "bin/fleetwright policy check -f pod.yaml": 3,
};

/** Run by commands.cluster.test.ts on a checkout of its own, as the README tells it. */
export const ON_A_CHECKOUT = [
  "make up",
  'eval "$(bin/fleetwright env dev)"',
  "pulumi preview",
  "pulumi up",
  "kubectl --context hub get constrainttemplates",
  "kubectl --context hub apply -f examples/refused.yaml",
  "bin/fleetwright doctor -e dev",
  "bin/fleetwright doctor",
  "make down",
] as const;

/** Makes the Workflow of an experiment's Schedule. */
export const START_AN_EXPERIMENT =
  "kubectl -n chaos-mesh get schedule checkout-network-delay -o json" +
  ` | jq '{apiVersion, kind: "Workflow", metadata: {name: (.metadata.name + "-" + (now | floor | tostring)),` +
  ` namespace: .metadata.namespace, labels: .metadata.labels, annotations: {"workflow.chaos-mesh.org/abort": "false"}},` +
  " spec: .spec.workflow}' | kubectl create -f -";

/** A test elsewhere that does what the command does. */
interface Elsewhere {
  readonly file: string;
  /** Its name, or the beginning of it. */
  readonly test: string;
}

const minimal = (test: string): Elsewhere => ({ file: "test/examples/minimal.cluster.test.ts", test });
const credentials = (test: string): Elsewhere => ({ file: "test/cli/credentials.test.ts", test });
const sandbox = (test: string): Elsewhere => ({ file: "test/sandbox/sandbox.cluster.test.ts", test });
const drift = (test: string): Elsewhere => ({ file: "test/lifecycle/drift.cluster.test.ts", test });
const prod = (test: string): Elsewhere => ({ file: "test/examples/prod.test.ts", test });

const drilled = (test: string): Elsewhere => ({ file: "test/lifecycle/drill.cluster.test.ts", test });

const managed = (test: string): Elsewhere => ({ file: "test/stacks/managed-cluster.test.ts", test });
const experiment = (test: string): Elsewhere => ({ file: "test/docs/experiment-page.test.ts", test });
const watched = experiment("names kinds and objects that are there");

const destroy = (test: string): Elsewhere => ({ file: "test/lifecycle/destroy.cluster.test.ts", test });

/** Run by another test, by the function behind the command where the command cannot run twice. */
export const ELSEWHERE: Readonly<Record<string, Elsewhere>> = {
  // what is running now
  "make test": { file: "test/docs/commands.test.ts", test: "are each run by a test" },
  "npx jest --selectProjects=unit --testPathPatterns test/components": {
    file: "test/docs/commands.test.ts",
    test: "are each run by a test",
  },
  // generators write into the checkout: tests compare what they would write
  "npm run golden": { file: "test/components/identity.test.ts", test: "renders the reviewed manifest" },
  "npm run platform-page": {
    file: "test/docs/platform-page.test.ts",
    test: "is what `npm run platform-page` would write now",
  },
  "npm run reference": { file: "test/docs/reference.test.ts", test: "is what `npm run reference` would write now" },
  "npm run rules": {
    file: "test/policies/compile/build.test.ts",
    test: "the rules are byte by byte the committed ones, and so is their page",
  },
  "bin/fleetwright explain ns/shop -e dev": {
    file: "test/cli/explain-object.test.ts",
    test: "answers machines with one document",
  },
  "bin/fleetwright explain PS-03 -e dev": {
    file: "test/cli/explain.test.ts",
    test: "lists what is exempt from it there",
  },
  "npm run conformance -- --sample 1200 --no-cluster": {
    file: "test/proofs/conformance/run.test.ts",
    test: "is that every lane judges alike",
  },
  "npm run conformance": {
    file: "test/proofs/conformance/run.cluster.test.ts",
    test: "meets every target of `npm run conformance`",
  },
  "bin/fleetwright policy test": { file: "test/cli/policy.test.ts", test: "runs the cases of every rule" },
  "bin/fleetwright policy audit -e dev": {
    file: "test/lifecycle/cluster-audit.cluster.test.ts",
    test: "ends with 3, as a document and as text",
  },
  "bin/fleetwright preview --destroy -e dev": destroy("would hang on nothing while the platform is in use"),
  "pulumi destroy --continue-on-error": destroy("of two clusters of which one is dead"),
  "PULUMI_K8S_DELETE_UNREACHABLE=true pulumi destroy": destroy("of two clusters of which one is dead"),
  "bin/fleetwright preview -e dev --refresh": drift("is a table for people, worst first"),
  "bin/fleetwright preview -e dev --refresh --correct": drift("puts all of it back by lines that it prints"),
  // in a team's own repository
  "npm install": minimal("renders what this checkout renders, file by file"),
  "npx fleetwright render -e dev --out out": minimal("renders what this checkout renders, file by file"),
  "npx fleetwright policy new host-network --id XA-01": minimal("has a rule of its own as the how-to page begins it"),
  "npx fleetwright policy compile": minimal("has a rule of its own as the how-to page begins it"),
  "npx fleetwright policy test --rules XA": minimal("has a rule of its own as the how-to page begins it"),
  "npx fleetwright policy check -f pod.yaml --rules XA": minimal("has a rule of its own as the how-to page begins it"),
  "npx fleetwright policy check -e dev -f out": minimal("judges manifests and runs the rules' own cases"),
  'eval "$(npx fleetwright env dev)"': minimal("previews by plain pulumi with no cluster"),
  "npx fleetwright sandbox up hub": minimal("brings a cluster of the package's own sandbox up"),
  "npx fleetwright sandbox down": minimal("brings a cluster of the package's own sandbox up"),
  "pulumi destroy": minimal("brings a cluster of the package's own sandbox up"),
  "npm install fleetwright@<version>": { file: "test/examples/upgrade.cluster.test.ts", test: "from " },
  "npx fleetwright preview": { file: "test/lifecycle/preview.cluster.test.ts", test: "knows each object's operation" },
  "npx fleetwright preview -e dev --comment preview.md": {
    file: "test/lifecycle/preview.cluster.test.ts",
    test: "repeats no secret",
  },
  // production: its backend, secrets and clusters are a team's own, so the shards are previewed and rendered
  'eval "$(npx fleetwright env prod --stack prod-eu-1)"': minimal("is refused at preview of one shard of prod"),
  'pulumi stack init prod-eu-1 --secrets-provider "awskms://alias/pulumi?region=eu-central-1"': minimal(
    "is refused at preview of one shard of prod",
  ),
  "npx fleetwright render -e prod --out out": prod("becomes these components and kinds on each cluster"),
  "npx fleetwright policy check -f out -e prod": prod("is refused for the images whose digest is unresolved"),
  "npx fleetwright images resolve": {
    file: "test/lifecycle/images.test.ts",
    test: "fills in what is missing, confirms what is there, and keeps comments and order",
  },
  // clusters of a cloud: no account is at hand, so what would be made and given out is looked at instead
  "npm install @pulumi/aws@7": {
    file: "test/stacks/infrastructure.test.ts",
    test: "says what to install where the cloud's SDK is missing",
  },
  "pulumi up --stack prod-infrastructure": managed("is made for each cluster that says so, and for no other"),
  "pulumi stack output kubeconfig --stack prod-infrastructure > prod.kubeconfig": managed(
    "has a kubeconfig without a secret",
  ),
  "KUBECONFIG=prod.kubeconfig pulumi up --stack prod": minimal("is refused at preview of one shard of prod"),
  "aws eks describe-addon-versions --kubernetes-version 1.35 --query 'addons[].[addonName, addonVersions[0].addonVersion]' --output table":
    managed("pins its add-ons by the minor, and enforces network policies"),
  // no controller of these runs in a sandbox: that what a command names is rendered is looked at instead
  "kubectl get verticalpodautoscalers --all-namespaces": {
    file: "test/components/vertical-pod-autoscaler.test.ts",
    test: "asks for recommendations in the namespace of what they are for",
  },
  "kubectl -n chaos-mesh port-forward service/chaos-dashboard 2333": watched,
  "kubectl -n chaos-mesh get schedules": watched,
  "kubectl -n chaos-mesh get schedule checkout-network-delay -o yaml": watched,
  "kubectl -n chaos-mesh get workflownodes --watch": watched,
  "kubectl -n chaos-mesh get statuschecks": watched,
  "kubectl -n chaos-mesh annotate workflow NAME workflow.chaos-mesh.org/abort=true --overwrite": watched,
  [START_AN_EXPERIMENT]: experiment("makes a Workflow of the Schedule, which can be aborted"),
  // the lines of the runbooks: that they are those that a drill runs
  ...Object.fromEntries(
    runbookLines().map((line) => [
      line,
      {
        file: "test/lifecycle/drill/runbook.test.ts",
        test: "are those that a drill of the development environment runs",
      },
    ]),
  ),
  'eval "$(fleetwright env dev)"': minimal("previews by plain pulumi with no cluster"),
  "fleetwright drill east": drilled("is lost with its data, and brought back"),
  "fleetwright drill east west --restore": drilled("is lost with its data, and brought back"),
  "fleetwright drill hub --state-lost": drilled("is lost and taken back"),
  "fleetwright drill east --plan": { file: "test/cli/drill.test.ts", test: "says the lines that it would run" },
  "fleetwright drill --list": drilled("are kept, listed and signed"),
  "fleetwright drill --verify FILE": drilled("are kept, listed and signed"),
  "fleetwright drill --verify FILE --key signer.pem": {
    file: "test/lifecycle/drill/signed-report.test.ts",
    test: "is checked with a public key from a file",
  },
  // the sandbox's own verbs, as a synopsis
  "fleetwright credentials list -e prod": credentials("says of each its cluster, its time, and who holds it"),
  "fleetwright credentials issue -e prod": credentials("makes what needs no cluster, says which clusters do not"),
  "fleetwright credentials rotate -e prod": credentials("changes nothing where the cluster does not answer"),
  "fleetwright sandbox up [clusters…]": sandbox("stays as it is when it is brought up again"),
  "fleetwright sandbox status [--json]": sandbox("stays as it is when it is brought up again"),
  "fleetwright sandbox kill <cluster>": sandbox("heals a killed API server and a killed supervisor"),
  "fleetwright sandbox kill <cluster> --program gatekeeper-controller-manager": sandbox(
    "is missed at once while it is kept from running",
  ),
  "fleetwright sandbox wipe <cluster>": sandbox("is empty after a wipe"),
  "fleetwright sandbox down [--keep-data] end every process of the instance, and remove its data": sandbox(
    "is nothing: no process, no file",
  ),
};
