/**
 * Kubernetes' own fixtures of the Pod Security Standards, in the version that PS-01 and PS-02 are written for: pods that
 * the API server lets pass, and pods that it fails. They lie in the Go module behind its admission plugin.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { parse } from "yaml";
import { catalogue } from "../../policies/engine/catalogue";
import { GO_ENVIRONMENT } from "../../sandbox/toolchain/go";
import type { Question, Settings } from "./question";
import { workloadsOf } from "./workload-form";

export const POD_SECURITY_MODULE = "k8s.io/pod-security-admission@v0.35.4";
export const POD_SECURITY_VERSION = "v1.35";

export interface Fixture {
  /** `restricted/fail/runasuser0`. */
  readonly name: string;
  /** The level that it was made for. */
  readonly level: "baseline" | "restricted";
  readonly outcome: "pass" | "fail";
  readonly pod: { readonly metadata: object; readonly spec: object };
}

/** A rule's verdict on a fixture, as upstream has it. */
export interface Expectation {
  readonly id: "PS-01" | "PS-02";
  readonly denies: boolean;
}

/** What must come out. Whether baseline's passes pass restricted, or restricted's failures baseline, no fixture says. */
export function expectedOf({ level, outcome }: Fixture): Expectation[] {
  const denies = outcome === "fail";
  const ids = (level === "baseline") === denies ? (["PS-01", "PS-02"] as const) : ofLevel(level);
  return ids.map((id) => ({ id, denies }));
}

const ofLevel = (level: Fixture["level"]) => [level === "baseline" ? "PS-01" : "PS-02"] as const;

/** Every fixture; undefined where neither Go nor the module is on this machine. */
export function podSecurityFixtures(): Fixture[] | undefined {
  const folder = moduleFolder();
  return folder === undefined ? undefined : readFixtures(join(folder, "test", "testdata"));
}

function readFixtures(root: string): Fixture[] {
  return (["baseline", "restricted"] as const).flatMap((level) =>
    (["pass", "fail"] as const).flatMap((outcome) => {
      const files = join(root, level, POD_SECURITY_VERSION, outcome);
      return readdirSync(files)
        .filter((file) => file.endsWith(".yaml"))
        .map((file): Fixture => {
          const { metadata, spec } = parse(readFileSync(join(files, file), "utf8"));
          return { name: `${level}/${outcome}/${file.replace(".yaml", "")}`, level, outcome, pod: { metadata, spec } };
        });
    }),
  );
}

/** Where Go keeps the module, fetched if need be. */
function moduleFolder(): string | undefined {
  const words = ["mod", "download", "-json", POD_SECURITY_MODULE];
  const run = execaSync("go", words, { cwd: tmpdir(), env: GO_ENVIRONMENT, reject: false });
  if (!run.failed) return JSON.parse(run.stdout).Dir;
  const modules = process.env.GOMODCACHE ?? join(process.env.GOPATH ?? join(homedir(), "go"), "pkg", "mod");
  const cached = join(modules, POD_SECURITY_MODULE);
  return existsSync(cached) ? cached : undefined;
}

/** A fixture in one kind of object, as a question, and what must come of it. */
export interface FixtureQuestion {
  readonly question: Question;
  readonly denies: boolean;
}

/** Each fixture as a pod and as every kind of workload. */
export function fixtureQuestions(fixtures: readonly Fixture[], settings: Settings): FixtureQuestion[] {
  return fixtures.flatMap((fixture) =>
    expectedOf(fixture).flatMap(({ id, denies }) =>
      workloadsOf(fixture.pod).map(({ object }) => ({
        denies,
        question: {
          id: `${id} ${fixture.name}, as ${object.kind}`,
          origin: fixture.name,
          form: "fixture" as const,
          setting: settings.of(catalogue().rule(id), {}, "deny"),
          object,
          unknown: [],
          secret: [],
        },
      })),
    ),
  );
}
