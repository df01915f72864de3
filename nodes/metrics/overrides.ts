// Clusters that a person gave to classes, checked. Decides nothing else.
import { nearest } from '../../engine/nearest.ts';
import { KithError } from '../../engine/errors.ts';

/** Class index → cluster. Throws a KithError for an unknown class, a cluster that does not exist, or one given to two classes. */
export function checkOverrides(
  given: { readonly [className: string]: number },
  classes: readonly string[],
  clusters: number,
): ReadonlyMap<number, number> {
  const overrides = new Map<number, number>();
  for (const [name, cluster] of Object.entries(given)) {
    const row = classes.indexOf(name);
    if (row < 0) {
      const near = nearest(name, classes);
      throw wrong(`There is no class "${name}"${near ? `; did you mean "${near}"?` : '.'}`, `The classes are ${classes.join(', ')}.`);
    }
    if (cluster >= clusters) throw wrong(`${name}: there is no cluster ${cluster}.`, `Clusters are 0–${clusters - 1}.`);
    const other = [...overrides].find(([, taken]) => taken === cluster);
    if (other) throw wrong(`Cluster ${cluster} is given to ${classes[other[0]]} and to ${name}.`, 'Give it to one of them.');
    overrides.set(row, cluster);
  }
  return overrides;
}

const wrong = (fact: string, hint: string): KithError => new KithError('The overrides of the mapping do not fit.', { facts: [fact], hint });
