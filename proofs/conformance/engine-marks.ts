/**
 * Properties as the engine sends them to a policy pack, with the marks of what is unknown and what is secret. Written down
 * once more, beside policies/pack/values.ts which reads them: a proof that took them from there could not see them differ.
 *
 * @see sdk/go/common/resource/plugin/rpc.go and sdk/go/common/resource/sig of pulumi 3.259
 */
import { type Path, valueAt, withValue } from "../../policies/engine/path";
import type { Question } from "./question";

/** By the type that the value will have; a program in TypeScript knows none, and marks a string. */
export const UNKNOWN_MARKS = {
  boolean: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  string: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
} as const;

const marks = Object.values(UNKNOWN_MARKS);

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** The object of a question with its marks; the kinds of marks take turns. */
export function markedProperties({ object, unknown, secret: secrets }: Question): unknown {
  const hidden = secrets.reduce<unknown>(
    (marked, path) => withValue(marked, path, secret(valueAt(marked, path))),
    object,
  );
  return unknown.reduce((marked, path, index) => withValue(marked, path, markOf(path, index)), hidden);
}

const markOf = (path: Path, index: number) => marks[(path.length + index) % marks.length];
