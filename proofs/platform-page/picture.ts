/**
 * The platform in a picture: one description, one set of rules, two gates, and the clusters behind them.
 *
 *     environment ──▶ preview ──▶ cluster, cluster, cluster
 *                        ▲            ▲
 *     rules ─────────────┴────────────┘
 */
import { type Markup, markup } from "./markup";
import type { Platform, ShownCluster } from "./platform";

/** Everything is placed on multiples of this, in user units. */
const CARD_WIDTH = 340;
const GAP = 30;
const ROW = 26;

/** `wide`: clusters side by side. `narrow`: one below the other, for a phone. */
export type Layout = "wide" | "narrow";

interface Block {
  readonly height: number;
  readonly drawn: Markup;
}

/** The picture as one SVG element with its own colours, for light and dark surroundings. */
export function picture(platform: Platform, layout: Layout): Markup {
  return layout === "wide" ? wide(platform) : narrow(platform);
}

function wide(platform: Platform): Markup {
  const clusters = platform.clusters.map((cluster) => clusterCard(platform, cluster));
  const columns = 3;
  const width = columns * CARD_WIDTH + (columns + 1) * GAP;
  const x = (column: number) => GAP + column * (CARD_WIDTH + GAP);
  const middle = (column: number) => x(column) + CARD_WIDTH / 2;
  const top = 30;
  const topHeight = 104;
  const solid = top + topHeight + 34;
  const dashed = solid + 26;
  const first = dashed + 34;
  const rowHeight = Math.max(...clusters.map(({ height }) => height)) + GAP;
  const rows = Math.ceil(clusters.length / columns);
  const height = first + rows * rowHeight;
  const used = Math.min(columns, clusters.length);
  const ends = Array.from({ length: used }, (_, column) => column);
  return svg(
    platform,
    "wide",
    width,
    height,
    markup`
${at(x(0), top, environmentCard(platform, topHeight))}
${at(x(1), top, previewGate(topHeight))}
${at(x(2), top, rulesCard(platform, topHeight))}
${arrow("wide", "fw-objects", `M${x(0) + CARD_WIDTH} ${top + topHeight / 2}H${x(1) - 3}`)}
${arrow("wide", "fw-rules", `M${x(2)} ${top + topHeight / 2}H${x(1) + CARD_WIDTH + 3}`)}
<path class="fw-line fw-objects" d="M${middle(1)} ${top + topHeight}V${solid}M${middle(0) - 60} ${solid}H${middle(used - 1) - 60}"/>
<path class="fw-line fw-rules" d="M${middle(2)} ${top + topHeight}V${dashed}M${Math.min(middle(0) + 60, middle(2))} ${dashed}H${Math.max(middle(used - 1) + 60, middle(2))}"/>
${label(middle(1) - 10, solid - 12, "one resource per object")}
${label(middle(2) - 10, solid - 12, "the same rules at each API server")}
${ends.map(
  (column) => markup`
${arrow("wide", "fw-objects", `M${middle(column) - 60} ${solid}V${first - 3}`)}
${arrow("wide", "fw-rules", `M${middle(column) + 60} ${dashed}V${first - 3}`)}`,
)}
${clusters.map((card, index) => at(x(index % columns), first + Math.floor(index / columns) * rowHeight, card))}`,
  );
}

function narrow(platform: Platform): Markup {
  const blocks = [
    environmentCard(platform, 104),
    rulesCard(platform, 104),
    previewGate(104),
    ...platform.clusters.map((cluster) => clusterCard(platform, cluster)),
  ];
  const left = GAP;
  const right = left + CARD_WIDTH;
  let y = 16;
  const tops = blocks.map(({ height }) => {
    const top = y;
    y += height + 22;
    return top;
  });
  const [environment = 0, rules = 0, ...gates] = tops;
  const last = gates.at(-1) ?? 0;
  const reach = (top: number) => top + 17;
  return svg(
    platform,
    "narrow",
    right + GAP,
    y,
    markup`
<path class="fw-line fw-objects" d="M${left} ${environment + 40}H${left - 14}V${reach(last)}"/>
<path class="fw-line fw-rules" d="M${right} ${rules + 40}H${right + 14}V${reach(last)}"/>
${gates.map(
  (top) => markup`
${arrow("narrow", "fw-objects", `M${left - 14} ${reach(top)}H${left - 2}`)}
${arrow("narrow", "fw-rules", `M${right + 14} ${reach(top)}H${right + 2}`)}`,
)}
${blocks.map((block, index) => at(left, tops[index] ?? 0, block))}`,
  );
}

