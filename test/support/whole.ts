/**
 * What takes minutes and is left to `make prove`, as counted skips of `make test`: each has a shorter sibling that says the
 * same of less, or needs programs that only `npm run accept` and `make prove` build.
 */
import { describe, it } from "@jest/globals";

/** Whether this is `make prove`. */
export const isWhole = process.env.PROVE === "whole";

export const describeWhole = isWhole ? describe : describe.skip;
export const itWhole = isWhole ? it : it.skip;
