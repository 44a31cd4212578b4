import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { STORAGE_DRIVERS, type StorageDriver } from "../../components/storage-drivers";

const drivers = Object.entries(STORAGE_DRIVERS);

describe("the driver table", () => {
  it("is what the reference page says", () => {
    const page = readFileSync(join(__dirname, "../../docs/components/storage-classes.md"), "utf8");
    const code = (text: string | undefined) => (text === undefined ? "–" : `\`${text}\``);
    const row = ([kind, driver]: [string, StorageDriver]) => {
      const { encryption, encryptionKeyParameter, provisioner, topologyKey, type, zonal } = driver;
      const encrypted = encryption && `${encryption.key}: "${encryption.value}"`;
      const cells = [code(topologyKey), code(encrypted), code(encryptionKeyParameter), code(type?.fallback)];
      return `| ${[kind, code(provisioner), zonal ? "yes" : "no", ...cells].join(" | ")} |`;
    };
    expect(page.split("\n").filter((line) => /^\| (aws|gcp|azure|ceph|local) /.test(line))).toEqual(drivers.map(row));
  });

  it.each(drivers)(
    "names the driver of %s as CSI does: a DNS subdomain of at most 63 characters",
    (_, { provisioner }) => {
      expect(provisioner).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/);
      expect(provisioner.length).toBeLessThanOrEqual(63);
    },
  );

  it.each(drivers)("gives %s a type that it knows, and a source", (_, { sources, type }) => {
    expect(type === undefined || type.names.includes(type.fallback)).toBe(true);
    expect(sources.length).toBeGreaterThan(0);
  });
});
