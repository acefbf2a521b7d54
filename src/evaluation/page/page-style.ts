/** In the order of `methodNames`, then of any other: 4.5:1 or more against the page, as text needs it. */
const light =
  '#667078 #8a4b12 #0f766e #b91c1c #6d28d9 #8d5b04 #15803d #4d6f0f #be185d #c2410c #0369a1 #86198f #0e7490 #1e3a8a #566167';
const dark =
  '#a5b0b6 #d9a36a #4fd1c5 #f98080 #b99bf8 #e3b341 #4ade80 #a8d462 #f583bd #fb9a4c #4cc0fa #e58bf0 #67e8f9 #9db8ff #9dabb1';

function methodColours(colours: string): string {
  const names = colours.split(' ');
  return names.map((colour, i) => `--method-${i === names.length - 1 ? 'other' : i}: ${colour};`).join(' ');
}

/** The page's style: light and dark as the reader's system is, light in print. */
export const pageStyle = `
:root { color-scheme: light; --paper: #faf8f3; --surface: #fff; --ink: #182226; --soft: #566167; --line: #e0d9cb;
  --accent: #0b7382; --best: #dceff0; ${methodColours(light)} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; --paper: #11171a; --surface: #192125;
  --ink: #e8edee; --soft: #9dabb1; --line: #324047; --accent: #5cc6d3; --best: #163a41; ${methodColours(dark)} } }
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 400 15.5px/1.5 ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; }
main { max-width: 1360px; margin: 0 auto; padding: 28px clamp(14px, 3vw, 40px) 48px; }
h1 { margin: 2px 0 10px; font-size: clamp(1.6rem, 1.2rem + 2vw, 2.3rem); line-height: 1.15; overflow-wrap: anywhere; }
h2 { margin: 40px 0 10px; font-size: 1.25rem; line-height: 1.25; }
p, ul { margin: 8px 0; max-width: 46rem; }
ul { padding-left: 20px; }
li { margin: 4px 0; }
code, pre { font: 0.9em ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, monospace; }
pre { overflow-x: auto; padding: 12px 14px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface);
  white-space: pre-wrap; overflow-wrap: anywhere; }
.kind, footer, figcaption, small { color: var(--soft); }
.kind { margin: 0; }
.headline { font-size: 1.15rem; max-width: 52rem; }
footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 0.9rem; }
:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 2px; }
.frame { width: fit-content; max-width: 100%; overflow-x: auto; margin: 10px 0; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.92rem; }
caption { padding: 10px 12px; text-align: left; font-weight: 600; border-bottom: 1px solid var(--line); }
.note { font-size: 0.9rem; color: var(--soft); max-width: 60rem; }
th, td { padding: 7px 12px; text-align: right; white-space: nowrap; vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); }
tbody tr + tr > * { border-top: 1px solid var(--line); }
th:first-child { position: sticky; left: 0; text-align: left; font-weight: 600; background: var(--surface); }
td small { display: block; font-size: 0.8em; }
td b { color: var(--accent); }
.best { background: var(--best); font-weight: 650; }
.best small { font-weight: 400; }
.swatch { display: inline-block; width: 10px; height: 10px; margin-right: 8px; border-radius: 50%; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 14px; margin: 12px 0; }
.three { grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); }
figure { margin: 0; padding: 12px 14px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
figcaption { margin-bottom: 4px; font-size: 0.92rem; }
figcaption b { color: var(--ink); }
.chart { display: block; width: 100%; max-width: 430px; margin: 0 auto; height: auto; overflow: visible; }
.chart text { white-space: pre; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 270px), 1fr)); gap: 10px 24px; margin: 12px 0; }
dt { color: var(--soft); font-size: 0.86rem; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.pairs { display: flex; flex-wrap: wrap; gap: 0 14px; }
summary { cursor: pointer; padding: 6px 0; color: var(--accent); }
@media print {
  @page { size: A4; margin: 12mm; }
  body { background: #fff; font-size: 9.5pt; }
  main { max-width: none; padding: 0; }
  h2 { margin-top: 18pt; break-after: avoid; }
  figure, tr { break-inside: avoid; }
  .frame { overflow: visible; }
  table { font-size: 7.5pt; }
  th, td { padding: 3px 4px; }
  thead th { white-space: normal; }
  section > p { break-after: avoid; }
  .charts { grid-template-columns: 1fr 1fr; }
  details::details-content { content-visibility: visible; }
}
`;
