/** What the engine starts: serves the rules to `pulumi preview` and `pulumi up`. The first line of stdout is the SDK's port. */
import { PolicyPack } from "@pulumi/policy";
import { policiesPath } from "../folder";
import { rulesPolicy } from "./policy";

// the SDK reads the pack's version from the package.json of the working folder, which is the program's
const program = process.cwd();
process.chdir(policiesPath());
new PolicyPack("fleetwright", { enforcementLevel: "mandatory", policies: [rulesPolicy()] });
process.chdir(program);
