/** `make prove`: every test, also those that `make test` skips for their length, then docs/proof.md anew. One of them runs conformance whole. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { writeProofPage } from "./proof-page";

const { status } = spawnSync(process.execPath, [join(__dirname, "test.js")], {
  stdio: "inherit",
  env: { ...process.env, PROVE: "whole" },
});
if (status === 0) writeProofPage();
process.exitCode = status ?? 1;
