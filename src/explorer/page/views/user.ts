import { api } from '../api.js';
import { boardList } from '../board-list.js';
import { element } from '../dom.js';
import { heading } from '../heading.js';
import { counted } from '../numbers.js';
import { recommendationList } from '../recommendation-list.js';
import type { View } from './view.js';

const boardsShown = 20;

export const userView: View<[id: string]> = async ({ main, signal, arrived }, id) => {
  const user = await api.user(id, signal);
  const feed = recommendationList({
    title: 'Homefeed',
    about: `in the homefeed of ${id}`,
    expectNote: user.board_count === 0,
    load: (page, abort) => api.homefeed(id, page, abort),
    signal,
  });
  const boards = boardList(user.boards.slice(0, boardsShown));
  const aside = element(
    'aside',
    { className: 'aside', attributes: { 'aria-label': 'Boards' } },
    element('section', { className: 'section' }, element('h2', {}, 'Boards'), boards),
  );
  main.replaceChildren(
    heading({ kind: 'user', id, name: id, facts: [counted(user.board_count, 'board')] }),
    user.boards.length > 0 ? element('div', { className: 'split' }, feed, aside) : feed,
  );
  arrived(id);
};
