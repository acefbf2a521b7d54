import { BoardwalkError, type ErrorSubject } from '../errors.js';
import { isFindable } from './cases.js';
import type { Task } from './tasks.js';

/** What a test of each task has a row for, in the words of the file. */
const rows: Readonly<Record<Task['name'], string>> = {
  board: 'a board_id and a pin_id',
  user: 'a user_id and a pin_id',
  related:
    'a query_pin_id and a pin_id, or a board_id and a pin_id, two or more of one board to draw pairs from: ' +
    '`boardwalk split` with a greater --share hides more pins of each board',
};

const askers: Readonly<Record<Task['name'], string>> = { board: 'boards', user: 'people', related: 'pins' };
const askerColumns: Readonly<Record<Task['name'], string>> = {
  board: 'board_id',
  user: 'user_id',
  related: 'query_pin_id',
};

/** How messages name a test. */
export function testOf({ file }: Task): { name: string; subject: ErrorSubject } {
  return { name: file ?? 'The test', subject: { file } };
}

/**
 * Refuses a test that every method would fail alike: a table of zeros says nothing of the methods.
 * @throws BoardwalkError `bad_file` where there is no case, none with a known pin, or no test pin that a list can show
 */
export function assertFindable(task: Task): void {
  const { name, subject } = testOf(task);
  // Of people who have all that is asked for, no case is left.
  const saved = task.split.test_pins_already_saved ?? 0;
  if (task.cases.length === 0 && saved === 0)
    throw new BoardwalkError(
      'bad_file',
      `${name} has nothing to judge. Give it rows with ${rows[task.name]}.`,
      subject,
    );
  if (task.cases.some(isFindable)) return refuseStrangers(task);
  const pins = task.cases.reduce((sum, { relevantCount }) => sum + relevantCount, saved);
  const known = task.cases.reduce((sum, { relevant }) => sum + relevant.length, saved);
  const why =
    known === 0
      ? 'the graph has none of them'
      : `${pins - known} are not in the graph, and of the others every asker has them already`;
  throw new BoardwalkError(
    'bad_file',
    `${name} asks for ${pins} pins, of which no list can show one: ${why}. Name the graph that the test was split from, ` +
      'or give the test the ids of this one.',
    { ...subject, field: 'pin_id' },
  );
}

/** A test of none but askers without a known pin: each method would answer by what is popular, or not at all. */
function refuseStrangers(task: Task): void {
  const { name, subject } = testOf(task);
  if (task.cases.some(({ query }) => query.length > 0)) return;
  throw new BoardwalkError(
    'bad_file',
    `${name} asks for ${task.cases.length} ${askers[task.name]} of which the graph knows no pin: every method would answer alike. ` +
      'Name the graph that the test was split from, or give the test the ids of this one.',
    { ...subject, field: askerColumns[task.name] },
  );
}
