// How a report looks: one column that fits a phone, the system's own light or dark, and paper.

export const STYLE = `
:root { color-scheme: light dark; --ink: #1c1f23; --faint: #667078; --paper: #fff; --panel: #f4f6f8; --line: #d9dee3; --accent: #2563c9;
  --executed: #cfe3ff; --cached: #e6e9ec; --failed: #ffd3cf; --interrupted: #ffe9bf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --faint: #98a2ab; --paper: #14171a; --panel: #1d2125; --line: #343b42; --accent: #7db0ff;
  --executed: #1f3d66; --cached: #2b3036; --failed: #6b2a25; --interrupted: #5c4715; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem; max-width: 74rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p { margin: .4rem 0; }
.faint, figcaption { color: var(--faint); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0; }
.tile { background: var(--panel); border-radius: .6rem; padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.45rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span { color: var(--faint); font-size: .85rem; }
.scroll { overflow-x: auto; }
.warning { border-left: 4px solid #d99a1c; padding: .3rem .8rem; margin: .5rem 0; background: var(--panel); }
.failure { border-left: 4px solid #cf4337; padding: .3rem .8rem; margin: .5rem 0; background: var(--panel); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
th { text-align: left; color: var(--faint); font-weight: 600; }
th, td { padding: .28rem .8rem .28rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td, th { overflow-wrap: normal; } td code { overflow-wrap: anywhere; } th.figure, td.figure { text-align: right; white-space: nowrap; }
code { font: .85em ui-monospace, monospace; }
details { margin: .3rem 0; } summary { cursor: pointer; }
.charts { margin-top: 1rem; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
.pictures { columns: 2 22rem; column-gap: 1.2rem; } .pictures figure { break-inside: avoid; padding-bottom: 1.2rem; }
figure { margin: 0; max-width: 100%; }
figure img { max-width: 100%; height: auto; image-rendering: pixelated; border-radius: .3rem; background: #fff; }
figure img.smooth { image-rendering: auto; width: 100%; }
svg { display: block; max-width: none; font: 12px system-ui, sans-serif; }
.charts svg { width: 100%; } svg.wide { width: 100%; min-width: 44rem; }
svg text { fill: var(--faint); } svg text.name { fill: var(--ink); font-weight: 600; font-size: 13px; }
.grid { stroke: var(--line); } .curve { fill: none; stroke: var(--accent); stroke-width: 2; }
.edge { fill: none; stroke: var(--faint); stroke-width: 1.3; opacity: .7; }
.node { stroke: var(--line); fill: var(--panel); } .node.executed { fill: var(--executed); } .node.cached { fill: var(--cached); }
.node.failed { fill: var(--failed); } .node.interrupted { fill: var(--interrupted); } .node.skipped, .node.waiting { stroke-dasharray: 4 3; }
.experiment { fill: none; stroke-width: 1.8; opacity: .8; } .axis { stroke: var(--faint); }
.mark { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
.best { fill: var(--accent); } .trial { fill: var(--paper); stroke: var(--accent); stroke-width: 1.4; }
.share { display: flex; align-items: center; gap: .6rem; margin: .2rem 0; } .share span { flex: 0 0 min(16rem, 45%); } .share b { white-space: nowrap; } .share i { height: .8rem; background: var(--accent); border-radius: .2rem; print-color-adjust: exact; }
.bar { fill: var(--accent); } .bar.failed { fill: #cf4337; } .bar.interrupted { fill: #d99a1c; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 11px; } h2 { break-after: avoid; } figure, tr, .tile { break-inside: avoid; }
  .scroll { overflow: visible; } .scroll svg { max-width: 100%; min-width: 0; height: auto; } details > * { display: block; } }
`;
