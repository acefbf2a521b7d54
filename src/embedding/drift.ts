import { type EmbeddingTable, vectorOf } from './table.js';

/** How far a table lies from the one before it, over the pins that both hold. */
export interface Drift {
  readonly previous_model_id: string;
  readonly previous_graph_id: string;
  readonly common_pins: number;
  readonly new_pins: number;
  readonly lost_pins: number;
  /** Mean cosine between a pin's two vectors; null where no pin is common or the dimensions differ. */
  readonly mean_cosine: number | null;
  /** Share of common pins whose cosine is below `movedBelow`. */
  readonly moved_share: number | null;
}

/** A pin has moved where its vector turned by more than about 26 degrees. */
export const movedBelow = 0.9;

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    left += a[i] * a[i];
    right += b[i] * b[i];
  }
  return left > 0 && right > 0 ? product / Math.sqrt(left * right) : Number(left === right);
}

/** Compares a table with its predecessor. Tables of separately trained models differ freely: expect 0. */
export function driftBetween(previous: EmbeddingTable, next: EmbeddingTable): Drift {
  const rows = new Map(previous.pinIds.map((id, row) => [id, row]));
  const comparable = previous.dimension === next.dimension;
  let common = 0;
  let moved = 0;
  let total = 0;
  next.pinIds.forEach((id, row) => {
    const before = rows.get(id);
    if (before === undefined) return;
    common++;
    if (!comparable) return;
    const likeness = cosine(vectorOf(previous, before), vectorOf(next, row));
    total += likeness;
    if (likeness < movedBelow) moved++;
  });
  const known = comparable && common > 0;
  return {
    previous_model_id: previous.modelId,
    previous_graph_id: previous.graphId,
    common_pins: common,
    new_pins: next.pinIds.length - common,
    lost_pins: previous.pinIds.length - common,
    mean_cosine: known ? total / common : null,
    moved_share: known ? moved / common : null,
  };
}
