/** The policy pack as it is installed, in a folder of its own, so that it can be spoilt. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../components/package-root";
import { type Manifest, sha256 } from "../../policies/engine/catalogue";
import { policiesPath } from "../../policies/folder";
import { PreviewLane } from "./preview-lane";
import type { Setting } from "./question";

export class PackCopy {
  private readonly root = mkdtempSync(join(tmpdir(), "fleetwright-pack-"));

  constructor() {
    for (const part of ["capabilities.json", "compiled", "package.json", "policy-pack"]) {
      cpSync(policiesPath(part), join(this.root, "policies", part), { recursive: true });
    }
    cpSync(join(packageRoot(), "dist", "policies"), join(this.root, "dist", "policies"), { recursive: true });
    symlinkSync(join(packageRoot(), "node_modules"), join(this.root, "node_modules"));
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  write(path: string, content: string | Buffer): void {
    writeFileSync(join(this.root, path), content);
  }

  /** Writes a compiled file and enters it into the manifest, as a build from other sources would. */
  compiled(name: string, content: string | Buffer): void {
    const manifest: Manifest = JSON.parse(this.read("policies/compiled/manifest.json"));
    const compiled = { ...manifest.compiled, [name]: sha256(content) };
    this.write(join("policies", "compiled", name), content);
    this.write("policies/compiled/manifest.json", JSON.stringify({ ...manifest, compiled }));
  }

  /** Starts it. */
  start(set?: (setting: Setting) => Setting): Promise<PreviewLane> {
    return PreviewLane.start(join(this.root, "policies", "policy-pack"), set);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
