import { describe, expect, it } from 'vitest';
import { ExactIndex } from '../src/ann/exact.js';
import { blendDefaults } from '../src/blending/blend.js';
import { boardsByOwner, interestsOf } from '../src/blending/interests.js';
import type { CandidateSource, SourceName } from '../src/candidates/candidate-source.js';
import { evenQuery } from '../src/candidates/candidate-source.js';
import { fitSource, openSource } from '../src/candidates/fitted-source.js';
import { Vocabulary } from '../src/data/vocabulary.js';
import { evaluate } from '../src/evaluation/evaluate.js';
import { boardTask, relatedTask } from '../src/evaluation/tasks.js';
import { degree, type Graph, neighboursOf } from '../src/graph/graph.js';
import { type GraphNow, graphNow } from '../src/graph/graph-view.js';
import { type GraphParts, memoryGraph } from '../src/graph/memory-graph.js';
import { random } from '../src/random.js';
import { FeatureExtractor } from '../src/ranking/features.js';
import type { PinnabilityModel } from '../src/ranking/pinnability.js';
import { Recommender } from '../src/recommender.js';

/** Two themes of 30 pins; 40 boards with pins of one theme each; one pin without boards. */
function themedGraph(extra: Partial<GraphParts> = {}) {
  const stream = random(4);
  const pins = [...Array.from({ length: 60 }, (_, i) => `${i < 30 ? 'tea' : 'bike'} ${i}`), 'tea lonely'];
  const boards = Array.from({ length: 40 }, (_, i) => `board ${i}`);
  const edges = new Map<string, [number, number]>();
  for (let board = 0; board < 40; board++)
    for (let k = 0; k < 8; k++) {
      const pin = (board % 2) * 30 + Math.floor(30 * stream.float() ** 2);
      edges.set(`${board} ${pin}`, [board, pin]);
    }
  const listed = [...edges.values()];
  return memoryGraph({
    pins,
    boards,
    edges: {
      boards: Uint32Array.from(listed, ([board]) => board),
      pins: Uint32Array.from(listed, ([, pin]) => pin),
    },
    pinAttributes: {
      title: pins.map((id) => id.toUpperCase()),
      owner: pins.map((_, i) => (i % 3 === 0 ? 'x' : `o${i}`)),
    },
    boardAttributes: { title: boards.map((id) => `the ${id}`), owner: boards.map((_, i) => `user ${i % 10}`) },
    ...extra,
  });
}

/** The graph as it is once some pins are gone. */
function without(graph: Graph, gone: ReadonlySet<string>): GraphNow {
  return { ...graphNow(graph), pins: new Vocabulary(graph.pins.ids().map((id) => (gone.has(id) ? '' : id))) };
}

async function recommenderOver(
  graph = themedGraph(),
  now?: GraphNow,
  candidatesPerSource = 50,
  weights: Readonly<Record<string, number>> = { 'rp3beta.share': 3, 'pair.similarity_mean': 1 },
  sourceNames: readonly SourceName[] = ['rp3beta', 'gfcf', 'pinsage', 'pixie', 'popularity'],
): Promise<Recommender> {
  const vectors = new Float32Array(graph.pins.size * 2);
  for (let pin = 0; pin < graph.pins.size; pin++) vectors[2 * pin + (pin < 30 || pin === 60 ? 0 : 1)] = 1;
  const table = {
    modelId: 'm',
    graphId: graph.id,
    dimension: 2,
    metric: 'cosine' as const,
    pinIds: graph.pins.ids(),
    vectors,
  };
  const context = { topology: graph.topology, table, index: new ExactIndex(table) };
  const fitted = await Promise.all(
    sourceNames.map((name) => fitSource(graph, name, name === 'gfcf' ? { factors: 8, oversampling: 4 } : {})),
  );
  const sources: CandidateSource[] = fitted.map((source) => openSource(source, context));
  const { names } = new FeatureExtractor(
    graph,
    table,
    sources.map(({ name }) => name),
  );
  const ranker: PinnabilityModel = {
    features: names,
    means: names.map(() => 0),
    deviations: names.map(() => 1),
    weights: names.map((name) => weights[name] ?? 0),
    intercept: -3,
  };
  return new Recommender({
    modelId: 'm',
    graph,
    table,
    sources,
    ranker,
    blend: blendDefaults,
    candidatesPerSource,
    ...(now && { now }),
  });
}

