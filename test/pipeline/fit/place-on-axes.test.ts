import { describe, expect, it } from 'vitest';
import type { EdgeList } from '../../../src/graph/adjacency.js';
import { degree, type Graph } from '../../../src/graph/graph.js';
import { memoryGraph } from '../../../src/graph/memory-graph.js';
import type { Rows } from '../../../src/linear/rows.js';
import { axesColumns, pinAxes, withAxes } from '../../../src/model/pin-axes.js';
import { idsAloneDefaults, pinSageSpec, type PinSageSpec } from '../../../src/model/spec.js';
import type { PinSageModel } from '../../../src/model/weights.js';
import { chooseAxes, placeLike } from '../../../src/pipeline/fit/place-on-axes.js';
import { random, shuffle } from '../../../src/random.js';
import { plantedGraph } from '../../training/planted-graph.js';

const dimension = 4;

function model(partial: Partial<PinSageSpec> = {}): PinSageModel {
  const spec = pinSageSpec({ features: { width: dimension }, dimension, ...partial }, idsAloneDefaults);
  return {
    spec,
    features: { columns: [], text: false, ids: true, logDegree: { mean: 0, deviation: 1 } },
    weights: new Map(),
  };
}

/** Vectors that say nothing. */
function noise({ pins }: Graph): Float32Array {
  const source = random(4);
  return Float32Array.from({ length: pins.size * dimension }, () => source.normal());
}

/** The last pin of every board is hidden. */
function holdout(whole = plantedGraph({ text: false, lonelyEach: 0 })) {
  const kept: [number, number][] = [];
  const hidden: [number, number][] = [];
  const { offsets, neighbours } = whole.topology.boards;
  for (let board = 0; board < whole.boards.size; board++)
    for (let e = offsets[board]; e < offsets[board + 1]; e++)
      (e + 1 < offsets[board + 1] ? kept : hidden).push([board, neighbours[e]]);
  const list = (edges: [number, number][]): EdgeList => ({
    boards: Uint32Array.from(edges, ([board]) => board),
    pins: Uint32Array.from(edges, ([, pin]) => pin),
  });
  const graph = memoryGraph({ pins: whole.pins.ids(), boards: whole.boards.ids(), edges: list(kept) });
  return { graph, hidden: list(hidden), boards: new Uint32Array(0) };
}

/**
 * Boards that each hide a pin of their topic, of which trained vectors say little; one board in `every` hides cold pins
 * too, which lie where the board's own do.
 */
function topicsWithColdPins(every: number, coldEach: number) {
  const source = random(5);
  const [topics, pinsEach, boardsEach, held] = [8, 150, 40, 6];
  const pins: string[] = [];
  const rows: Float32Array[] = [];
  const unit = (row: Float32Array): Float32Array => row.map((value) => value / Math.hypot(...row));
  for (let pin = 0; pin < topics * pinsEach; pin++) {
    const cluster = Math.floor(pin / pinsEach) % dimension;
    pins.push(`pin ${pin}`);
    rows.push(unit(Float32Array.from({ length: dimension }, (_, i) => Number(i === cluster) + source.normal())));
  }
  const kept: [number, number][] = [];
  const hidden: [number, number][] = [];
  const boards = topics * boardsEach;
  for (let board = 0; board < boards; board++) {
    const first = Math.floor(board / boardsEach) * pinsEach;
    const drawn = shuffle(
      Uint32Array.from({ length: pinsEach }, (_, i) => first + i),
      source,
    );
    const own = drawn.subarray(0, held);
    for (const pin of own) kept.push([board, pin]);
    hidden.push([board, drawn[held]]);
    const lacks = board % every === 0 ? coldEach : 0;
    for (let cold = 0; cold < lacks; cold++) {
      hidden.push([board, pins.length]);
      pins.push(`cold ${pins.length}`);
      rows.push(
        unit(Float32Array.from({ length: dimension }, (_, i) => own.reduce((sum, pin) => sum + rows[pin][i], 0))),
      );
    }
  }
  const list = (edges: [number, number][]): EdgeList => ({
    boards: Uint32Array.from(edges, ([board]) => board),
    pins: Uint32Array.from(edges, ([, pin]) => pin),
  });
  const names = Array.from({ length: boards }, (_, board) => `board ${board}`);
  return {
    held: {
      graph: memoryGraph({ pins, boards: names, edges: list(kept) }),
      hidden: list(hidden),
      boards: Uint32Array.from({ length: boards }, (_, board) => board),
    },
    trained: Float32Array.from(rows.flatMap((row) => [...row])),
  };
}