function environmentCard({ environment, clusters }: Platform, height: number): Block {
  const { name, storageClasses, tenants } = environment;
  const counts = [
    plural(clusters.length, "cluster"),
    plural(Object.keys(tenants).length, "tenant"),
    plural(Object.keys(storageClasses).length, "storage class", "es"),
  ];
  return {
    height,
    drawn: markup`${box(height)}
<text class="fw-kicker" x="18" y="28">one description, checked</text>
<text class="fw-mono fw-strong" x="18" y="56">environments/${name}.yaml</text>
<text class="fw-muted" x="18" y="82">${counts.join(", ")}</text>`,
  };
}

function previewGate(height: number): Block {
  return {
    height,
    drawn: markup`${box(height, "fw-gate")}
<text class="fw-kicker" x="18" y="28">first gate: the preview</text>
<text class="fw-mono fw-strong" x="18" y="56">pulumi preview, pulumi up</text>
<text class="fw-muted" x="18" y="82">judges every object first</text>`,
  };
}

function rulesCard({ rules }: Platform, height: number): Block {
  return {
    height,
    drawn: markup`${box(height, "fw-rule-card")}
<text class="fw-kicker" x="18" y="28">${plural(rules.length, "rule")}, each written once</text>
<text class="fw-mono fw-strong" x="18" y="56">policies/rules</text>
<text class="fw-mono fw-small fw-muted" x="18" y="82">${rules.map(({ id }) => id).join(" ")}</text>`,
  };
}

function clusterCard({ components }: Platform, cluster: ShownCluster): Block {
  const { kubernetes, name, objects, region, role, tenants, zones } = cluster;
  const listTop = 112;
  const tenantTop = listTop + components.length * ROW + 14;
  const zoneTop = tenantTop + 26;
  const height = zoneTop + 46;
  const total = [...objects.values()].reduce((sum, count) => sum + count, 0);
  const zoneWidth = (CARD_WIDTH - 36 - (zones.length - 1) * 8) / zones.length;
  return {
    height,
    drawn: markup`${box(height, role === "hub" ? "fw-hub" : "")}
<path class="fw-gate" d="M0 34V12a12 12 0 0 1 12-12H${CARD_WIDTH - 12}a12 12 0 0 1 12 12V34Z"/>
<text class="fw-small" x="18" y="22">second gate: admission, fails closed</text>
<text class="fw-name" x="18" y="68">${name}</text>
${pill(CARD_WIDTH - 18, 52, role)}
<text class="fw-muted fw-small" x="18" y="90">${region}, Kubernetes ${kubernetes}, ${total} objects</text>
${components.map(({ name: component, proof }, index) => {
  const y = listTop + index * ROW;
  return markup`<line class="fw-rowline" x1="18" x2="${CARD_WIDTH - 18}" y1="${y - 6}" y2="${y - 6}"/>
<text x="18" y="${y + 12}">${component}</text>
<text class="fw-muted" x="${CARD_WIDTH - 58}" y="${y + 12}" text-anchor="end">${objects.get(component) ?? 0}</text>
${badge(CARD_WIDTH - 18, y - 1, proof.level)}`;
})}
<line class="fw-rowline" x1="18" x2="${CARD_WIDTH - 18}" y1="${tenantTop - 20}" y2="${tenantTop - 20}"/>
<text class="fw-small" x="18" y="${tenantTop + 6}"><tspan class="fw-muted">tenants </tspan>${tenants.join(", ") || "none"}</text>
${zones.map((zone, index) =>
  zoneBox(
    18 + index * (zoneWidth + 8),
    zoneTop,
    zoneWidth,
    zone.startsWith(`${region}-`) ? zone.slice(region.length + 1) : zone,
  ),
)}`,
  };
}

function zoneBox(x: number, y: number, width: number, name: string): Markup {
  return markup`<rect class="fw-zone" x="${x}" y="${y}" width="${width}" height="28" rx="7"/>
<text class="fw-small fw-muted" x="${x + width / 2}" y="${y + 19}" text-anchor="middle">zone ${name}</text>`;
}

const box = (height: number, extra = "") =>
  markup`<rect class="fw-card ${extra}" width="${CARD_WIDTH}" height="${height}" rx="12"/>`;

const at = (x: number, y: number, { drawn }: Block) => markup`<g transform="translate(${x} ${y})">${drawn}</g>`;

