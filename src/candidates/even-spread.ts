/** As many entries of a list, evenly spread over it in its order; all of a list that has no more. */
export function evenSpread<T extends Uint32Array | Float32Array>(list: T, most: number): T {
  if (list.length <= most) return list;
  const spread = list.slice(0, most) as T;
  for (let i = 0; i < most; i++) spread[i] = list[Math.floor((i * list.length) / most)];
  return spread;
}
