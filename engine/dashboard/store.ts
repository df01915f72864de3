// Events wait here until the next frame, so that a burst of them costs one rendering.
import type { Event } from '../events.ts';
import { nothingYet, reduceAll, type State } from './state.ts';

export interface Store {
  /** As of the last flush. */
  readonly state: () => State;
  readonly push: (event: Event) => void;
  /** Whether something started or ended since the last flush; progress can wait for the next regular frame. */
  readonly urgent: () => boolean;
  /** Takes in what was pushed. */
  readonly flush: () => void;
}

const PATIENT: ReadonlySet<Event['event']> = new Set(['node-progress', 'node-log', 'usage']);

export function createStore(): Store {
  let state = nothingYet;
  let pending: Event[] = [];
  let urgent = false;
  return {
    state: () => state,
    urgent: () => urgent,
    push: (event) => {
      pending.push(event);
      urgent ||= !PATIENT.has(event.event);
    },
    flush: () => {
      state = reduceAll(state, pending);
      pending = [];
      urgent = false;
    },
  };
}
