/** Entry of the Pulumi program: `pulumi up` runs this, in this repository as in a team's own. */
import "./deferred-modules";
import "../policies/pack/linear-structs";
import { program } from "./program";

export = program;
