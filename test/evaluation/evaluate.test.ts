import { describe, expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { fitSource, openSource } from '../../src/candidates/fitted-source.js';
import {
  evaluate,
  type EvaluatedModel,
  type EvaluateOptions,
  type EvaluationReport,
} from '../../src/evaluation/evaluate.js';
import { parseMethods } from '../../src/evaluation/methods.js';
import { reportTable } from '../../src/evaluation/report.js';
import { boardTask, drawPairs, relatedTask, type Task, userTask } from '../../src/evaluation/tasks.js';
import { type Graph, neighboursOf, pinsWithoutBoards } from '../../src/graph/graph.js';
import { memoryGraph, withoutEdges } from '../../src/graph/memory-graph.js';
import { heldOutPairs, holdOutEdges } from '../../src/graph/split.js';
import { silentProgress } from '../../src/progress.js';
import { smallGraph } from '../candidates/small-graph.js';

/** A board of the graph with a pin that it lacks and others have. */
function strange({ topology: { boards, pins }, boards: boardIds, pins: pinIds }: Graph) {
  const held = neighboursOf(boards, 0);
  const pin = Array.from({ length: pinIds.size }, (_, at) => at).find(
    (at) => !held.includes(at) && neighboursOf(pins, at).length > 0,
  );
  return { from: [boardIds.id(0)], pins: [pinIds.id(pin as number)] };
}

const whole = smallGraph(80, 60, 5);
const mask = holdOutEdges(whole, { seed: 2, minimumPins: 3 });
const graph = withoutEdges(whole, mask);
const hidden = heldOutPairs(whole, mask);
const pairs = {
  from: [...Array.from(hidden.boards, (board) => whole.boards.id(board)), 'absent', 'absent'],
  pins: [...Array.from(hidden.pins, (pin) => whole.pins.id(pin)), 'pin 3', 'no such pin'],
};
const task = boardTask(graph, pairs);

/** The protocol written out: every pin scored, sorted, judged. */
async function slowBoardFigures(of: Graph, method: 'rp3beta' | 'content', k: number): Promise<Record<string, number>> {
  const source = openSource(await fitSource(of, method), { topology: of.topology });
  const popular = openSource(await fitSource(of, 'popularity'), { topology: of.topology });
  const boards = [...new Set(pairs.from)];
  const shown = new Set<number>();
  let [recall, ndcg, hitRate, mrr] = [0, 0, 0, 0];
  for (const id of boards) {
    const wanted = pairs.pins.filter((_, i) => pairs.from[i] === id);
    const board = of.boards.indexOf(id);
    const known = board < 0 ? [] : [...neighboursOf(of.topology.boards, board)];
    const every = Uint32Array.from({ length: of.pins.size }, (_, pin) => pin);
    const scores = (board < 0 ? popular : source).score(evenQuery(Uint32Array.from(known)), every);
    const ranked = [...every]
      .filter((pin) => !known.includes(pin))
      .sort((a, b) => scores[b] - scores[a] || a - b)
      .slice(0, k);
    for (const pin of ranked) shown.add(pin);
    const hits = ranked.map((pin) => wanted.includes(of.pins.id(pin)));
    const count = hits.filter(Boolean).length;
    recall += count / wanted.length;
    hitRate += count > 0 ? 1 : 0;
    mrr += count > 0 ? 1 / (hits.indexOf(true) + 1) : 0;
    let [gain, ideal] = [0, 0];
    for (let r = 0; r < k; r++) {
      if (hits[r]) gain += 1 / Math.log2(r + 2);
      if (r < wanted.length) ideal += 1 / Math.log2(r + 2);
    }
    ndcg += gain / ideal;
  }
  const n = boards.length;
  return {
    [`recall@${k}`]: recall / n,
    [`ndcg@${k}`]: ndcg / n,
    [`hit_rate@${k}`]: hitRate / n,
    mrr: mrr / n,
    [`coverage@${k}`]: shown.size / of.pins.size,
  };
}

const measured = (options: Parameters<typeof evaluate>[2], of: Task = task): Promise<EvaluationReport> =>
  evaluate(graph, of, { threads: 0, ...options });

describe('evaluation', () => {
  it('is the protocol written out slowly', async () => {
    for (const method of ['rp3beta', 'content'] as const)
      for (const k of [3, 10]) {
        const { methods } = await measured({ methods: [method], ks: [k] });
        const slow = await slowBoardFigures(graph, method, k);
        expect(Object.keys(methods[method])).toEqual(expect.arrayContaining(Object.keys(slow)));
        for (const [name, value] of Object.entries(slow)) expect(methods[method][name], name).toBeCloseTo(value, 9);
      }
  });

  it('gives the same figures on worker threads', async () => {
    const options = { methods: parseMethods('random,popularity,rp3beta,gfcf,pixie'), ks: [5, 20] };
    const here = await measured(options);
    const there = await measured({ ...options, threads: 2 });
    expect(there.methods).toEqual(here.methods);
  });

  it('lists what it skips with the reason, and the split', async () => {
    const { skipped, split, methods } = await measured({ methods: parseMethods('all'), ks: [5] });
    expect(Object.keys(skipped).sort()).toEqual(['mapped', 'pinsage', 'pintext', 'recommender']);
    expect(skipped.pinsage).toBe('needs a model (--model)');
    expect(split).toMatchObject({ test_boards_outside_graph: 1, test_pins_outside_catalogue: 1 });
    expect(Object.keys(methods)).toContain('pixie');
  });

  it('judges a model beside its own sources where nothing is named, and says what is not run', async () => {
    const ials = await fitSource(graph, 'ials', { factors: 4, epochs: 1 });
    const table = { dimension: 4, vectors: new Float32Array(4 * graph.pins.size).fill(0.5) };
    const nothing = { pins: new Uint32Array(0), scores: new Float32Array(0) };
    const recommender = { rankForQuery: () => nothing, rankAmong: () => nothing };
    const { methods, skipped } = await measured({ ks: [5], model: { table, recommender, sources: [ials] } });
    expect(Object.keys(methods)).toContain('ials');
    expect(skipped).toMatchObject({ ease: expect.stringContaining('--methods'), random: expect.anything() });
    const without = await measured({ ks: [5] });
    expect(Object.keys(without.methods)).not.toContain('ials');
    expect(without.skipped).toMatchObject({ ials: expect.stringContaining('--methods') });
  });

  it('judges the recommender and the embeddings of a model as it judges any method', async () => {
    const rp3beta = openSource(await fitSource(graph, 'rp3beta'), { topology: graph.topology });
    // Vectors that are all alike rank the catalogue by dense index, as a method without an opinion does.
    const table = { dimension: 4, vectors: new Float32Array(4 * graph.pins.size).fill(0.5) };
    const nothing = { pins: new Uint32Array(0), scores: new Float32Array(0) };
    const recommender = { rankForQuery: rp3beta.retrieve, rankAmong: () => nothing };
    const silent = { rankForQuery: () => nothing, rankAmong: () => nothing };
    const options = { methods: parseMethods('rp3beta,pinsage,recommender'), ks: [5] };
    const { methods } = await measured({ ...options, model: { table, recommender } });
    expect(methods.recommender).toEqual(methods.rp3beta);
    const other = await measured({ ...options, model: { table, recommender: silent } });
    expect(other.methods.recommender).toEqual(methods.pinsage);
    expect(methods.pinsage).not.toEqual(methods.rp3beta);
  });

  it('says with which settings a baseline stood, those that it has alone', async () => {
    const source = await fitSource(graph, 'gfcf', { weight: 0.5, sharpen: 1, alone: { weight: 0.3, sharpen: 0 } });
    const model = { table: { dimension: 1, vectors: new Float32Array(graph.pins.size) }, sources: [source] };
    const { settings } = await measured({ methods: parseMethods('gfcf,popularity'), ks: [5], model });
    expect(settings).toEqual({ gfcf: { weight: 0.3, sharpen: 0 } });
  });

  it('draws a sample of the cases by its seed', async () => {
    const options = { methods: parseMethods('rp3beta'), ks: [10], sample: 12 };
    const first = await measured({ ...options, seed: 1 });
    expect(first.split.cases).toBe(12);
    expect((await measured({ ...options, seed: 1 })).methods).toEqual(first.methods);
    expect((await measured({ ...options, seed: 2 })).methods).not.toEqual(first.methods);
  });

  it('lets methods that draw do so by its seed, unless their settings have one', async () => {
    const figures = async (seed: number, settings: EvaluateOptions['settings'] = {}) =>
      (await measured({ methods: ['random', 'pixie', 'rp3beta'], ks: [5], seed, settings })).methods;
    const [first, second] = [await figures(1), await figures(2)];
    expect(second.random).not.toEqual(first.random);
    expect(second.pixie).not.toEqual(first.pixie);
    expect(second.rp3beta).toEqual(first.rp3beta);
    expect(await figures(1)).toEqual(first);
    expect(await figures(2, { random: { seed: 1 }, pixie: { seed: 1 } })).toEqual(first);
  });

  it('counts as shown only what a list shows, be it shorter than the cut-off', async () => {
    const held = 10;
    const small = memoryGraph({
      pins: Array.from({ length: 12 }, (_, i) => `p${i}`),
      boards: ['big', 'other'],
      edges: {
        boards: Uint32Array.from({ length: held + 2 }, (_, i) => (i < held ? 0 : 1)),
        pins: Uint32Array.from({ length: held + 2 }, (_, i) => i),
      },
    });
    const asked = boardTask(small, { from: ['big'], pins: ['p11'] });
    for (const threads of [0, 1]) {
      const { methods } = await evaluate(small, asked, { methods: ['popularity'], ks: [1, 10], threads });
      // Two pins are left to show, each once, of twelve; all are on one board.
      expect(methods.popularity['coverage@10']).toBeCloseTo(2 / 12, 12);
      expect(methods.popularity['head_share@10']).toBe(0);
      expect(methods.popularity['gini@10']).toBeCloseTo((2 * (11 + 12)) / (12 * 2) - 13 / 12, 12);
      expect(methods.popularity['log_popularity@10']).toBeCloseTo(Math.log(2), 12);
    }
  });

  it('scales the reciprocal rank of related pins', async () => {
    const related = relatedTask(graph, { from: ['pin 0', 'pin 1'], pins: ['pin 4', 'nowhere'] });
    const { methods } = await measured({ methods: parseMethods('random'), ks: [79] }, related);
    // The catalogue has 80 pins: any rank counts as the first hundred; a pin outside it is missed.
    expect(methods.random).toMatchObject({ 'hit_rate@79': 0.5, mrr: 0.5, 'coverage@79': 1 });
  });

  it.each(['cold', 'test-cold'] as const)('ranks the catalogue %s as a slow ranking of it does', async (name) => {
    const cold = holdOutEdges(whole, { edgeFraction: 0.2, minimumPins: 3, coldPinFraction: 0.2, seed: 4 });
    const warmGraph = withoutEdges(whole, cold);
    const found = heldOutPairs(whole, cold);
    const asked = boardTask(warmGraph, {
      from: Array.from(found.boards, (board) => whole.boards.id(board)).slice(0, 60),
      pins: Array.from(found.pins, (pin) => whole.pins.id(pin)).slice(0, 60),
    });
    const options = { methods: parseMethods('content'), ks: [3], threads: 0, catalogue: name };
    const report = await evaluate(warmGraph, asked, options);
    const without = pinsWithoutBoards(warmGraph.topology.pins);
    const sought = new Set(found.pins.subarray(0, 60));
    const catalogue = name === 'cold' ? without : without.filter((pin) => sought.has(pin));
    expect(without.some((pin) => !sought.has(pin))).toBe(true);
    const source = openSource(await fitSource(warmGraph, 'content'), { topology: warmGraph.topology });
    const recalls = asked.cases.flatMap(({ query, relevant }) => {
      const wanted = [...relevant].filter((pin) => catalogue.includes(pin));
      if (wanted.length === 0) return [];
      const scores = source.score(evenQuery(query), catalogue);
      const places = query.length === 0 ? [] : [...catalogue.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
      const top = (query.length === 0 ? [...catalogue] : places.map((place) => catalogue[place])).slice(0, 3);
      return [top.filter((pin) => wanted.includes(pin)).length / wanted.length];
    });
    expect(report.split.cases).toBe(recalls.length);
    expect(report.split.warm_test_pins_left_out).toBeGreaterThan(0);
    expect(report.methods.content['recall@3']).toBeCloseTo(
      recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
      9,
    );
    expect(report.methods.content).not.toHaveProperty('log_popularity@3');
    expect(report.methods.content['coverage@3']).toBeGreaterThan(0.5);
    const { skipped } = await evaluate(warmGraph, asked, {
      ...options,
      methods: parseMethods('content,rp3beta,pixie'),
    });
    const reason = 'has no opinion of pins without boards';
    expect(skipped).toEqual({ rp3beta: reason, pixie: reason });
    const threaded = await evaluate(warmGraph, asked, { ...options, threads: 2 });
    expect(threaded.methods).toEqual(report.methods);
    const warmOnly = boardTask(whole, strange(whole));
    await expect(evaluate(whole, warmOnly, options)).rejects.toThrow(/no cold pins/);
  });

  it('refuses a test of which no list can show anything, and names its file', async () => {
    const refused = async (of: Task, message: string, options: Parameters<typeof evaluate>[2] = {}) =>
      expect(measured(options, { ...of, file: 'test.csv' })).rejects.toMatchObject({
        message: expect.stringContaining(message),
        subject: expect.objectContaining({ file: 'test.csv' }),
      });
    await refused(
      boardTask(graph, { from: [], pins: [] }),
      'test.csv has nothing to judge. Give it rows with a board_id',
    );
    await refused(
      relatedTask(graph, drawPairs({ from: ['x', 'y'], pins: ['pin 1', 'pin 2'] })),
      'has nothing to judge. Give it rows with a query_pin_id and a pin_id, or a board_id and a pin_id, two or more of one',
    );
    const unknown = { from: ['x', 'y'], pins: ['nope', 'nope too'] };
    await refused(boardTask(graph, unknown), 'test.csv asks for 2 pins, of which no list can show one');
    const itself = relatedTask(graph, { from: ['pin 1', 'pin 2'], pins: ['pin 1', 'nope'] });
    await refused(itself, '1 are not in the graph, and of the others every asker has them already');
    const owned = memoryGraph({
      pins: ['p'],
      boards: ['b'],
      edges: { boards: Uint32Array.of(0), pins: Uint32Array.of(0) },
      boardAttributes: { owner: ['ann'] },
    });
    await refused(
      userTask(owned, { from: ['ann'], pins: ['p'] }),
      'asks for 1 pins, of which no list can show one: 0 are not in the graph, and of the others every asker has them',
    );
    const strangers = boardTask(graph, { from: ['x', 'y'], pins: ['pin 1', 'pin 2'] });
    await refused(strangers, 'asks for 2 boards of which the graph knows no pin');
  });

  it.each(['cold', 'test-cold'] as const)(
    'refuses the catalogue %s for a test of warm pins alone',
    async (catalogue) => {
      const cold = withoutEdges(whole, holdOutEdges(whole, { coldPinFraction: 0.2, seed: 4 }));
      const asked = { ...boardTask(cold, strange(cold)), file: 'test.csv' };
      await expect(evaluate(cold, asked, { catalogue, threads: 0 })).rejects.toThrow(
        /test\.csv asks for none of the graph's \d+ cold pins.*leave out --catalogue/,
      );
    },
  );

  it('refuses methods of which none can run, with the reason of each', async () => {
    await expect(measured({ methods: parseMethods('pinsage,recommender') })).rejects.toThrow(
      'None of the methods can run: pinsage (needs a model (--model)), recommender (needs a model (--model)).',
    );
  });

  it('refuses unknown methods and cut-offs', async () => {
    expect(() => parseMethods('rp3beta,magic')).toThrow('"magic"');
    await expect(measured({ ks: [0] })).rejects.toThrow('whole numbers');
  });
});

describe('the printed table', () => {
  it('marks the best figure of each column and those not surely worse, and shows exposure apart', () => {
    const table = reportTable({
      task: 'board',
      split: { cases: 1_234 },
      methods: {
        one: { 'recall@20': 0.1, mrr: 0.5, 'coverage@20': 0.75 },
        two: { 'recall@20': 0.2, mrr: 0.25, 'coverage@20': 0.5 },
      },
      intervals: {},
      comparisons: [
        { measure: 'recall@20', best: 'two', other: 'one', difference: 0.1, interval: [0.05, 0.15], p: 0.01 },
        { measure: 'mrr', best: 'one', other: 'two', difference: 0.25, interval: [-0.1, 0.6], p: 0.2 },
      ],
      skipped: { ease: 'not part of this release' },
      settings: { one: { alpha: 0.4, beta: 0.2 } },
      slices: [],
      asked: { graph_id: 'g', model_id: null, seed: 1, ks: [20], catalogue: 'all' },
      seconds: { one: 1, two: 2.25 },
    });
    expect(table).toContain('cases 1,234');
    expect(table).toContain('settings of one: alpha 0.4, beta 0.2');
    expect(table).toMatch(/one\s+0\.1000\s+0\.5000\*/);
    expect(table).toMatch(/one\s+0\.1000 /);
    expect(table).toMatch(/two\s+0\.2000\*\s+0\.2500~/);
    expect(table).toMatch(/coverage@20\none\s+0\.7500\ntwo\s+0\.5000\n/);
    expect(table).toContain('skipped ease: not part of this release');
  });

  it('says before and beside the figures where weights may have been trained on the edges of the test', async () => {
    const table = { dimension: 2, vectors: new Float32Array(2 * graph.pins.size).fill(1) };
    const askedOf = async (model: Partial<EvaluatedModel>, method: 'pinsage' | 'popularity' = 'pinsage') => {
      const notes: string[] = [];
      const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
      const options = { methods: [method], ks: [5], threads: 0, progress };
      const report = await evaluate(graph, task, { ...options, model: { table, ...model } });
      return { asked: report.asked, notes, text: reportTable(report) };
    };
    const same = await askedOf({ trainedGraphId: graph.id });
    expect(same.notes).toEqual([]);
    expect(same.text).not.toContain('weights');
    // No weights have a say in popularity.
    expect((await askedOf({ trainedGraphId: 'whole' }, 'popularity')).notes).toEqual([]);
    const other = await askedOf({ trainedGraphId: 'whole' });
    expect(other.asked).toMatchObject({ graph_id: graph.id, trained_graph_id: 'whole' });
    const warm = await askedOf({ trainedGraphId: graph.id, warmStart: 'older' });
    expect(warm.asked).toMatchObject({ trained_graph_id: graph.id, warm_start: 'older' });
    for (const [{ notes, text }, said] of [
      [other, 'were trained on graph whole, which may hold'],
      [warm, 'began as those of older, which may have been trained on'],
    ] as const) {
      expect(notes).toEqual([expect.stringContaining(said)]);
      expect(text).toContain(said);
    }
  });
});
