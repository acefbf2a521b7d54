import { attributeNames } from '../../data/columns.js';
import type { FeatureBatch, openStoredFeature } from '../feature-file.js';
import { compareText, type OrderColumn } from '../node-order.js';
import { type FeatureSource, type NodeSource, nodesInMemory } from '../write.js';
import type { Placement } from './generation.js';
import type { NodeRegister } from './node-register.js';

/** Rows that a build writes of a feature at a time. */
const featureRows = 2_048;

/** Where a build would place each node that is still there: by the attributes of `order`, then by id. */
export function placementOf(register: NodeRegister, order: readonly OrderColumn[]): Placement {
  const alive: number[] = [];
  for (let handle = 0; handle < register.size; handle++) if (register.id(handle) !== '') alive.push(handle);
  const keys = order.map((column) => new Map(alive.map((handle) => [handle, register.attribute(column, handle)])));
  // Runs that are in order already, as a base's nodes are, cost one comparison a node.
  alive.sort((a, b) => {
    for (const key of keys) {
      const difference = compareText(key.get(a) ?? null, key.get(b) ?? null);
      if (difference !== 0) return difference;
    }
    return compareText(register.id(a), register.id(b));
  });
  const indices = new Int32Array(new SharedArrayBuffer(4 * register.size)).fill(-1);
  alive.forEach((handle, index) => {
    indices[handle] = index;
  });
  return { indices, count: alive.length };
}

/** The handle at each index. */
export function handlesAt({ indices, count }: Placement): Int32Array {
  const handles = new Int32Array(count);
  for (let handle = 0; handle < indices.length; handle++) if (indices[handle] >= 0) handles[indices[handle]] = handle;
  return handles;
}

/** Ids and attributes in the new order, with the columns that a build would write: those that any node has. */
export function nodeSource(register: NodeRegister, handles: Int32Array): NodeSource {
  const possible = new Set(register.attributeNames());
  const names = attributeNames.filter(
    (name) => possible.has(name) && handles.some((handle) => register.attribute(name, handle) !== null),
  );
  return nodesInMemory(
    handles.length,
    names,
    (index) => register.id(handles[index]),
    (name, index) => register.attribute(name, handles[index]),
  );
}

/** A feature in the new order, undefined where no pin has it any more; a pin born in the delta has none. */
export function featureSource(
  { name, dimension, values, present }: ReturnType<typeof openStoredFeature>,
  handles: Int32Array,
): FeatureSource | undefined {
  if (!handles.some((handle) => present[handle] === 1)) return undefined;
  function* batches(): Generator<FeatureBatch> {
    for (let from = 0; from < handles.length; from += featureRows) {
      const batch = handles.subarray(from, from + featureRows);
      const rows = new Float32Array(batch.length * dimension);
      const has = new Uint8Array(batch.length);
      batch.forEach((handle, row) => {
        if (present[handle] !== 1) return;
        has[row] = 1;
        rows.set(values.subarray(handle * dimension, (handle + 1) * dimension), row * dimension);
      });
      yield { values: rows, present: has };
    }
  }
  return { name, dimension, batches };
}
