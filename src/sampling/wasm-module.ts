import { readFileSync } from 'node:fs';
import { builtFile } from '../package-root.js';

/** What assembly/index.ts exports. Addresses and widths are bytes; see there for the rest. */
export interface WalkExports {
  walkOver(pinRows: number, pinNeighbours: number, boardRows: number, boardNeighbours: number): void;
  walkIn(homes: number, states: number, spans: number, places: number): void;
  advanceBuilt(from: number, steps: number, width: number, threshold: number): void;
  advanceLive(from: number, steps: number, width: number, threshold: number): void;
  heed(
    strength: number,
    boardsFrom: number,
    boardsTo: number,
    pinsFrom: number,
    pinsTo: number,
    boardMarks: number,
    pinMarks: number,
    avoidedBoards: number,
  ): void;
  advanceBiased(from: number, steps: number, width: number, threshold: number, live: number): void;
  clearSlots(slots: number, bits: number): void;
  clearPlaces(places: number, count: number): void;
  countUntil(
    from: number,
    most: number,
    skip: number,
    stopVisits: number,
    wanted: number,
    slots: number,
    bits: number,
    used: number,
    size: number,
  ): number;
  pinsMissing(): number;
  pinsHeld(): number;
  addTable(
    used: number,
    size: number,
    rooted: number,
    slots: number,
    bits: number,
    totalUsed: number,
    totalSize: number,
  ): number;
  drain(used: number, size: number, skip: number, limit: number, places: number, pins: number, counts: number): number;
  pool(
    from: number,
    visits: number,
    stride: number,
    lanes: number,
    seeds: number,
    limit: number,
    slots: number,
    bits: number,
    used: number,
    places: number,
    neighbours: number,
    weights: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/** The walk module over one memory. Throws `not_found` before the build, and what the host says if it has no SIMD. */
export function walkExports(memory: WebAssembly.Memory): WalkExports {
  compiled ??= new WebAssembly.Module(new Uint8Array(readFileSync(builtFile('src/sampling/walk.wasm', 'walk kernel'))));
  return new WebAssembly.Instance<WalkExports>(compiled, { env: { memory } }).exports;
}
