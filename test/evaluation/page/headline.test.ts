import { describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../../src/evaluation/evaluate.js';
import { headline } from '../../../src/evaluation/page/headline.js';

const base: EvaluationReport = {
  task: 'board',
  split: { cases: 100 },
  methods: { one: { 'recall@10': 0.4, 'recall@20': 0.1 }, two: { 'recall@10': 0.1, 'recall@20': 0.25 } },
  intervals: { two: { 'recall@20': [0.2, 0.3] } },
  comparisons: [
    { measure: 'recall@20', best: 'two', other: 'one', difference: 0.15, interval: [0.1, 0.2], p: 0.002 },
    { measure: 'recall@10', best: 'one', other: 'two', difference: 0.3, interval: [-0.1, 0.6], p: 0.4 },
  ],
  skipped: {},
  slices: [],
  asked: { graph_id: 'g', model_id: null, seed: 1, ks: [10, 20], catalogue: 'all' },
  seconds: {},
};
const plain = (report: EvaluationReport): string => headline(report).replaceAll('\u00a0', ' ');

describe('the headline', () => {
  it('names the best at 20 where that is a cut-off, by how much, and that it is sure', () => {
    expect(plain(base)).toBe(
      "two is best: its first 20 pins find 25.0% (95% interval 20.0% to 30.0%) of a board's hidden pins. " +
        'one comes next with 10.0%, 15.0 points less, and that difference is sure (p = .002).',
    );
  });

  it('says by the first cut-off that the lead is not sure', () => {
    expect(plain({ ...base, asked: { ...base.asked, ks: [10] } })).toBe(
      "one is ahead: its first 10 pins find 40.0% of a board's hidden pins. " +
        'two comes next with 10.0%, 30.0 points less; that difference is not sure (p = .400).',
    );
  });

  it('says so where cold pins alone were ranked', () => {
    expect(plain({ ...base, asked: { ...base.asked, catalogue: 'cold' } })).toMatch(
      /^Among cold pins alone, two is best:/,
    );
    expect(plain({ ...base, asked: { ...base.asked, catalogue: 'test-cold' } })).toMatch(
      /^Among the cold pins of the test alone, two is best:/,
    );
  });

  it('counts hits where pairs are asked for, and claims nothing of one method or of too few cases', () => {
    const related = {
      ...base,
      task: 'related',
      methods: { one: { 'hit_rate@20': 0.5 } },
      intervals: {},
      comparisons: [],
    };
    expect(plain(related)).toBe('one: its first 20 pins hold, for 50.0% of the pairs, the other pin.');
    expect(plain({ ...base, comparisons: [] })).toContain('nobody can say whether that is chance');
  });
});
