/** `make prove`: every test, then docs/proof.md anew. No proof is so long yet that `make test` runs only a part of it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { writeProofPage } from "./proof-page";

const { status } = spawnSync(process.execPath, [join(__dirname, "test.js")], { stdio: "inherit" });
if (status === 0) writeProofPage();
process.exitCode = status ?? 1;
