/** How the platform page looks; its picture brings its own colours, see picture.ts. */
import { markup } from "./markup";

export const STYLE = markup`
:root{color-scheme:light dark;--ground:#fff;--ink:#1c2128;--muted:#5b6472;--edge:#d8dce3;--row:#eceef2;--blue:#2f5fb3;--blue-soft:#e8eff9;--amber:#8f5a0a;--amber-soft:#faf1e1;--red:#a4303a;--red-soft:#fbeaeb;--code:#f3f4f7}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6e9ee;--muted:#9aa3b0;--edge:#343c49;--row:#232a34;--blue:#86aaf0;--blue-soft:#1f2b40;--amber:#dda95c;--amber-soft:#332918;--red:#f0959c;--red-soft:#3a2023;--code:#1a1f28}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:4rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;text-wrap:pretty}
header,main,footer{max-width:1140px;margin:0 auto;padding:0 20px}
header{padding-top:56px}
.kicker{margin:0;color:var(--blue);font-weight:600}
h1{margin:.2em 0 .4em;font-size:clamp(1.6rem,4vw,2.3rem);line-height:1.2;letter-spacing:-.01em}
h1 code{background:none;padding:0;font-size:.92em}
h2{margin:0 0 .25em;font-size:1.35rem;letter-spacing:-.005em}
.lead{max-width:46rem;margin:0;color:var(--muted);font-size:1.06rem}
.figures{display:flex;flex-wrap:wrap;gap:12px 40px;margin:28px 0 8px}
.figures div{display:flex;flex-direction:column-reverse}
.figures dt{color:var(--muted);font-size:.9rem}
.figures dd{margin:0;font-size:1.9rem;font-weight:650;line-height:1.15;font-variant-numeric:tabular-nums}
nav{position:sticky;top:0;z-index:1;display:flex;gap:22px;overflow-x:auto;max-width:1140px;margin:20px auto 0;padding:12px 20px;background:var(--ground);border-bottom:1px solid var(--row);font-size:.95rem;white-space:nowrap}
a{color:var(--blue);text-decoration:none}
a:hover,a:focus-visible{text-decoration:underline}
figure{margin:28px 0 0}
figure svg{display:block;width:100%;height:auto}
.fw-narrow{display:none!important}
figcaption{margin:12px 4px 0;color:var(--muted);font-size:.88rem}
figcaption span{display:inline-block;margin-right:22px}
.key{display:inline-block;width:26px;margin:0 8px 4px 0;border-top:2px solid var(--blue)}
.key.rules{border-top:2px dashed var(--amber)}
section{padding:52px 0 0}
section>p{max-width:46rem;margin:0 0 14px;color:var(--muted)}
table{width:100%;border-collapse:collapse;font-size:.95rem}
th{padding:6px 14px 6px 0;color:var(--muted);font-size:.85rem;font-weight:500;text-align:left;vertical-align:bottom;border-bottom:1px solid var(--edge)}
td{padding:9px 14px 9px 0;vertical-align:top;border-bottom:1px solid var(--row);font-variant-numeric:tabular-nums}
td:last-child,th:last-child{padding-right:0}
small{color:var(--muted);font-size:.86rem}
td small{display:inline-block;max-width:34rem;line-height:1.4}
code{padding:.1em .35em;border-radius:4px;background:var(--code);font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.some{white-space:nowrap}
.level{display:inline-block;min-width:1.6em;margin-right:4px;padding:0 .3em;border-radius:5px;background:var(--blue-soft);color:var(--blue);font-size:.85rem;font-weight:650;text-align:center}
.levels{display:flex;flex-wrap:wrap;gap:4px 28px;margin:14px 0 0;color:var(--muted);font-size:.88rem}
.levels div{display:flex;gap:6px}
.levels dd{margin:0}
.verdict{padding:.1em .5em;border-radius:5px;font-size:.88rem;font-weight:550}
.deny{background:var(--red-soft);color:var(--red)}
.warn{background:var(--amber-soft);color:var(--amber)}
.off{background:var(--code);color:var(--muted)}
footer{margin-top:64px;padding-bottom:40px;color:var(--muted);font-size:.88rem}
@media(max-width:760px){
header{padding-top:32px}
.figures{gap:14px 28px}
.figures dd{font-size:1.5rem}
.fw-wide{display:none!important}
.fw-narrow{display:block!important}
thead{display:none}
table,tbody,tr{display:block}
tr{padding:12px 0;border-bottom:1px solid var(--edge)}
td{display:grid;grid-template-columns:7.2rem 1fr;gap:8px;padding:3px 0;border:0}
td::before{content:attr(data-column);color:var(--muted);font-size:.88rem}
}
@media print{nav{display:none}section{break-inside:avoid}}
`;
