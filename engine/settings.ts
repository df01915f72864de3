// How a node is run: what its definition says, unless the pipeline says otherwise. Checked when the pipeline is planned.
import type { Settings } from './define-node.ts';
import { KithError } from './errors.ts';
import { amountOf, type Wants } from './resources.ts';

/** Settings with what the node holds while it runs: one processor where nothing else is said. */
export interface NodeSettings extends Settings {
  readonly resources: Wants;
}

/** The settings of a node. Throws a KithError (exit code 2) for amounts and numbers that make no sense. */
export function settingsOf(node: string, { resources, retries, backoff, timeout }: Settings, given: Settings = {}): NodeSettings {
  const own = Object.entries({ retries, backoff, timeout }).filter(([, value]) => value !== undefined);
  const settings: NodeSettings = { ...Object.fromEntries(own), ...given, resources: { cpu: 1, ...resources, ...given.resources } };
  for (const [name, amount] of Object.entries(settings.resources)) amountOf(name, amount);
  const wrong = (setting: string, must: string): KithError =>
    new KithError(`The setting ${setting} of the node "${node}" must be ${must}.`, { exitCode: 2 });
  const { retries: times = 0, backoff: pause = 1, timeout: limit = 1 } = settings;
  if (!Number.isInteger(times) || times < 0) throw wrong('retries', 'a whole number from 0');
  if (!(pause >= 0)) throw wrong('backoff', 'a number of seconds from 0');
  if (!(limit > 0)) throw wrong('timeout', 'a number of seconds above 0');
  return settings;
}
