import { expect, it } from 'vitest';
import { evenQuery } from '../../src/candidates/candidate-source.js';
import { popularitySource } from '../../src/candidates/popularity.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';
import { collectExamples, type JudgedQuery } from '../../src/ranking/examples.js';
import { FeatureExtractor } from '../../src/ranking/features.js';

const pins = ['a', 'b', 'c', 'd', 'e', 'f'];
const graph = memoryGraph({
  pins,
  boards: ['one', 'other'],
  edges: { boards: Uint32Array.of(0, 0, 0, 1, 1, 1), pins: Uint32Array.of(0, 1, 2, 3, 4, 5) },
});
const sources = [popularitySource(graph.topology)];
const table = {
  modelId: '',
  graphId: graph.id,
  dimension: 1,
  metric: 'cosine',
  pinIds: pins,
  vectors: new Float32Array(pins.length).fill(1),
} as const;
const options = { candidatesPerSource: 10, negatives: 10, seed: 1 };

it('learns nothing from pins that were cut from a query', () => {
  const extractor = new FeatureExtractor(graph, table, ['popularity']);
  const labelsOf = (judged: JudgedQuery): number[] => [
    ...collectExamples([judged], sources, extractor, options).labels,
  ];
  const whole = { board: 0, query: evenQuery(Uint32Array.of(0, 1, 2)), saved: new Set([4]) };
  expect(labelsOf(whole)).toEqual([0, 1, 0]);
  const short = { ...whole, query: evenQuery(Uint32Array.of(0)) };
  expect(labelsOf(short)).toEqual([0, 0, 0, 1, 0]);
  expect(labelsOf({ ...short, cut: new Set([1, 2]) })).toEqual([0, 1, 0]);
});
