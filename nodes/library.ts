// The package for programs: everything that a pipeline file may import, and what runs pipelines.
export * from './index.ts';
export { run, type RunOptions } from './run.ts';
export type { Event, Failure, PlannedNode, Progress, Reason, Summary, Table } from '../engine/events.ts';
