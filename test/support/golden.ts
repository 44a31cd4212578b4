import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "@jest/globals";
import { stringify } from "yaml";
import { type KubeObject, keyOf } from "../../components/kube-object";

/**
 * Compares objects with the reviewed file `test/golden/<name>.yaml`; `GOLDEN=write` accepts what is rendered now.
 * CustomResourceDefinitions are upstream's own text and pinned by checksum, so only their names stand in the file.
 */
export function expectGolden(name: string, objects: readonly KubeObject[]): void {
  const file = join(__dirname, "..", "golden", `${name}.yaml`);
  const actual = objects
    .map((object) =>
      object.kind === "CustomResourceDefinition" ? { kind: object.kind, name: object.metadata.name } : object,
    )
    .sort((a, b) => order(a).localeCompare(order(b), "en"))
    .map((object) => stringify(object, { aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 }))
    .join("---\n");
  if (process.env.GOLDEN === "write") {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file) || readFileSync(file, "utf8") !== actual) writeFileSync(file, actual);
  }
  expect(actual).toBe(existsSync(file) ? readFileSync(file, "utf8") : "");
}

const order = (object: { kind: string; name?: string }) =>
  "metadata" in object ? keyOf(object as KubeObject) : `${object.kind}/${object.name}`;