const recommender = await recommenderOver();

describe('the recommender', () => {
  it('never recommends what has been removed since its graph was built', async () => {
    const request = { pins: ['tea 1'], limit: 60 };
    const all = (await recommenderOver()).recommend(request).results.map(({ pin_id }) => pin_id);
    const gone = new Set(all.slice(0, 3));
    const graph = themedGraph();
    const left = (await recommenderOver(graph, without(graph, gone))).recommend(request);
    expect(left.results.map(({ pin_id }) => pin_id).sort()).toEqual(all.slice(3).sort());
  });

  it('reads requests and tells answers by what its graph is by now', async () => {
    const graph = themedGraph();
    const [board, pin] = [graph.boards.indexOf('board 0'), graph.pins.indexOf('tea 1')];
    const isOff = (b: number, p: number): boolean => b === board || (b === 2 && p === pin);
    const now: GraphNow = {
      ...graphNow(graph),
      neighbours: (side, index) =>
        graphNow(graph)
          .neighbours(side, index)
          .filter((other) => !(side === 'pins' ? isOff(other, index) : isOff(index, other))),
      pinAttributes: { names: ['title', 'url'], get: (name, index) => `new ${name} ${index}` },
      boardAttributes: { names: ['title'], get: () => null },
    };
    const changed = await recommenderOver(graph, now);
    const { results } = changed.recommend({ pins: ['tea 1'], limit: 30 });
    expect(results.length).toBeGreaterThan(0);
    for (const { pin_id, title, url, reasons } of results) {
      const index = graph.pins.indexOf(pin_id);
      expect([title, url]).toEqual([`new title ${index}`, `new url ${index}`]);
      for (const { board_id, text } of reasons) {
        if (board_id === undefined) expect(text).toBe(`like new title ${pin}`);
        else expect(text).toBe(`also on ${board_id}`);
        expect(['board 0', 'board 2']).not.toContain(board_id);
      }
    }
    const emptied = changed.recommend({ boards: ['board 0'], limit: 60 });
    const saved = new Set([...neighboursOf(graph.topology.boards, board)].map((held) => graph.pins.id(held)));
    expect(emptied.fallback).toBe('popular_pins');
    expect(emptied.results.some(({ pin_id }) => saved.has(pin_id))).toBe(true);
    expect(changed.recommend({ user: 'user 0', limit: 3 }).fallback).toBe('popular_pins');
  });

  const { graph } = recommender;

  it('recommends pins of the same theme', () => {
    const { results, fallback, model_id } = recommender.recommend({ pins: ['tea 0'], limit: 10 });
    expect(results).toHaveLength(10);
    expect(results.every(({ pin_id }) => pin_id.startsWith('tea'))).toBe(true);
    expect([fallback, model_id]).toEqual([null, 'm']);
  });

  it('never returns the pins of the query, nor excluded ones', () => {
    const all = recommender.recommend({ pins: ['tea 0', 'bike 31'], exclude: ['tea 1'], limit: 100 });
    const ids = all.results.map(({ pin_id }) => pin_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => ['tea 0', 'bike 31', 'tea 1'].includes(id))).toEqual([]);
  });

  it('goes on to the end of the catalogue where what was shown is excluded', async () => {
    const narrow = await recommenderOver(graph, undefined, 5);
    for (const who of [{ pins: ['tea 0'] }, { user: 'user 3' }, { user: 'stranger' }]) {
      const shown: string[] = [];
      const page = (): string[] =>
        narrow.recommend({ ...who, exclude: shown, limit: 4 }).results.map(({ pin_id }) => pin_id);
      for (let next = page(); next.length > 0; next = page()) shown.push(...next);
      expect(new Set(shown).size).toBe(shown.length);
      const { known } = interestsOf(graphNow(graph), { ...who, limit: 4 }, boardsByOwner(graph));
      const isSaved = (_: string, pin: number): boolean => degree(graph.topology.pins, pin) > 0 && !known.has(pin);
      expect(shown).toEqual(expect.arrayContaining(graph.pins.ids().filter(isSaved)));
    }
  });

  it('gives probabilities and names the sources, the best of each first', () => {
    const { results } = recommender.recommend({ boards: ['board 0'], limit: 5 });
    for (const { score, sources } of results) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThan(1);
      expect(sources.length).toBeGreaterThan(0);
    }
    expect(results[0].sources.map(({ source }) => source)).toContain('rp3beta');
  });

  it('explains by boards that really hold the pin and one of the query', () => {
    const { results } = recommender.recommend({ pins: ['tea 0', 'tea 1'], limit: 20 });
    const holds = (board: string, pin: string): boolean => {
      const { offsets, neighbours } = graph.topology.boards;
      const row = graph.boards.indexOf(board);
      return neighbours.subarray(offsets[row], offsets[row + 1]).includes(graph.pins.indexOf(pin));
    };
    let explained = 0;
    for (const { pin_id, reasons } of results)
      for (const { board_id, text } of reasons) {
        if (board_id === undefined) continue;
        explained++;
        expect(text).toBe(`also on the ${board_id}`);
        expect(holds(board_id, pin_id)).toBe(true);
        expect(holds(board_id, 'tea 0') || holds(board_id, 'tea 1')).toBe(true);
      }
    expect(explained).toBeGreaterThan(10);
  });

  it('does not explain by boards that the request excludes', () => {
    const request = { pins: ['tea 0', 'tea 1'], limit: 20 };
    const cited = (exclude_boards: string[]): string[] =>
      recommender
        .recommend({ ...request, exclude_boards })
        .results.flatMap(({ reasons }) => reasons.flatMap(({ board_id }) => board_id ?? []));
    const [board] = cited([]);
    expect(cited([board])).not.toContain(board);
    expect(cited([board]).length).toBeGreaterThan(0);
    expect(cited(graph.boards.ids().slice())).toEqual([]);
  });

  it('answers for a pin without boards by its likeness', () => {
    const { results } = recommender.recommend({ pins: ['tea lonely'], limit: 5 });
    expect(results.every(({ pin_id }) => pin_id.startsWith('tea'))).toBe(true);
    expect(results[0].reasons).toEqual([{ pin_id: 'tea lonely', text: 'like TEA LONELY' }]);
  });

  it('returns the beginning of a longer answer when asked for less', () => {
    const ids = (limit: number): string[] =>
      recommender.recommend({ boards: ['board 3'], limit }).results.map(({ pin_id }) => pin_id);
    expect(ids(7)).toEqual(ids(40).slice(0, 7));
  });

  it('serves every theme of a person and leaves out what they have', async () => {
    const mixed = await recommenderOver(themedGraph({ boardAttributes: { owner: Array(40).fill('ann') } }));
    const { results } = mixed.recommend({ user: 'ann', limit: 61 });
    for (const { pin_id } of results)
      expect(degree(mixed.graph.topology.pins, mixed.graph.pins.indexOf(pin_id))).toBe(0);
  });

  it('shows popular pins to a stranger and says so', () => {
    const { results, fallback } = recommender.recommend({ user: 'stranger', limit: 3 });
    expect(fallback).toBe('popular_pins');
    expect(results).toHaveLength(3);
    expect(results[0].sources.map(({ source }) => source)).toContain('popularity');
  });

  it("orders a stranger's pins by their boards, whatever the ranker and its sources, and scores them by their share", async () => {
    const boardsOf = (id: string): number => degree(graph.topology.pins, graph.pins.indexOf(id));
    const ranker = { 'pin.log_degree': -3 };
    for (const names of [['rp3beta'], ['rp3beta', 'popularity']] as const) {
      const shy = await recommenderOver(graph, without(graph, new Set(['tea 1'])), 50, ranker, names);
      const request = { user: 'stranger', exclude: ['tea 0'], filters: { owner: ['x', 'o1', 'o31', 'o2'] }, limit: 60 };
      const { results } = shy.recommend(request);
      const shown = results.map(({ pin_id }) => pin_id);
      const allowed = graph.pins.ids().filter((_, pin) => pin > 1 && (pin % 3 === 0 || [2, 31].includes(pin)));
      expect(shown.toSorted()).toEqual(allowed.filter((id) => boardsOf(id) > 0).toSorted());
      for (const { pin_id, score, sources, reasons } of results) {
        expect(score).toBeCloseTo(boardsOf(pin_id) / graph.boards.size);
        expect(sources).toMatchObject([{ source: 'popularity', score: boardsOf(pin_id) }]);
        expect(reasons).toEqual([{ text: expect.stringMatching(`^saved on ${boardsOf(pin_id)} boards?$`) }]);
      }
      const ofOwner = shy.recommend({ ...request, filters: { owner: ['x'] } }).results;
      const degrees = ofOwner.map(({ pin_id }) => boardsOf(pin_id));
      expect(degrees).toEqual(degrees.toSorted((a, b) => b - a));
    }
  });

  it('filters by attributes', () => {
    const { results } = recommender.recommend({ pins: ['bike 30'], filters: { owner: ['x'] }, limit: 30 });
    expect(results.length).toBeGreaterThan(0);
    for (const { pin_id } of results) expect(graph.pins.indexOf(pin_id) % 3).toBe(0);
  });

  it('ranks a query for evaluation in descending probability, without the query', () => {
    const { pins, scores } = recommender.rankForQuery(evenQuery(Uint32Array.of(0, 1)), 20);
    expect(pins).toHaveLength(20);
    expect([...pins].filter((pin) => pin < 2)).toEqual([]);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
  });

  it('ranks the candidates of a served request, however many pins are asked for', async () => {
    const narrow = await recommenderOver(graph, undefined, 5);
    const query = evenQuery(Uint32Array.of(0));
    const deep = narrow.rankForQuery(query, 60);
    expect(deep.pins.length).toBeLessThan(30);
    expect(deep.pins.subarray(0, 8)).toEqual(narrow.rankForQuery(query, 8).pins);
    const served = narrow.recommend({ pins: [graph.pins.id(0)], limit: 60 }).results.map(({ pin_id }) => pin_id);
    expect(served.sort()).toEqual(Array.from(deep.pins, (pin) => graph.pins.id(pin)).sort());
  });

  it('goes on below the served candidates where a longer list is asked for', async () => {
    const narrow = await recommenderOver(graph, undefined, 5);
    const query = evenQuery(Uint32Array.of(0));
    const served = narrow.rankForQuery(query, 40);
    const { pins, scores } = narrow.listForQuery(query, 40);
    expect(pins).toHaveLength(40);
    expect(new Set(pins).size).toBe(40);
    expect(pins.subarray(0, served.pins.length)).toEqual(served.pins);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
    expect(narrow.listForQuery(query, 4)).toEqual(narrow.rankForQuery(query, 4));
  });

  it('has the same figure at a cut-off whatever the other cut-offs', async () => {
    // Rare pins first, which no source puts there: those of a deeper list would come before the others.
    const narrow = await recommenderOver(graph, undefined, 5, { 'pin.log_degree': -3 });
    const task = boardTask(graph, { from: ['board 0', 'new'], pins: ['tea 29', 'tea 3'] });
    const pairs = Array.from({ length: 12 }, (_, i) => [`tea ${i}`, `tea ${29 - i}`]);
    const related = relatedTask(graph, { from: pairs.map(([from]) => from), pins: pairs.map(([, pin]) => pin) });
    for (const asked of [task, related]) {
      const figures = async (ks: number[]) => {
        const model = { table: narrow.table, recommender: narrow };
        const { methods } = await evaluate(graph, asked, { methods: ['recommender'], ks, model, threads: 0 });
        return methods.recommender;
      };
      const { mrr: _, ...alone } = await figures([20]);
      expect(await figures([20, 50])).toMatchObject(alone);
    }
  });

  it('ranks some pins alone in the order that they have beside all others', () => {
    const query = evenQuery(Uint32Array.of(0, 1));
    const whole = recommender.rankForQuery(query, graph.pins.size);
    const among = Uint32Array.from({ length: 30 }, (_, i) => 2 * i);
    const isAmong = (_: number, place: number): boolean => among.includes(whole.pins[place]);
    const alone = recommender.rankAmong(query, among, 8);
    expect(alone.pins).toEqual(whole.pins.filter(isAmong).slice(0, 8));
    alone.scores.forEach((score, i) => expect(score).toBeCloseTo(whole.scores.filter(isAmong)[i], 6));
    expect(alone.pins).not.toContain(0);
  });

  it('gives a pin the same probability whatever else is refused, looked through or asked about', async () => {
    const weights = { 'rp3beta.log_share': 2, 'gfcf.share': 1, 'popularity.share': 1, 'query.log_candidates': 1 };
    const attributes = { title: graph.pins.ids(), language: graph.pins.ids().map(() => 'en') };
    const few = await recommenderOver(themedGraph({ pinAttributes: attributes }), undefined, 6, weights);
    const request = { boards: ['board 0'], limit: 60 };
    const scoresFor = (more: object): Map<string, number> =>
      new Map(few.recommend({ ...request, ...more }).results.map(({ pin_id, score }) => [pin_id, score]));
    const usual = scoresFor({});
    const best = [...usual.keys()].slice(0, 4);
    const expectAlike = (others: Map<string, number>, ids: readonly string[]): void => {
      for (const id of ids) expect(others.get(id), id).toBeCloseTo(usual.get(id) as number, 9);
    };
    expectAlike(scoresFor({ exclude: best }), [...usual.keys()].slice(4));
    const filtered = scoresFor({ filters: { language: ['en'] } });
    expect(filtered.size).toBeGreaterThan(usual.size);
    expectAlike(filtered, [...usual.keys()]);

    const query = evenQuery(neighboursOf(graph.topology.boards, 0));
    const whole = few.rankForQuery(query, 60);
    const alone = few.rankAmong(query, Uint32Array.from(graph.pins.ids().keys()), 60);
    const scores = new Map([...alone.pins].map((pin, i) => [pin, alone.scores[i]]));
    whole.pins.forEach((pin, i) => expect(scores.get(pin)).toBeCloseTo(whole.scores[i], 6));
  });

  it('gives the same ranking whether queries were prepared together or not', () => {
    const queries = [0, 5, 31].map((pin) => evenQuery(Uint32Array.of(pin)));
    const apart = queries.map((query) => [...recommender.rankForQuery(query, 10).pins]);
    const together = queries.map(({ pins }) => evenQuery(pins));
    recommender.prepare(together);
    expect(together.map((query) => [...recommender.rankForQuery(query, 10).pins])).toEqual(apart);
  });

  it('finds pins as one types, the exact id first', () => {
    expect(recommender.search('bike 3', 3)[0].pin_id).toMatch(/^bike 3/);
    expect(recommender.search('tea 12', 3)[0].pin_id).toBe('tea 12');
    expect(recommender.search('nothing like it', 3)).toEqual([]);
  });
});
