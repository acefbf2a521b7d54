import { BoardwalkError } from '../errors.js';
import { degree, type Graph, pinsWithoutBoards } from '../graph/graph.js';
import { assertFindable, testOf } from './assert-findable.js';
import { isFindable } from './cases.js';
import type { Task } from './tasks.js';

/**
 * What is ranked: every pin, those alone that are on no board of the graph, or of these the ones that the test asks for,
 * the catalogue of papers on cold items.
 */
export const catalogueNames = ['all', 'cold', 'test-cold'] as const;

export type CatalogueName = (typeof catalogueNames)[number];

/** Each in words. */
export const catalogueTexts: Readonly<Record<CatalogueName, string>> = {
  all: 'the whole catalogue',
  cold: 'cold pins alone, which are on no board of the graph',
  'test-cold': 'the cold pins of the test alone, which are on no board of the graph',
};

/** The pins that lists may show, ascending; undefined for all. */
function cataloguePins(graph: Graph, name: CatalogueName, task: Task): Uint32Array | undefined {
  if (name === 'all') return undefined;
  const cold = pinsWithoutBoards(graph.topology.pins);
  if (cold.length === 0)
    throw new BoardwalkError(
      'bad_option',
      'Every pin of the graph is on a board, so there are no cold pins to rank. Make some with `boardwalk split --by cold`, ' +
        'or leave out --catalogue.',
      { field: 'catalogue' },
    );
  if (name === 'cold') return cold;
  const sought = new Set(task.cases.flatMap(({ relevant }) => Array.from(relevant)));
  const asked = cold.filter((pin) => sought.has(pin));
  if (asked.length === 0) throw noColdPinSought(task, cold.length);
  return asked;
}

function noColdPinSought(task: Task, cold: number): BoardwalkError {
  const { name, subject } = testOf(task);
  return new BoardwalkError(
    'bad_option',
    `${name} asks for none of the graph's ${cold} cold pins, only for pins on its boards or outside it. ` +
      'Make a test of cold pins with `boardwalk split --by cold`, or leave out --catalogue.',
    { ...subject, field: 'catalogue' },
  );
}

/**
 * What is judged: the pins that lists may show, ascending, undefined for all, and the task asked of them.
 * @throws BoardwalkError `bad_file` where the test has nothing that a list can show, `bad_option` where the catalogue
 * leaves nothing of it
 */
export function taskOver(
  graph: Graph,
  name: CatalogueName,
  task: Task,
): { readonly catalogue: Uint32Array | undefined; readonly asked: Task } {
  assertFindable(task);
  const catalogue = cataloguePins(graph, name, task);
  if (!catalogue) return { catalogue, asked: task };
  const asked = coldTask(graph, task);
  if (!asked.cases.some(isFindable)) throw noColdPinSought(task, catalogue.length);
  return { catalogue, asked };
}

/** The task asked of cold pins alone: warm test pins, which no list may show, are no longer sought. */
function coldTask(graph: Graph, task: Task): Task {
  let warm = 0;
  const cases = task.cases.flatMap((one) => {
    const relevant = one.relevant.filter((pin) => degree(graph.topology.pins, pin) === 0);
    const left = one.relevant.length - relevant.length;
    warm += left;
    return one.relevantCount > left ? [{ ...one, relevant, relevantCount: one.relevantCount - left }] : [];
  });
  return { ...task, cases, split: { ...task.split, warm_test_pins_left_out: warm } };
}
