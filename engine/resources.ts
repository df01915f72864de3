// Named amounts that running nodes hold. First come, first served, so that a node that wants everything is not starved.

/** Free amounts by name; a node that asks for a name that is not here holds one of one. */
export interface Resources {
  /** Resolves when all amounts are free, and holds them until the returned function is called. */
  acquire(wanted: Amounts): Promise<() => void>;
  /** Amounts after `all` is resolved and what exceeds the total is cut to it. */
  amounts(wanted: { readonly [name: string]: number | 'all' }): Amounts;
}

export type Amounts = { readonly [name: string]: number };

export function createResources(totals: Amounts): Resources {
  const free = new Map(Object.entries(totals));
  const queue: { readonly wanted: Amounts; readonly start: () => void }[] = [];
  const fits = (wanted: Amounts): boolean => Object.entries(wanted).every(([name, amount]) => (free.get(name) ?? 1) >= amount);
  const change = (wanted: Amounts, sign: 1 | -1): void => {
    for (const [name, amount] of Object.entries(wanted)) free.set(name, (free.get(name) ?? 1) + sign * amount);
  };
  const admit = (): void => {
    while (queue[0] && fits(queue[0].wanted)) {
      const { wanted, start } = queue.shift()!;
      change(wanted, -1);
      start();
    }
  };
  return {
    amounts: (wanted) =>
      Object.fromEntries(
        Object.entries(wanted).map(([name, amount]) => [
          name,
          amount === 'all' ? (totals[name] ?? 1) : Math.min(amount, totals[name] ?? 1),
        ]),
      ),
    acquire: (wanted) =>
      new Promise((resolve) => {
        let held = true;
        const release = (): void => {
          if (!held) return;
          held = false;
          change(wanted, 1);
          admit();
        };
        queue.push({ wanted, start: () => resolve(release) });
        admit();
      }),
  };
}
