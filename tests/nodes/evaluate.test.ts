import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ndarray } from '../../cache/array.ts';
import type { Assignments, Images, Mapping } from '../../nodes/artifacts.ts';
import { evaluate } from '../../nodes/evaluate.ts';
import { mapLabels } from '../../nodes/map-labels.ts';
import { confusionSvg } from '../../nodes/pictures/confusion-picture.ts';
import { runNode } from './run-node.ts';

const LABELS = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2];
const images: Images = {
  type: 'images',
  pixels: ndarray('uint8', [10, 1, 1, 1], new Uint8Array(10)),
  labels: ndarray('int32', [10], Int32Array.from(LABELS)),
  classes: ['a', 'b<c', 'd'],
  names: LABELS.map((_, i) => String(i)),
  unread: [],
};
const assignments = (assigned: readonly number[], clusters = 3): Assignments => ({
  clusters,
  assigned: ndarray('int32', [assigned.length], Int32Array.from(assigned)),
});
const good = assignments([1, 1, 1, 0, 0, 0, 2, 2, 2, 1]);
const poor = assignments([0, 1, 2, 0, 1, 2, 0, 1, 2, 2]);

describe('the evaluation', () => {
  it('matches clusters to classes by itself, and counts', async () => {
    const { artifact } = await runNode(evaluate, { images, assignments: good }, {});
    expect(artifact.acc).toBeCloseTo(0.9, 12);
    expect([...artifact.confusion.data]).toEqual([3, 0, 0, 0, 3, 0, 1, 0, 3]);
    expect(artifact.perClass.map(({ class: name, recall, count }) => [name, recall, count])).toEqual([
      ['a', 1, 3],
      ['b<c', 1, 3],
      ['d', 0.75, 4],
    ]);
    expect(artifact.unmapped).toBe(0);
    expect(evaluate.definition.summarise!(artifact).metrics).toEqual({
      acc: artifact.acc,
      nmi: artifact.nmi,
      ami: artifact.ami,
      ari: artifact.ari,
    });
  });

  it('takes a mapping where one is given', async () => {
    const { artifact: mapping } = await runNode(mapLabels, { images, assignments: good }, { overrides: { a: 0, 'b<c': 1 } });
    const { artifact } = await runNode(evaluate, { images, assignments: good, mapping }, {});
    expect(artifact.acc).toBeCloseTo(0.3, 12);
  });

  it('shows what each stage gained, in the order in which they were named', async () => {
    const { artifact } = await runNode(evaluate, { images, assignments: good, baselines: { zebra: poor, apple: good } }, { stage: 'last' });
    const { table, warnings } = evaluate.definition.summarise!(artifact);
    expect(table!.columns).toEqual(['stage', 'ACC', 'NMI', 'ARI', 'Δ ACC']);
    expect(table!.rows.map(([stage, acc, , , change]) => [stage, acc, change])).toEqual([
      ['zebra', '0.400', ''],
      ['apple', '0.900', '+0.500'],
      ['last', '0.900', '0.000'],
    ]);
    expect(warnings).toBeUndefined();
  });

  it('warns where an earlier stage does better', async () => {
    const { artifact } = await runNode(evaluate, { images, assignments: poor, baselines: { 'k-means': good } }, {});
    const { table, warnings } = evaluate.definition.summarise!(artifact);
    expect(table!.rows[1]![4]).toBe('−0.500');
    expect(warnings).toEqual(['"k-means" does better (ACC 0.900) than "final" after it (0.400).']);
  });

  it('counts images of clusters without a class as wrong, and says so', async () => {
    const { artifact } = await runNode(evaluate, { images, assignments: assignments([0, 0, 4, 1, 1, 1, 2, 2, 2, 3], 5) }, {});
    expect(artifact.acc).toBeCloseTo(0.8, 12);
    expect(artifact.unmapped).toBe(2);
    expect(evaluate.definition.summarise!(artifact).warnings).toEqual([
      '2 images are in clusters that stand for no class, and count as wrong.',
    ]);
    const { artifact: mapping } = await runNode(
      mapLabels,
      { images, assignments: assignments([0, 0, 4, 1, 1, 1, 2, 2, 2, 3], 5) },
      { method: 'majority' },
    );
    const many = await runNode(evaluate, { images, assignments: assignments([0, 0, 4, 1, 1, 1, 2, 2, 2, 3], 5), mapping }, {});
    expect(many.artifact.acc).toBe(1);
  });

  it('needs labels, and a mapping and baselines of the same images', async () => {
    const { labels: _labels, ...unlabelled } = images;
    await expect(runNode(evaluate, { images: unlabelled, assignments: good }, {})).rejects.toMatchObject({
      headline: 'Evaluation needs a few labels, and these images have none.',
    });
    const mapping: Mapping = {
      type: 'mapping',
      method: 'hungarian',
      classOf: ndarray('int32', [2], Int32Array.of(0, 1)),
      classes: images.classes!,
      common: [],
      notes: [],
    };
    await expect(runNode(evaluate, { images, assignments: good, mapping }, {})).rejects.toMatchObject({
      headline: 'The mapping belongs to other assignments or other images.',
    });
    await expect(runNode(evaluate, { images, assignments: good, baselines: { short: assignments([0, 1]) } }, {})).rejects.toMatchObject({
      headline: 'The assignments of the baseline "short" belong to other images.',
    });
  });

  it('draws the confusion matrix', async () => {
    const { artifact } = await runNode(evaluate, { images, assignments: good }, {});
    const [picture] = await evaluate.definition.draw!(artifact, { images, assignments: good, mapping: undefined, baselines: {} });
    expect(picture!.name).toBe('confusion');
    expect(await sharp(picture!.bytes).metadata()).toMatchObject({ format: 'png' });
  });

  it('draws one shaded cell a pair of classes, with names escaped and counts printed', () => {
    const svg = confusionSvg(Int32Array.of(5, 0, 1, 3), ['a', 'b<c'], 'ACC 0.9');
    expect(svg.match(/<rect x=/g)).toHaveLength(4);
    expect(svg).toContain('b&lt;c');
    expect(svg.match(/>[0-9]+<\/text>/g)).toEqual(['>5</text>', '>1</text>', '>3</text>']);
    expect(svg).toContain('fill="rgb(20,60,130)"');
  });
});
