import { api } from '../api.js';
import { boardList } from '../board-list.js';
import { combobox } from '../combobox.js';
import { element } from '../dom.js';
import { tile } from '../monogram.js';
import { counted, grouped } from '../numbers.js';
import { pinLinks } from '../pin-links.js';
import { addressOf } from '../routes.js';
import type { View } from './view.js';

export const home: View = async ({ main, signal, arrived }) => {
  const counts = element('p', { className: 'hero-counts' }, '\u00a0');
  const starts = element('div', { className: 'starts' });
  main.replaceChildren(
    element(
      'div',
      { className: 'hero' },
      element('h1', { tabIndex: -1 }, 'Find what belongs together.'),
      element(
        'p',
        { className: 'hero-lead' },
        'People put things on boards. Boardwalk walks between them, and tells you what to look at next and why.',
      ),
      combobox('Type to find a pin'),
      counts,
    ),
    starts,
  );
  arrived('');
  const about = await api.about(signal);
  counts.textContent = [
    counted(about.counts.pins, 'pin'),
    counted(about.counts.boards, 'board'),
    counted(about.counts.edges, 'save'),
  ].join('  ·  ');
  const { pins, boards, users } = about.examples;
  const people = element(
    'ul',
    { className: 'rows' },
    ...users.map(({ user_id, boards: owned }) =>
      element(
        'li',
        {},
        element(
          'a',
          { className: 'row', href: addressOf({ name: 'user', id: user_id }) },
          tile(user_id, user_id, null, 'user'),
          element('span', { className: 'row-name' }, user_id),
          element('span', { className: 'row-count' }, `${grouped(owned)} ${owned === 1 ? 'board' : 'boards'}`),
        ),
      ),
    ),
  );
  starts.append(element('section', { className: 'section' }, element('h2', {}, 'Saved by many'), pinLinks(pins)));
  const columns = element('div', { className: 'columns' });
  columns.append(
    element('section', { className: 'section' }, element('h2', {}, 'Boards to browse'), boardList(boards)),
  );
  if (users.length > 0)
    columns.append(element('section', { className: 'section' }, element('h2', {}, 'Users'), people));
  starts.append(columns);
};