describe('axes that pins are placed on', () => {
  it('are taken where vectors alone find nothing', async () => {
    const held = holdout();
    const trained = noise(held.graph);
    const { model: placed, vectors } = await chooseAxes(held, model({ axes: 16 }), trained, 1);
    const columns = axesColumns(placed.weights);
    expect(columns).toBeGreaterThan(0);
    expect(vectors).toHaveLength(held.graph.pins.size * (dimension + columns));
  });

  it('are none where the spec asks for none, and no more than it asks for', async () => {
    const held = holdout();
    const trained = noise(held.graph);
    const none = await chooseAxes(held, model({ axes: 0 }), trained, 1);
    expect(none.vectors).toBe(trained);
    expect(axesColumns(none.model.weights)).toBe(0);
    expect(axesColumns((await chooseAxes(held, model({ axes: 5 }), trained, 1)).model.weights)).toBe(5);
  });

  it('are none where places say nothing', async () => {
    // Every board has pins of its own: what it hides is on no other board.
    const boards = 60;
    const edges = Array.from({ length: boards * 6 }, (_, i): [number, number] => [Math.floor(i / 6), i]);
    const pins = edges.map(([, pin]) => `pin ${pin}`);
    const list = { boards: Uint32Array.from(edges, ([b]) => b), pins: Uint32Array.from(edges, ([, p]) => p) };
    const names = Array.from({ length: boards }, (_, board) => `board ${board}`);
    const held = holdout(memoryGraph({ pins, boards: names, edges: list }));
    // Two columns that tell a board's pins, the hidden one among them.
    const trained = new Float32Array(pins.length * dimension);
    pins.forEach((_, pin) => {
      const angle = (2 * Math.PI * Math.floor(pin / 6)) / boards;
      trained.set([Math.cos(angle), Math.sin(angle)], pin * dimension);
    });
    const { model: placed } = await chooseAxes(held, model({ axes: 8 }), trained, 1);
    expect(axesColumns(placed.weights)).toBe(0);
  });

  it.each([
    ['taken where most of what is hidden has boards', 20, 1, true],
    ['none where most of what is hidden has none, for such pins have no place', 4, 5, false],
  ])('are %s', async (_, every, coldEach, taken) => {
    const { held, trained } = topicsWithColdPins(every, coldEach);
    const { model: placed } = await chooseAxes(held, model({ normalise: true, axes: 60 }), trained, 1);
    expect(axesColumns(placed.weights) > 0).toBe(taken);
  });

  it.each([
    ['.7 times as long as what was trained, over the pins with boards', false, 0.7],
    ['as long as what was trained where that is of one length', true, 1],
  ])('are %s', (_, normalise, length) => {
    const graph = plantedGraph({ text: false });
    const trained = noise(graph);
    // Nothing to turn towards.
    const origin = { width: 6, values: new Float32Array(graph.pins.size * 6) };
    const { vectors } = placeLike(graph, model({ normalise }), trained, withAxes(model(), graph, origin));
    const squares = { trained: 0, places: 0 };
    for (let pin = 0; pin < graph.pins.size; pin++) {
      const row = vectors.subarray(pin * (dimension + 6), (pin + 1) * (dimension + 6));
      expect(row.subarray(0, dimension)).toEqual(trained.subarray(pin * dimension, (pin + 1) * dimension));
      const places = row.subarray(dimension);
      if (degree(graph.topology.pins, pin) === 0) {
        expect([...places]).toEqual([0, 0, 0, 0, 0, 0]);
        continue;
      }
      for (const value of places) squares.places += value * value;
      for (const value of row.subarray(0, dimension)) squares.trained += value * value;
    }
    expect(Math.sqrt(squares.places / squares.trained)).toBeCloseTo(length, 4);
  });

  it('stay where they are when the graph hardly changes, and their number stays', async () => {
    const before = holdout();
    const first = (await chooseAxes(before, model({ axes: 5 }), noise(before.graph), 1)).model;
    const grown = holdout(plantedGraph({ text: false, lonelyEach: 0, boardsEach: 26 }));
    const moved = (like: PinSageModel): number => {
      const { model: placed } = placeLike(grown.graph, model({ axes: 0 }), noise(grown.graph), like);
      const [old, now] = [first, placed].map(({ weights }) => pinAxes(grown.graph, weights) as Rows);
      expect(now.width).toBe(5);
      return Math.hypot(...now.values.map((value, i) => value - old.values[i])) / Math.hypot(...old.values);
    };
    const { width, values } = pinAxes(before.graph, first.weights) as Rows;
    // The same axes, the other way round.
    const turned = withAxes(first, before.graph, { width, values: values.map((value) => -value) });
    expect(moved(first)).toBeLessThan(0.5);
    expect(moved(turned)).toBeGreaterThan(1.5);
  });
});
