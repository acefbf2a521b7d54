import type { Graph } from '../graph.js';
import { changeOf } from './change.js';
import { DeltaEdges, type EdgeOutcomes } from './delta-edges.js';
import { readSegments } from './delta-log.js';
import { NodeRegister } from './node-register.js';
import { decodeOperation } from './operation-codec.js';
import { type Registers, segmentDictionary } from './segment-dictionary.js';

export interface DeltaRange {
  /** The last segment that the base has in it. */
  after: number;
  through?: number;
  /** Cut off what a crash left at the end of the log. */
  cut?: boolean;
}

/** What a stretch of the log makes of its base. */
export interface Delta {
  readonly registers: Registers;
  readonly edges: EdgeOutcomes;
  /** Batches in it. */
  readonly changes: number;
}

/** Reads the operations of a stretch of the log, in their order. */
export function readDelta(directory: string, base: Graph, range: DeltaRange): Delta {
  const registers: Registers = {
    pins: new NodeRegister(base.pins.ids(), base.pinAttributes),
    boards: new NodeRegister(base.boards.ids(), base.boardAttributes),
  };
  const edges = new DeltaEdges();
  let changes = 0;
  for (const { path, payloads } of readSegments(directory, range)) {
    const dictionary = segmentDictionary(registers);
    changes += payloads.length;
    for (const payload of payloads) {
      const operation = decodeOperation(payload, path);
      if ('newIds' in operation) {
        dictionary.boards.declare(operation.newIds.boards);
        dictionary.pins.declare(operation.newIds.pins);
      }
      const change = changeOf(operation, registers, dictionary);
      if (change.kind === 'add_edges' || change.kind === 'remove_edges') edges.add(change);
    }
  }
  const outcomes = edges.outcomes({ pins: registers.pins.size, boards: registers.boards.size });
  return { registers, edges: outcomes, changes };
}
