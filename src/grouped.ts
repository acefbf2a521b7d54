/** The values of each key, of two columns side by side; keys in the order of their first rows, values in that of theirs. */
export function grouped<Key, Value>(keys: Iterable<Key>, values: ArrayLike<Value>): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  let row = 0;
  for (const key of keys) {
    const value = values[row++];
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
