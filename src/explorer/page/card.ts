import type { Recommendation } from './api-types.js';
import { element } from './dom.js';
import { tile } from './monogram.js';
import { percent } from './numbers.js';
import { addressOf } from './routes.js';
import { sourceChips } from './source-chips.js';

function scoreBar(score: number, best: number): HTMLElement {
  const fill = element('span', { className: 'score-fill' });
  fill.style.setProperty('--share', String(best > 0 ? Math.max(0.02, score / best) : 0));
  return element('span', { className: 'score-bar', attributes: { 'aria-hidden': 'true' } }, fill);
}

/** "Also on a, b, c", each a link; a likeness is told in the words it came with. */
function reasonLine(reasons: Recommendation['reasons']): HTMLElement {
  const line = element('p', { className: 'reason' });
  const boards = reasons.filter((reason) => reason.board_id !== undefined);
  if (boards.length === 0) {
    line.append(reasons[0]?.text ?? '');
    return line;
  }
  const [lead] = boards[0]?.text.split(/(?<= on )/) ?? [];
  line.append(lead === undefined || lead === boards[0]?.text ? '' : lead);
  for (const [index, { board_id = '', text }] of boards.entries()) {
    if (index > 0) line.append(', ');
    const name = lead !== undefined && text.startsWith(lead) ? text.slice(lead.length) : text;
    line.append(element('a', { href: addressOf({ name: 'board', id: board_id }) }, name || text));
  }
  return line;
}

/** A recommended pin: the whole card leads to it, the boards of its reason lead to themselves. */
export function card(
  result: Recommendation,
  best: number,
  scoreTitle = 'Estimated probability of a save',
): HTMLElement {
  const name = result.title ?? result.pin_id;
  const score = percent(result.score);
  return element(
    'li',
    { className: 'card' },
    tile(result.pin_id, name, result.image),
    element(
      'div',
      { className: 'card-body' },
      element(
        'div',
        { className: 'card-head' },
        element(
          'h3',
          {},
          element(
            'a',
            { className: 'card-link', href: addressOf({ name: 'pin', id: result.pin_id }), title: name },
            name,
          ),
        ),
        element('span', { className: 'score', title: scoreTitle }, score),
      ),
      scoreBar(result.score, best),
      reasonLine(result.reasons),
      sourceChips(result.sources),
    ),
  );
}

/** What stands where a card will be, of the same height, so that nothing moves when it comes. */
export function cardSkeleton(): HTMLElement {
  return element('li', { className: 'card skeleton', attributes: { 'aria-hidden': 'true' } });
}
