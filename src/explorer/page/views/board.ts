import { api } from '../api.js';
import { element } from '../dom.js';
import { heading, outLink } from '../heading.js';
import { counted } from '../numbers.js';
import { pinLinks } from '../pin-links.js';
import { recommendationList } from '../recommendation-list.js';
import { addressOf } from '../routes.js';
import type { View } from './view.js';

export const boardView: View<[id: string]> = async ({ main, signal, arrived }, id) => {
  const board = await api.board(id, signal);
  const name = board.title ?? board.board_id;
  const owner = board.owner
    ? element('a', { href: addressOf({ name: 'user', id: board.owner }) }, `by ${board.owner}`)
    : null;
  const held = element(
    'section',
    { className: 'section held' },
    element('h2', {}, 'On this board'),
    pinLinks(board.pins),
  );
  if (board.pin_count > board.pins.length)
    held.append(element('p', { className: 'note' }, `The ${board.pins.length} most saved of ${board.pin_count}.`));
  const ideas = recommendationList({
    title: 'More ideas',
    about: `that would suit ${name}`,
    load: (page, abort) => api.more(id, page, abort),
    signal,
  });
  main.replaceChildren(
    heading({
      kind: 'board',
      id,
      name,
      image: board.image,
      text: board.text === name ? null : board.text,
      facts: [counted(board.pin_count, 'pin'), owner, board.created_at?.slice(0, 10) ?? null, outLink(board.url)],
    }),
    held,
    ideas,
  );
  arrived(name);
};
