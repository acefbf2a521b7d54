import { api, ApiError } from '../api.js';
import type { Pin } from '../api-types.js';
import { boardList } from '../board-list.js';
import { element } from '../dom.js';
import { heading, outLink } from '../heading.js';
import { failure, message } from '../messages.js';
import { drawNeighbourhood } from '../neighbourhood-drawing.js';
import { counted } from '../numbers.js';
import { recommendationList } from '../recommendation-list.js';
import { trail } from '../trail.js';
import type { View } from './view.js';

const boardsShown = 10;

function drawingSection(frame: HTMLElement): HTMLElement {
  const legend = element(
    'ul',
    { className: 'legend' },
    element('li', { className: 'legend-pin' }, 'related pin'),
    element('li', { className: 'legend-board' }, 'board that links them'),
  );
  return element('section', { className: 'section' }, element('h2', {}, 'Neighbourhood'), frame, legend);
}

function pinHeading(pin: Pin, name: string): HTMLElement {
  return heading({
    kind: 'pin',
    id: pin.pin_id,
    name,
    image: pin.image,
    text: pin.text === name ? null : pin.text,
    facts: [
      `on ${counted(pin.board_count, 'board')}`,
      name === pin.pin_id ? null : pin.pin_id,
      pin.owner,
      pin.language,
      pin.created_at?.slice(0, 10) ?? null,
      outLink(pin.url),
    ],
  });
}

export const pinView: View<[id: string]> = async ({ main, signal, arrived }, id) => {
  const pin = await api.pin(id, signal);
  const name = pin.title ?? pin.pin_id;
  const frame = element('div', {
    className: 'drawing',
    attributes: { role: 'img', 'aria-label': `Drawing of the pins and boards around ${name}` },
  });
  const related = recommendationList({
    title: 'Related pins',
    about: `related to ${name}`,
    load: (page, abort) => api.related(id, page, abort),
    signal,
  });
  const aside = element(
    'aside',
    { className: 'aside', attributes: { 'aria-label': 'Neighbourhood' } },
    drawingSection(frame),
  );
  if (pin.boards.length > 0) {
    const boards = boardList(pin.boards.slice(0, boardsShown));
    aside.append(element('section', { className: 'section held-by' }, element('h2', {}, 'On these boards'), boards));
  }
  main.replaceChildren(
    trail(id, name),
    pinHeading(pin, name),
    element('div', { className: 'split pin-split' }, related, aside),
  );
  arrived(name);

  const draw = async (): Promise<void> => {
    try {
      await drawNeighbourhood(frame, await api.neighbourhood(id, signal), signal);
    } catch (error) {
      if (signal.aborted) return;
      const isNewer = error instanceof ApiError && error.status === 404;
      frame.replaceChildren(isNewer ? message('Not drawn yet', error.message) : failure(error, () => void draw()));
    }
  };
  await draw();
};
