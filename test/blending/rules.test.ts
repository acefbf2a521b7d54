import { describe, expect, it } from 'vitest';
import { boardsByOwner, interestsOf } from '../../src/blending/interests.js';
import { refusal } from '../../src/blending/rules.js';
import { graphNow } from '../../src/graph/graph-view.js';
import { memoryGraph } from '../../src/graph/memory-graph.js';

const graph = memoryGraph({
  pins: ['a', 'b', 'c', 'd'],
  boards: ['one', 'two', 'empty'],
  edges: { boards: Uint32Array.of(0, 0, 1, 1), pins: Uint32Array.of(0, 1, 1, 2) },
  pinAttributes: { language: ['en', 'de', null, 'en'], domain: ['x', 'y', 'x', 'x'] },
  boardAttributes: { owner: ['ann', 'ann', 'bob'] },
});
const owners = boardsByOwner(graph);
const pinsOf = (request: Parameters<typeof interestsOf>[1]) =>
  interestsOf(graphNow(graph), request, owners).queries.map(({ pins }) => [...pins]);

describe('what a request asks for', () => {
  it('is one query for all pins and boards named', () => {
    expect(pinsOf({ pins: ['d'], boards: ['one'], limit: 5 })).toEqual([[0, 1, 3]]);
  });

  it('is one query for each board of a person', () => {
    expect(pinsOf({ user: 'ann', limit: 5 })).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('knows what the person has already', () => {
    const { known } = interestsOf(graphNow(graph), { pins: ['d'], user: 'ann', limit: 5 }, owners);
    expect([...known].sort()).toEqual([0, 1, 2, 3]);
  });

  it.each([{ user: 'nobody' }, { user: 'bob' }, { boards: ['empty'] }])('falls back to popular pins for %o', (who) => {
    const { fallback, queries } = interestsOf(graphNow(graph), { ...who, limit: 5 }, owners);
    expect(fallback).toBe('popular_pins');
    expect(queries).toHaveLength(1);
    expect(queries[0].pins).toHaveLength(0);
  });

  it.each([
    [{ pins: ['a', 'z'] }, 'unknown_pin', 'pins', 'z'],
    [{ boards: ['z'] }, 'unknown_board', 'boards', 'z'],
    [{}, 'bad_request', 'pins', 'pins'],
  ] as const)('refuses %o', (wrong, code, field, named) => {
    expect(() => interestsOf(graphNow(graph), { ...wrong, limit: 5 }, owners)).toThrow(
      expect.objectContaining({ code, subject: { field }, message: expect.stringContaining(named) }),
    );
  });
});

describe('rules', () => {
  const allowed = (request: object): string[] => {
    const refused = refusal(graph, { limit: 5, ...request });
    return [0, 1, 2, 3].filter((pin) => !refused(pin)).map((pin) => graph.pins.id(pin));
  };

  it('leave out excluded pins; unknown ids exclude nothing', () => {
    expect(allowed({ exclude: ['b', 'nothing'] })).toEqual(['a', 'c', 'd']);
  });

  it('keep the listed values of an attribute; a pin without it has none of them', () => {
    expect(allowed({ filters: { language: ['en', 'fr'] } })).toEqual(['a', 'd']);
  });

  it('ask for all attributes at once', () => {
    expect(allowed({ filters: { language: ['de', 'en'], domain: ['y'] } })).toEqual(['b']);
  });
});
