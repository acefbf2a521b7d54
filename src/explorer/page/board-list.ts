import type { BoardSummary } from './api-types.js';
import { element } from './dom.js';
import { tile } from './monogram.js';
import { counted } from './numbers.js';
import { addressOf } from './routes.js';

/** Boards as compact rows. */
export function boardList(boards: readonly BoardSummary[]): HTMLElement {
  return element(
    'ul',
    { className: 'rows' },
    ...boards.map((board) => {
      const name = board.title ?? board.board_id;
      return element(
        'li',
        {},
        element(
          'a',
          { className: 'row', href: addressOf({ name: 'board', id: board.board_id }) },
          tile(board.board_id, name, null, 'board'),
          element('span', { className: 'row-name' }, name),
          element('span', { className: 'row-count' }, counted(board.pins, 'pin')),
        ),
      );
    }),
  );
}
