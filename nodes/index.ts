// The one public entry: what a pipeline file imports from 'kith'.
export { z } from 'zod';
export { ndarray, type NdArray } from '../cache/array.ts';
export { defineNode, input, manyInputs, optionalInput, type Handle, type RunContext } from '../engine/define-node.ts';
export { KithError } from '../engine/errors.ts';
export { pipeline, type Pipeline } from '../engine/pipeline.ts';
