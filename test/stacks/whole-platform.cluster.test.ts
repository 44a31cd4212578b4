/**
 * Every component that the dev environment has, on a hub and a spoke, by the real engine: made, left alone, changed in one
 * line, and taken out of the environment again. The tests follow one another.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { parse } from "yaml";
import { type KubeObject, keyOf } from "../../components/kube-object";
import { packageRoot } from "../../components/package-root";
import { loadEnvironment } from "../../stacks/environment";
import { type RenderedObject, renderedObjects } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";
import { eventually } from "../support/eventually";
import { TestProject } from "../support/project";