const arrow = (layout: Layout, kind: string, path: string) =>
  markup`<path class="fw-line ${kind}" d="${path}" marker-end="url(#${kind}-head-${layout})"/>`;

const label = (x: number, y: number, text: string) =>
  markup`<text class="fw-small fw-muted" x="${x}" y="${y}" text-anchor="end">${text}</text>`;

function pill(right: number, y: number, text: string): Markup {
  const width = text.length * 7.4 + 20;
  return markup`<rect class="fw-pill fw-pill-${text}" x="${right - width}" y="${y}" width="${width}" height="21" rx="10.5"/>
<text class="fw-small fw-pill-text-${text}" x="${right - width / 2}" y="${y + 15}" text-anchor="middle">${text}</text>`;
}

const badge = (right: number, y: number, level: string) =>
  markup`<rect class="fw-badge fw-level-${level}" x="${right - 24}" y="${y}" width="24" height="17" rx="5"/>
<text class="fw-badge-text" x="${right - 12}" y="${y + 13}" text-anchor="middle">${level}</text>`;

function svg(
  { environment, clusters }: Platform,
  layout: Layout,
  width: number,
  height: number,
  content: Markup,
): Markup {
  const head = (kind: string) =>
    markup`<marker id="${kind}-head-${layout}" viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="fw-head ${kind}" d="M0 0L8 4L0 8Z"/></marker>`;
  const names = clusters.map(({ name }) => name).join(", ");
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="fw-picture fw-${layout}" viewBox="0 0 ${width} ${height}" role="img" aria-label="environments/${environment.name}.yaml passes the preview gate and becomes the clusters ${names}; the same rules guard the preview and each cluster's admission">
<style>${STYLE}</style>
<defs>${head("fw-objects")}${head("fw-rules")}</defs>
<rect class="fw-ground" width="${width}" height="${height}" rx="16"/>
${content}
</svg>`;
}

const plural = (count: number, noun: string, ending = "s") => `${count} ${noun}${count === 1 ? "" : ending}`;

/** Colours of the picture alone: it also stands in pages that are not ours. */
const STYLE = markup`
.fw-picture{--ground:#fbfbfc;--card:#fff;--ink:#1c2128;--muted:#5b6472;--edge:#d8dce3;--row:#eceef2;--blue:#2f5fb3;--blue-soft:#e8eff9;--amber:#8f5a0a;--amber-soft:#faf1e1;font:15px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
@media(prefers-color-scheme:dark){.fw-picture{--ground:#12161d;--card:#1a1f28;--ink:#e6e9ee;--muted:#9aa3b0;--edge:#343c49;--row:#272e39;--blue:#86aaf0;--blue-soft:#1f2b40;--amber:#dda95c;--amber-soft:#332918}}
.fw-picture text{fill:var(--ink)}
.fw-picture .fw-muted{fill:var(--muted)}
.fw-ground{fill:var(--ground)}
.fw-card{fill:var(--card);stroke:var(--edge)}
.fw-hub{stroke:var(--blue);stroke-width:1.5}
.fw-gate,.fw-rule-card{fill:var(--amber-soft)}
rect.fw-gate{stroke:var(--amber)}
.fw-rule-card{stroke:var(--amber);stroke-dasharray:5 4}
.fw-kicker{font-size:13px}
.fw-picture .fw-kicker{fill:var(--muted)}
.fw-small{font-size:13px}
.fw-strong{font-weight:600}
.fw-name{font-size:22px;font-weight:650}
.fw-mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:14px}
.fw-mono.fw-small{font-size:12px}
.fw-line{fill:none;stroke-width:1.6}
.fw-objects{stroke:var(--blue)}
.fw-rules{stroke:var(--amber);stroke-dasharray:5 4}
.fw-head{stroke:none}
.fw-head.fw-objects{fill:var(--blue)}
.fw-head.fw-rules{fill:var(--amber)}
.fw-rowline{stroke:var(--row)}
.fw-pill{fill:none;stroke:var(--edge)}
.fw-pill-hub{fill:var(--blue-soft);stroke:var(--blue)}
.fw-picture .fw-pill-text-hub{fill:var(--blue)}
.fw-badge{fill:var(--blue-soft)}
.fw-picture .fw-badge-text{fill:var(--blue);font-size:12px;font-weight:650}
.fw-zone{fill:none;stroke:var(--edge);stroke-dasharray:2 3}
`;
