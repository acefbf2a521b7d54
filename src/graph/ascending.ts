/** The first place in `values[from … to - 1]`, which ascend, whose value is not below `value`; `to` where there is none. */
export function lowerBound(values: Uint32Array, value: number, from = 0, to = values.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a value is among `values[from … to - 1]`, which ascend. */
export function holds(values: Uint32Array, value: number, from = 0, to = values.length): boolean {
  const place = lowerBound(values, value, from, to);
  return place < to && values[place] === value;
}
