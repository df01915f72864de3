// A run in which everything is cached, as a whole process: Node's start included. Beside the same tree in other tools, each alternately with ours.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type Comparison, type Missing } from './compare.ts';
import { dvc, kith, snakemake, turborepo, wireit, type Tree } from './trees.ts';

const SIZES = [10, 1000, 10_000];
const PEERS: { readonly [name: string]: Tree } = { wireit, Turborepo: turborepo, Snakemake: snakemake, DVC: dvc };

/** Rounds of each comparison, fewer where they take longer than this many seconds. */
const ROUNDS = 9;
const WITHIN = 15;
/** Milliseconds at one size beyond which a peer is not asked at ten times that size: its turn would take minutes. */
const SLOW = 6000;

/** Wall milliseconds of a run of a tree of trivial nodes in which nothing is to be done. */
export default async function* noop(): AsyncIterable<Comparison> {
  const slow = new Map<string, Missing>();
  for (const nodes of SIZES) {
    const ours = mkdtempSync(join(tmpdir(), 'kith-noop-'));
    try {
      const side = await kith(ours, nodes);
      for (const [peerName, tree] of Object.entries(PEERS)) {
        const theirs = mkdtempSync(join(tmpdir(), 'kith-noop-'));
        try {
          const peer = slow.get(peerName) ?? (await tree(theirs, nodes));
          const labels = { bench: 'noop', case: `${nodes} nodes`, peerName, unit: 'ms' };
          const row = await compare(labels, side, peer, { rounds: ROUNDS, within: WITHIN, better: 'less' });
          const isSlow = row.peer === null ? !('missing' in peer) : row.peer > SLOW;
          const took = row.peer === null ? row.note : `${(row.peer / 1000).toFixed(0)} s`;
          if (isSlow) slow.set(peerName, { missing: `not asked: ${took} at ${nodes} nodes` });
          yield row;
        } finally {
          rmSync(theirs, { recursive: true, force: true, maxRetries: 5 });
        }
      }
    } finally {
      rmSync(ours, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
