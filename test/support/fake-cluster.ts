/**
 * A cluster that answers as a test says, behind a `kubectl proxy` that is a script: for answers that a real API server
 * gives only when it is ill. What healthy ones answer is tried on real ones.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Status and body by path; `silence` never answers, and a path that is not listed is a 404. */
export type Answers = Readonly<Record<string, object | number | "silence">>;

const script = `#!${process.execPath}
const { createServer } = require("node:http");
const { readFileSync, appendFileSync } = require("node:fs");
const { join } = require("node:path");
const words = process.argv.slice(2);
const option = (name) => words.find((word) => word.startsWith("--" + name + "=")).split("=").slice(1).join("=");
const answers = JSON.parse(readFileSync(join(__dirname, "answers.json"), "utf8"));
appendFileSync(join(__dirname, "calls.log"), "pid " + process.pid + "\\n");
if (option("context") === "absent") {
  process.stderr.write('error: context "absent" does not exist\\nsee kubectl config\\n');
  process.exit(1);
}
createServer((request, response) => {
  appendFileSync(join(__dirname, "calls.log"), request.url + "\\n");
  const answer = answers[request.url] ?? 404;
  if (answer === "silence") return;
  response.statusCode = typeof answer === "number" ? answer : 200;
  response.end(JSON.stringify(typeof answer === "number" ? { message: "no" } : answer));
}).listen(option("unix-socket"), () => process.stdout.write("Starting to serve\\n"));
`;

export class FakeCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "fake-cluster-"));
  private readonly path = process.env.PATH;

  /** From here on `kubectl` is the script. */
  constructor(answers: Answers = {}) {
    mkdirSync(join(this.folder, "bin"));
    writeFileSync(join(this.folder, "bin", "kubectl"), script, { mode: 0o755 });
    this.answer(answers);
    process.env.PATH = join(this.folder, "bin");
  }

  /** What the next `kubectl proxy` answers. */
  answer(answers: Answers): void {
    writeFileSync(join(this.folder, "bin", "answers.json"), JSON.stringify(answers));
    writeFileSync(join(this.folder, "bin", "calls.log"), "");
  }

  get callsLog(): string {
    return join(this.folder, "bin", "calls.log");
  }

  dispose(): void {
    process.env.PATH = this.path;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
