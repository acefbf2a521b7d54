import { BoardwalkError } from '../errors.js';
import { degree, type Graph, pinsWithoutBoards } from '../graph/graph.js';
import type { Task } from './tasks.js';

/** What is ranked: every pin, or those alone that are on no board of the graph. */
export const catalogueNames = ['all', 'cold'] as const;

export type CatalogueName = (typeof catalogueNames)[number];

/** The pins that lists may show, ascending; undefined for all. */
export function cataloguePins(graph: Graph, name: CatalogueName): Uint32Array | undefined {
  if (name === 'all') return undefined;
  const cold = pinsWithoutBoards(graph.topology.pins);
  if (cold.length === 0)
    throw new BoardwalkError(
      'bad_option',
      'Every pin of the graph is on a board, so there are no cold pins to rank. Make some with `boardwalk split --by cold`, ' +
        'or leave out --catalogue.',
      { field: 'catalogue' },
    );
  return cold;
}

/** The task asked of cold pins alone: warm test pins, which no list may show, are no longer sought. */
export function coldTask(graph: Graph, task: Task): Task {
  let warm = 0;
  const cases = task.cases.flatMap((one) => {
    const relevant = one.relevant.filter((pin) => degree(graph.topology.pins, pin) === 0);
    const left = one.relevant.length - relevant.length;
    warm += left;
    return one.relevantCount > left ? [{ ...one, relevant, relevantCount: one.relevantCount - left }] : [];
  });
  return { ...task, cases, split: { ...task.split, warm_test_pins_left_out: warm } };
}
