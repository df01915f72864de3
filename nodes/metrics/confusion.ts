// Counts of pairs: the table from which every other metric is computed. Rows are true classes.

/** A table of counts, row-major: [rows, columns]. */
export interface Counts {
  readonly rows: number;
  readonly columns: number;
  readonly counts: Int32Array;
}

/** counts[t, p] = number of items with truth t and prediction p; an item with a negative truth or prediction is left out. */
export function confusion(truth: Int32Array, rows: number, predicted: Int32Array, columns: number): Counts {
  if (truth.length !== predicted.length) throw new RangeError(`${truth.length} labels but ${predicted.length} predictions`);
  const counts = new Int32Array(rows * columns);
  for (let i = 0; i < truth.length; i++) if (truth[i]! >= 0 && predicted[i]! >= 0) counts[truth[i]! * columns + predicted[i]!]!++;
  return { rows, columns, counts };
}

/** Sums of the rows, of the columns, and of everything. */
export function margins({ rows, columns, counts }: Counts): {
  readonly ofRows: Float64Array;
  readonly ofColumns: Float64Array;
  readonly total: number;
} {
  const ofRows = new Float64Array(rows);
  const ofColumns = new Float64Array(columns);
  counts.forEach((count, at) => {
    ofRows[Math.floor(at / columns)]! += count;
    ofColumns[at % columns]! += count;
  });
  return { ofRows, ofColumns, total: ofRows.reduce((sum, count) => sum + count, 0) };
}
