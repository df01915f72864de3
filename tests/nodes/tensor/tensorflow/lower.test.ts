// What a step becomes as a TensorFlow graph. No library is needed: the graph is read back as the protobuf that it is.
import * as tf from '@tensorflow/tfjs-core';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { ndarray } from '../../../../cache/array.ts';
import type { Arrays } from '../../../../nodes/tensor/executor.ts';
import { lower } from '../../../../nodes/tensor/tensorflow/lower.ts';
import type { Mode } from '../../../../nodes/tensor/tensorflow/bf16.ts';
import { type Step, traceStep } from '../../../../nodes/tensor/trace.ts';
import { adam, type Optimizer, sgd } from '../../../../nodes/training/optimizer.ts';
import { initialState, scalarSignatures, trainingStep } from '../../../../nodes/training/step.ts';
import { numbers, signaturesOf } from '../parity.ts';

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
}

const GRAPH = protobuf
  .parse(
    `
  syntax = "proto3";
  message Node { string name = 1; string op = 2; repeated string input = 3; }
  message Graph { repeated Node node = 1; }`,
  )
  .root.lookupType('Graph');

const nodesOf = (step: Step, state: Arrays, feeds: Parameters<typeof traceStep>[1]['feeds'], mode?: Mode): readonly Node[] =>
  (GRAPH.decode(lower(traceStep(step, { state: signaturesOf(state), feeds }), mode)) as unknown as { node: Node[] }).node;

const count = (nodes: readonly Node[], op: string): number => nodes.filter((node) => node.op === op).length;

const weights = { a: numbers(1, [3, 3, 1, 2]), b: numbers(2, [2]) };

function trained(optimizer: Optimizer): readonly Node[] {
  const objective = {
    trainable: ['a', 'b'],
    loss: (all: { readonly [name: string]: tf.Tensor }, { x }: { readonly [name: string]: tf.Tensor }) => ({
      loss: tf.mean(tf.add(tf.conv2d(x as tf.Tensor4D, all['a'] as tf.Tensor4D, 2, 1), all['b']!)) as tf.Scalar,
      statistics: {},
    }),
  };
  const feeds = { x: { shape: [2, 6, 6, 1], dtype: 'float32' as const }, ...scalarSignatures(optimizer) };
  return nodesOf(trainingStep(objective, optimizer), initialState(weights, objective, optimizer), feeds);
}

describe("an optimizer's move is one fused node a parameter", () => {
  test.each([
    ['Adam', adam(), 'ResourceApplyAdam'],
    ['Adam with decay', adam({ decay: 1e-4 }), 'ResourceApplyAdam'],
    ['momentum', sgd(), 'ResourceApplyMomentum'],
    ["Nesterov's momentum with decay", sgd({ nesterov: true, decay: 1e-3 }), 'ResourceApplyMomentum'],
  ])('%s', (_, optimizer, operator) => {
    const nodes = trained(optimizer);
    expect(count(nodes, operator)).toBe(2);
    expect(nodes.filter(({ name }) => name.startsWith('next/')).map(({ op }) => op)).toEqual([operator, operator]);
  });

  test('another move is assigned', () => {
    const step: Step = ({ w }, { g }) => ({ state: { w: tf.sub(w!, tf.square(g!)) }, results: {} });
    const nodes = nodesOf(step, { w: numbers(3, [4]) }, { g: { shape: [4], dtype: 'float32' } });
    expect(nodes.find(({ name }) => name === 'next/0')).toMatchObject({
      op: 'AssignVariableOp',
      input: ['variable/0', 'Sub_1/Sub', '^read/0'],
    });
  });

  test('a moment that something else moves is not taken for it', () => {
    const step: Step = ({ w, m }, { g, rate }) => {
      const velocity = tf.add(tf.mul(m!, 0.9), g!);
      return { state: { w: tf.sub(w!, tf.mul(velocity, rate!)), m: tf.neg(velocity) }, results: {} };
    };
    const feeds = { g: { shape: [4], dtype: 'float32' as const }, rate: { shape: [], dtype: 'float32' as const } };
    const nodes = nodesOf(step, { w: numbers(4, [4]), m: numbers(5, [4]) }, feeds);
    expect(count(nodes, 'ResourceApplyMomentum')).toBe(0);
    expect(count(nodes, 'AssignVariableOp')).toBe(4);
  });
});

test('state that a step does not change is never assigned in it', () => {
  const step: Step = ({ w }, { x }) => ({ state: { w: w! }, results: { y: tf.mul(w!, x!) } });
  const nodes = nodesOf(step, { w: numbers(6, [4]) }, { x: { shape: [4], dtype: 'float32' } });
  expect(nodes.some(({ name }) => name.startsWith('next/'))).toBe(false);
  expect(nodes.find(({ name }) => name === 'step')!.input).toEqual([]);
});

test("the gradient of a ReLU is TensorFlow's own", () => {
  const step: Step = (_, { x, dy }) => ({ state: {}, results: { slope: tf.mul(dy!, tf.step(x!)) } });
  const signature = { shape: [4], dtype: 'float32' as const };
  expect(count(nodesOf(step, {}, { x: signature, dy: signature }), 'ReluGrad')).toBe(1);
});

test('what is asked for twice is written once, and −0 is not 0', () => {
  const step: Step = (_, { x }) => ({
    state: {},
    results: { a: tf.add(x!, tf.tensor1d([0, 1])), b: tf.mul(x!, tf.tensor1d([-0, 1])), c: tf.sub(x!, tf.tensor1d([0, 1])) },
  });
  expect(count(nodesOf(step, {}, { x: { shape: [2], dtype: 'float32' } }), 'Const')).toBe(2);
});

test('in bf16 without hardware for it, factors are rounded and nothing else is', () => {
  const step: Step = (_, { x, y }) => ({ state: {}, results: { z: tf.add(tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D), x!) } });
  const signature = { shape: [3, 3], dtype: 'float32' as const };
  const nodes = nodesOf(step, {}, { x: signature, y: signature }, 'rounded');
  expect(count(nodes, 'Cast')).toBe(4);
  expect(nodes.find(({ op }) => op === 'AddV2')!.input).toContain('feed/0');
});

test('an operation without a rule is a KithError that names it', () => {
  const trace = traceStep((_, { x }) => ({ state: {}, results: { y: tf.neg(x!) } }), { state: {}, feeds: signaturesOf({ x: ndarray('float32', [1], new Float32Array(1)) }) }); // prettier-ignore
  const strange = { ...trace, operations: trace.operations.map((operation) => ({ ...operation, kernel: 'FFT' })) };
  expect(() => lower(strange)).toThrow(/FFT cannot run on the device "tensorflow"[^]*--device onnx/);
});
