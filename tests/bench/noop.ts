// A run in which everything is cached, as a whole process: Node's start included.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from '../../engine/files.ts';
import { median, type Comparison } from './compare.ts';

const pipelineOf = (nodes: number): string => `
import { defineNode, input, pipeline, z } from 'kith';
const start = defineNode({ kind: 'start', inputs: {}, params: z.object({}), run: async () => ({ value: 0 }) });
const next = defineNode({ kind: 'next', inputs: { x: input<{ value: number }>() }, params: z.object({ add: z.number() }),
  run: async ({ inputs, params }) => ({ value: inputs.x.value + params.add }) });
const nodes: Record<string, any> = { n0: start({}) };
for (let at = 1; at < ${nodes}; at += 1) nodes['n' + at] = next({ x: nodes['n' + Math.floor((at - 1) / 2)] }, { add: at });
export default pipeline(nodes);
`;

/** No-op runs of trees of nodes, wall milliseconds. */
export default async function* noop(): AsyncIterable<Comparison> {
  for (const nodes of [10, 1000]) {
    const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'pipeline.ts'), pipelineOf(nodes));
    symlinkSync(join(packageFolder(), 'node_modules'), join(folder, 'node_modules'));
    const run = (): number => {
      const started = performance.now();
      execFileSync(process.execPath, [join(packageFolder(), 'dist', 'kith.cjs'), 'run', '--json'], { cwd: folder, stdio: 'ignore' });
      return performance.now() - started;
    };
    const cold = run();
    run();
    const ours = median(Array.from({ length: 9 }, run));
    rmSync(folder, { recursive: true });
    yield {
      bench: 'noop',
      case: `${nodes} nodes`,
      ours,
      peer: null,
      peerName: '–',
      unit: 'ms',
      ratio: null,
      note: `cold ${cold.toFixed(0)} ms`,
    };
  }
}
