// `kith accept <node>`: says that a change does not matter to a node's result. `--undo` takes it back.
import { accept, takeBack, type Acceptance } from '../accept.ts';
import { inWords } from '../key.ts';
import { openSelected } from './select.ts';
import type { RunFlags } from './run.ts';
import type { Terminal } from './terminal.ts';

export async function acceptCommand(name: string, flags: RunFlags & { readonly undo?: boolean }, terminal: Terminal): Promise<number> {
  const project = await openSelected(flags.pipeline, flags, terminal);
  const done = flags.undo ? await takeBack(project, name) : await accept(project, name, Date.now());
  if (flags.json) terminal.out(`${JSON.stringify({ ...done, undone: flags.undo === true })}\n`);
  else terminal.out(`${(flags.undo ? undoneInWords(done) : doneInWords(done)).join('\n')}\n`);
  return 0;
}

function doneInWords({ node, from, key, changes }: Acceptance): string[] {
  return [
    `${node}: the result made under the key ${from} is accepted for ${key}, although`,
    ...changes.map((change) => `  ${inWords(change)}`),
    `That holds for these two keys alone, and is said wherever the result is used. Take it back: kith accept --undo ${node}`,
  ];
}

const undoneInWords = ({ node, from, key }: Acceptance): string[] => [
  `${node}: the result made under the key ${from} is no longer accepted for ${key}.`,
  `It is stale again, and will run.`,
];
