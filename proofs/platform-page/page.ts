/** The platform page: one file that asks for nothing else, readable on paper, on a phone, in the dark. */
import { type Markup, markup } from "./markup";
import { picture } from "./picture";
import type { Platform, ShownFlow } from "./platform";
import { STYLE } from "./style";

/** What the letters of proof mean, in the words of docs/proof.md. */
const LEVELS = {
  A: "shape and promises, on pure manifests",
  B: "the real engine on real API servers, with simulated nodes",
  C: "the component's own program, run on what is rendered",
};

export function page(platform: Platform): Markup {
  const { environment } = platform;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Fleetwright: the platform of ${environment.name}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kicker">Fleetwright</p>
<h1>The platform of <code>${environment.file}</code></h1>
<p class="lead">What one description becomes: the clusters, what each is made of, who may talk to whom, and what guards it. Every value is read from what would be applied.</p>
${figures(platform)}
</header>
<nav aria-label="Sections">${SECTIONS.map(({ id, title }) => markup`<a href="#${id}">${title}</a>`)}</nav>
<main>
<figure>
${picture(platform, "wide")}
${picture(platform, "narrow")}
<figcaption><span><i class="key"></i>objects, on their way to a cluster</span><span><i class="key rules"></i>rules, at both gates</span><span><b class="level">A</b><b class="level">B</b><b class="level">C</b>how far a component <a href="#components">is proved</a></span></figcaption>
</figure>
${SECTIONS.map(
  ({ id, title, lead, body }) => markup`<section id="${id}">
<h2>${title}</h2>
<p>${lead}</p>
${body(platform)}
</section>
`,
)}
</main>
<footer><p>Made by <code>npm run platform-page</code> from <code>${environment.file}</code>, the upstream lock, the image lock and the compiled rules; a test fails when it is out of date.</p></footer>
</body>
</html>
`;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly body: (platform: Platform) => Markup;
}

const SECTIONS: readonly Section[] = [
  {
    id: "clusters",
    title: "Clusters",
    lead: "Exactly one hub; spokes send to it what exists once per environment.",
    body: ({ clusters }) =>
      table(
        ["cluster", "role", "region", "zones", "cloud", "Kubernetes", "objects"],
        clusters.map(({ cloud, kubernetes, name, objects, region, role, zones }) => [
          strong(name),
          role,
          region,
          zones.join(", "),
          cloud,
          kubernetes,
          sum(objects),
        ]),
      ),
  },
  {
    id: "components",
    title: "Components",
    lead: "What each cluster is made of, and how far that is proved on one machine. What cannot be shown there is said, not implied.",
    body: (platform) => markup`${table(
      ["component", "version", ...platform.clusters.map(({ name }) => name), "proof", "not proved here"],
      platform.components.map(({ name, proof, purpose, version }) => [
        markup`${strong(name)}<br><small>${purpose}</small>`,
        version,
        ...platform.clusters.map(({ objects }) => objects.get(name) ?? 0),
        markup`<b class="level">${proof.level}</b>`,
        markup`<small>${proof.notProved.why}</small>`,
      ]),
    )}
<dl class="levels">${Object.entries(LEVELS).map(
      ([level, meaning]) => markup`<div><dt><b class="level">${level}</b></dt><dd>${meaning}</dd></div>`,
    )}</dl>`,
  },
  {
    id: "flows",
    title: "Who talks to whom",
    lead: "Nothing talks to anything but these flows: every NetworkPolicy is computed from this list, and closed where it says nothing.",
    body: ({ clusters, flows }) =>
      table(
        ["from", "to", "ports", "why"],
        flows.map(({ from, ports, to, why }) => [
          sources(from, clusters.length),
          to.includes(" ") ? to : code(to),
          ports,
          why,
        ]),
      ),
  },
  {
    id: "storage",
    title: "Storage classes",
    lead: "What claims can ask for. Claims that name no class get the default.",
    body: ({ clusters, storageClasses }) =>
      table(
        ["class", "provisioner", "binding", "reclaim", "grows", "snapshots", "where"],
        storageClasses.map((shown) => [
          markup`${strong(shown.name)}${shown.isDefault ? markup` <small>default</small>` : ""}`,
          code(shown.provisioner),
          shown.volumeBindingMode,
          shown.reclaimPolicy,
          shown.expands ? "yes" : "no",
          shown.snapshots ? "yes" : "no",
          where(shown, clusters.length),
        ]),
      ),
  },
  {
    id: "rules",
    title: "Rules",
    lead: "Each is written once and judges three times: the preview, the API server, and the audit of what runs.",
    body: ({ rules }) =>
      table(
        ["rule", "what holds", "level", "severity"],
        rules.map(({ id, level, severity, title }) => [
          strong(id),
          title,
          markup`<span class="verdict ${level}">${level}</span>`,
          severity,
        ]),
      ),
  },
  {
    id: "tenants",
    title: "Tenants",
    lead: "Each belongs to a team, which deploys in its namespaces and nowhere else, within these sizes.",
    body: ({ clusters, environment }) =>
      table(
        ["tenant", "team", "namespace", "CPU", "memory", "pods", "storage", "where"],
        Object.entries(environment.tenants).flatMap(([tenant, { clusters: its, namespaces, team }]) =>
          Object.entries(namespaces).map(([name, { cpu, memory, pods, storage }]) => [
            strong(tenant),
            markup`${team}<br><small>${environment.teams[team]?.group ?? ""}</small>`,
            code(name),
            cpu,
            memory,
            pods,
            storage,
            where({ clusters: its ?? clusters.map((cluster) => cluster.name) }, clusters.length),
          ]),
        ),
      ),
  },
  {
    id: "images",
    title: "Images",
    lead: "What the platform itself runs. A digest that could not be read from a source is unresolved, never invented; production refuses it.",
    body: ({ images }) =>
      table(
        ["image", "repository", "tag", "digest"],
        Object.entries(images).map(([name, { digest, repository, tag }]) => [
          strong(name),
          code(repository),
          tag,
          digest === "unresolved" ? markup`<span class="verdict warn">unresolved</span>` : code(digest.slice(0, 19)),
        ]),
      ),
  },
];

function figures({ clusters, components, environment, rules }: Platform): Markup {
  const objects = clusters.reduce((total, cluster) => total + sum(cluster.objects), 0);
  const all: readonly [number, string][] = [
    [clusters.length, "clusters"],
    [components.length, "components on each"],
    [objects, "objects"],
    [rules.length, "rules"],
    [Object.keys(environment.tenants).length, "tenants"],
  ];
  return markup`<dl class="figures">${all.map(([count, what]) => markup`<div><dt>${what}</dt><dd>${count}</dd></div>`)}</dl>`;
}

/** Rows that become cards where there is no room for columns: each cell carries its column's name. */
function table(head: readonly string[], rows: readonly (readonly (Markup | string | number)[])[]): Markup {
  return markup`<table>
<thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (
    row,
  ) => markup`<tr>${row.map((cell, index) => markup`<td data-column="${head[index] ?? ""}"><div>${cell}</div></td>`)}</tr>
`,
)}</tbody>
</table>`;
}

const where = ({ clusters }: { clusters: readonly string[] }, all: number) =>
  clusters.length === all ? "every cluster" : clusters.join(", ");

const strong = (text: string) => markup`<strong>${text}</strong>`;

const code = (text: string) => markup`<code>${text}</code>`;

const sources = (from: ShownFlow["from"], all: number) =>
  markup`${[...from].map(([name, clusters]) =>
    clusters.length === all
      ? markup`${code(name)} `
      : markup`<span class="some">${code(name)} <small>${clusters.join(", ")}</small></span> `,
  )}`;

const sum = (objects: ReadonlyMap<string, number>) => [...objects.values()].reduce((total, count) => total + count, 0);
