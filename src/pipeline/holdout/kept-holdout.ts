import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pinsByBoard, rowOfEachEdge } from '../../graph/adjacency.js';
import type { Graph } from '../../graph/graph.js';
import { withoutEdges } from '../../graph/memory-graph.js';
import { heldOutPairs } from '../../graph/split.js';
import { readJson } from '../../registry/json-file.js';
import { modelFiles } from '../../registry/model-files.js';
import type { Holdout } from './validation-holdout.js';

/** A model's validation edges in the user's ids: a later state of the graph numbers its nodes anew. */
export interface KeptHoldout {
  /** The boards that lost pins of their own. */
  readonly boards: readonly string[];
  readonly hidden: readonly { readonly board_id: string; readonly pin_ids: readonly string[] }[];
}

export function keepHoldout({ graph, hidden, boards }: Holdout): KeptHoldout {
  return {
    boards: Array.from(boards, (board) => graph.boards.id(board)),
    hidden: Array.from(pinsByBoard(hidden), ([board, pins]) => ({
      board_id: graph.boards.id(board),
      pin_ids: pins.map((pin) => graph.pins.id(pin)),
    })),
  };
}

/** What lies in the folder of a model or a run; models from before it was kept have none. */
export function readHoldout(directory: string): KeptHoldout | undefined {
  const path = join(directory, modelFiles.holdout);
  return existsSync(path) ? readJson<KeptHoldout>(path) : undefined;
}

/** Hides a model's validation edges from a graph that has changed since; what it no longer holds is passed over. */
export function hideAgain(graph: Graph, kept: KeptHoldout): Holdout {
  const { boards } = graph.topology;
  const lost = new Map(
    kept.hidden.map(({ board_id, pin_ids }) => [
      graph.boards.indexOf(board_id),
      new Set(pin_ids.map((id) => graph.pins.indexOf(id))),
    ]),
  );
  const rows = rowOfEachEdge(boards);
  const mask = Uint8Array.from(rows, (board, edge) => Number(lost.get(board)?.has(boards.neighbours[edge]) ?? false));
  const hidden = heldOutPairs(graph, mask);
  const touched = new Set(hidden.boards);
  return {
    graph: withoutEdges(graph, mask),
    hidden,
    boards: Uint32Array.from(kept.boards.map((id) => graph.boards.indexOf(id)).filter((board) => touched.has(board))),
  };
}
