import { api } from '../api.js';
import { boardList } from '../board-list.js';
import { element } from '../dom.js';
import { heading, headingSkeleton, outLink } from '../heading.js';
import { failure } from '../messages.js';
import { drawNeighbourhood } from '../neighbourhood-drawing.js';
import { counted } from '../numbers.js';
import { recommendationList } from '../recommendation-list.js';
import { trail } from '../trail.js';
import type { View } from './view.js';

function legend(): HTMLElement {
  return element(
    'ul',
    { className: 'legend' },
    element('li', { className: 'legend-pin' }, 'related pin'),
    element('li', { className: 'legend-board' }, 'board that links them'),
  );
}

export const pinView: View<[id: string]> = async ({ main, signal, arrived }, id) => {
  const path = element('div', { className: 'trail-place' });
  const top = headingSkeleton();
  const frame = element('div', {
    className: 'drawing',
    attributes: { role: 'img', 'aria-label': `Drawing of the pins and boards around ${id}` },
  });
  const boards = element('div', { className: 'boards-place' });
  const related = recommendationList({
    title: 'Related pins',
    about: `related to ${id}`,
    load: (page, abort) => api.related(id, page, abort),
    signal,
  });
  const aside = element(
    'aside',
    { className: 'aside', attributes: { 'aria-label': 'Neighbourhood' } },
    element('section', { className: 'section' }, element('h2', {}, 'Neighbourhood'), frame, legend()),
    boards,
  );
  main.replaceChildren(path, top, element('div', { className: 'split' }, related, aside));

  const draw = async (): Promise<void> => {
    try {
      await drawNeighbourhood(frame, await api.neighbourhood(id, signal), signal);
    } catch (error) {
      if (!signal.aborted) frame.replaceChildren(failure(error, () => void draw()));
    }
  };
  const pin = await api.pin(id, signal);
  const name = pin.title ?? pin.pin_id;
  path.replaceChildren(trail(id, name));
  top.replaceWith(
    heading({
      kind: 'pin',
      id,
      name,
      image: pin.image,
      text: pin.text === name ? null : pin.text,
      facts: [
        `on ${counted(pin.board_count, 'board')}`,
        pin.title !== null && pin.title !== id ? id : null,
        pin.owner,
        pin.language,
        pin.created_at?.slice(0, 10) ?? null,
        outLink(pin.url),
      ],
    }),
  );
  if (pin.boards.length > 0)
    boards.append(
      element(
        'section',
        { className: 'section' },
        element('h2', {}, 'On these boards'),
        boardList(pin.boards.slice(0, 10)),
      ),
    );
  arrived(name);
  await draw();
};
