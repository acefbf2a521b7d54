import { rowOfEachEdge } from '../adjacency.js';
import type { StoredEdgeColumns } from '../edges-file.js';
import { type FoldedEdges, foldEdges } from '../fold-edges.js';
import type { Adjacency, Side, Topology } from '../graph.js';
import type { EdgeOutcomes } from './delta-edges.js';
import type { Placement } from './generation.js';
import type { NodeRegister } from './node-register.js';
import type { Delta } from './replay.js';

type Placements = Readonly<Record<Side, Placement>>;

/** Edges in the new numbering, each with where its columns are: in the base, or behind it in the delta. */
interface Survivors {
  readonly boards: Uint32Array;
  readonly pins: Uint32Array;
  readonly from: Uint32Array;
}

/**
 * The base's edges with the delta's outcomes, sorted and folded as a build of all of them would.
 * `base` is in handles, which are the base's own indices.
 */
export function foldedEdges(
  base: Adjacency,
  columns: StoredEdgeColumns,
  delta: EdgeOutcomes,
  placements: Placements,
): FoldedEdges {
  const { boards, pins, from } = survivors(base, delta, placements);
  const baseCount = base.neighbours.length;
  const pick = <T extends Float64Array | Float32Array>(into: T, stored: T | undefined, added: T): T | undefined => {
    let any = false;
    for (let edge = 0; edge < from.length; edge++) {
      const at = from[edge];
      const value = at < baseCount ? (stored?.[at] ?? Number.NaN) : added[at - baseCount];
      into[edge] = value;
      any ||= !Number.isNaN(value);
    }
    return any ? into : undefined;
  };
  const addedAt = pick(new Float64Array(from.length), columns.addedAt, delta.addedAt);
  const weight = pick(new Float32Array(from.length), columns.weight, delta.weight);
  const sections = columns.sections && keptSections(columns.sections, from, baseCount);
  return foldEdges({ boards, pins }, { addedAt, weight, sections }, placements.pins.count, placements.boards.count);
}

function survivors(base: Adjacency, delta: EdgeOutcomes, { pins, boards }: Placements): Survivors {
  const baseBoards = rowOfEachEdge(base);
  const most = baseBoards.length + delta.count;
  const kept = { boards: new Uint32Array(most), pins: new Uint32Array(most), from: new Uint32Array(most) };
  let count = 0;
  const keep = (board: number, pin: number, from: number): void => {
    const [newBoard, newPin] = [boards.indices[board], pins.indices[pin]];
    if (newBoard < 0 || newPin < 0) return;
    kept.boards[count] = newBoard;
    kept.pins[count] = newPin;
    kept.from[count++] = from;
  };
  // Both are ordered by board, then pin, so one pass over each tells which of the base's edges were replaced.
  let d = 0;
  for (let edge = 0; edge < baseBoards.length; edge++) {
    const board = baseBoards[edge];
    const pin = base.neighbours[edge];
    while (d < delta.count && (delta.boards[d] < board || (delta.boards[d] === board && delta.pins[d] < pin))) d++;
    const replaced = d < delta.count && delta.boards[d] === board && delta.pins[d] === pin && delta.replaced[d] === 1;
    if (!replaced) keep(board, pin, edge);
  }
  for (let edge = 0; edge < delta.count; edge++)
    if (delta.present[edge] === 1) keep(delta.boards[edge], delta.pins[edge], baseBoards.length + edge);
  return {
    boards: kept.boards.subarray(0, count),
    pins: kept.pins.subarray(0, count),
    from: kept.from.subarray(0, count),
  };
}

/** The sections that an edge still has, in their order; the delta's edges have none. */
function keptSections(
  { names, codes }: NonNullable<StoredEdgeColumns['sections']>,
  from: Uint32Array,
  baseCount: number,
): StoredEdgeColumns['sections'] {
  const kept = Uint32Array.from(from, (edge) => (edge < baseCount ? codes[edge] : 0));
  const used = new Uint8Array(names.length + 1);
  for (const code of kept) used[code] = 1;
  const remaining: string[] = [];
  const renumbered = Uint32Array.from(used, (flag, code) =>
    code > 0 && flag === 1 ? remaining.push(names[code - 1]) : 0,
  );
  return remaining.length > 0 ? { names: remaining, codes: kept.map((code) => renumbered[code]) } : undefined;
}

/** Every node where its handle says, so that the base's indices stay; a removed one is -1 and leaves a gap. */
function keptPlacement(register: NodeRegister): Placement {
  const indices = Int32Array.from({ length: register.size }, (_, handle) => (register.id(handle) === '' ? -1 : handle));
  return { indices, count: register.size };
}

/** The base with its delta in the base's own numbering. */
export function foldedInPlace(base: Topology, delta: Delta): { topology: Topology; placements: Placements } {
  const { pins, boards } = delta.registers;
  const placements = { pins: keptPlacement(pins), boards: keptPlacement(boards) };
  return { topology: foldedEdges(base.boards, {}, delta.edges, placements).topology, placements };
}
