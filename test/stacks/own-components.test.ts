/** A team's own components: found by their file, rendered and wired like the platform's, refused with a sentence. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { packageRoot } from "../../components/package-root";
import { ensureUpstream } from "../../components/upstream";
import { loadEnvironment } from "../../stacks/environment";
import { ownComponents } from "../../stacks/own-components";
import { render } from "../../stacks/render";
import { sandboxEnvironment } from "../support/environments";

beforeAll(() => ensureUpstream(), 300_000);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fleetwright-own-"));
  mkdirSync(join(root, "components"));
  mkdirSync(join(root, "environments"));
  writeFileSync(join(root, "environments", "dev.yaml"), stringify(sandboxEnvironment("hub", "east")));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFileSync(join(root, "components", file), text);
const rendered = () => render(loadEnvironment("dev", root));

const CONTACTS = `module.exports = {
  namespaces: () => [{ name: "contacts" }],
  flows: () => [
    { from: { namespace: "contacts", pods: "all" }, to: "cluster-dns", ports: [{ port: 53, protocol: "UDP" }], why: "Looks names up." },
  ],
  objects: ({ cluster }) => cluster.role === "hub" ? [
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "page", namespace: "contacts" }, data: { region: cluster.region } },
  ] : [],
};
`;

describe("a component of the team's own", () => {
  it("is rendered as the how-to page shows one, with its entry of the image lock", () => {
    const page = readFileSync(join(packageRoot(), "docs", "how-to", "use-as-a-package.md"), "utf8");
    const [, code = ""] = /```js\n\/\/ components\/status-page\.js\n([\s\S]*?)```/.exec(page) ?? [];
    const [, lock = ""] = /```yaml\n# images\.lock\.yaml\n([\s\S]*?)```/.exec(page) ?? [];
    write("status-page.js", code.replace("fleetwright/components", join(packageRoot(), "components")));
    writeFileSync(join(root, "images.lock.yaml"), lock);
    const objects = rendered().get("hub")?.get("status-page") ?? [];
    expect(JSON.stringify(objects)).toContain('"image":"registry.acme.example/status/page:v1.4.0"');
  });

  it("is rendered where it says, marked as the platform's", () => {
    write("contacts.js", CONTACTS);
    expect(rendered().get("hub")?.get("contacts")).toEqual([
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: "page",
          namespace: "contacts",
          labels: { "app.kubernetes.io/managed-by": "fleetwright" },
          annotations: {
            "pulumi.com/deletionPropagationPolicy": "background",
            "pulumi.com/patchFieldManager": "fleetwright",
          },
        },
        data: { region: "local-hub" },
      },
    ]);
    expect(rendered().get("east")?.has("contacts")).toBe(false);
  });

  it("gets its namespace and its flows from the cluster base, closed otherwise", () => {
    write("contacts.js", CONTACTS);
    const base = rendered().get("east")?.get("cluster-base") ?? [];
    const inContacts = base.filter(({ metadata }) => (metadata.namespace ?? metadata.name) === "contacts");
    expect(inContacts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["Namespace", "NetworkPolicy"]));
  });

  it("is told what the cluster is, and resolves images by the lock", () => {
    write("one.cjs", "module.exports = { objects: (context) => [], context: (all) => all };");
    expect([...ownComponents(root).keys()]).toEqual(["one"]);
    write(
      "two.js",
      `module.exports = { objects: ({ environment, cluster, image }) => [
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "two", namespace: "default" }, data: { ...environment, ...cluster, zones: "", image: image("gatekeeper") } },
      ] };`,
    );
    expect(rendered().get("east")?.get("two")?.[0]?.data).toMatchObject({
      name: "east",
      role: "spoke",
      purpose: "development",
      image: expect.stringMatching(/^docker\.io\/openpolicyagent\/gatekeeper:v/),
    });
  });

  it.each([
    ["Contacts.js", CONTACTS, "components/Contacts.js: its name must be a DNS label (RFC 1123)"],
    ["contacts.js", "module.exports = {};", "components/contacts.js exports no function `objects`"],
    ["contacts.js", "module.exports = {", "components/contacts.js cannot be loaded: "],
    [
      "contacts.js",
      'module.exports = { objects: () => [{ kind: "Secret" }] };',
      'components/contacts, cluster hub: objects() returned {"kind":"Secret"}, must be Kubernetes objects with apiVersion, kind and metadata.name',
    ],
    [
      "contacts.js",
      "module.exports = { objects: ({ cluster }) => cluster.nodes.map(String) };",
      "components/contacts, cluster hub: Cannot read properties of undefined (reading 'map')",
    ],
    ["gatekeeper.js", CONTACTS, "components/gatekeeper: the platform has a component of that name"],
    [
      "contacts.js",
      CONTACTS.replace('name: "page", namespace: "contacts"', 'name: "identity", namespace: "fleetwright-system"'),
      "/ConfigMap/fleetwright-system/identity is made by identity and by contacts: an object has one owner",
    ],
  ])("%s with a fault is refused: %#", (file, text, sentence) => {
    write(file, text);
    expect(rendered).toThrow(sentence);
  });
});
