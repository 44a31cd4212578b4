/** Entry of the Pulumi program: `pulumi up` runs this, in this repository as in a team's own. */
import "./deferred-modules";
import { program } from "./program";

export = program;
