import { api } from '../api.js';
import { boardList } from '../board-list.js';
import { element } from '../dom.js';
import { heading, headingSkeleton } from '../heading.js';
import { counted } from '../numbers.js';
import { recommendationList } from '../recommendation-list.js';
import type { View } from './view.js';

export const userView: View<[id: string]> = async ({ main, signal, arrived }, id) => {
  const top = headingSkeleton();
  main.replaceChildren(top);
  const user = await api.user(id, signal);
  top.replaceWith(heading({ kind: 'user', id, name: id, facts: [counted(user.board_count, 'board')] }));
  const feed = recommendationList({
    title: 'Homefeed',
    about: `in the homefeed of ${id}`,
    load: (page, abort) => api.homefeed(id, page, abort),
    signal,
  });
  const aside = element('aside', { className: 'aside', attributes: { 'aria-label': 'Boards' } });
  if (user.boards.length > 0)
    aside.append(element('section', { className: 'section' }, element('h2', {}, 'Boards'), boardList(user.boards)));
  main.append(user.boards.length > 0 ? element('div', { className: 'split' }, feed, aside) : feed);
  arrived(id);
};
