import { announce } from './announcer.js';
import type { PageRequest } from './api.js';
import type { Recommendations } from './api-types.js';
import { card, cardSkeleton } from './card.js';
import { element } from './dom.js';
import { failure, message } from './messages.js';
import { counted } from './numbers.js';

const pageSize = 24;

export interface RecommendationListOptions {
  title: string;
  /** What the list is about, for announcements: "24 pins related to react". */
  about: string;
  /** Keeps a line free for the note that a fallback brings. */
  expectNote?: boolean;
  load: (page: PageRequest, signal: AbortSignal) => Promise<Recommendations>;
  signal: AbortSignal;
}

/** Where pins come from that the model could not rank, in words, and what their scores are in place of probabilities. */
const fallbacks: Record<string, { note: string; score: string }> = {
  popular_pins: {
    note: 'Nothing is known about this user yet, so these are the pins that most people save.',
    score: 'Share of all boards that hold it',
  },
  live_walks: {
    note: 'This is newer than the model, so these are the pins that walks from it meet most.',
    score: 'Share of the steps of walks that ended there',
  },
  nearest_vectors: {
    note: 'This is newer than the model and on no board yet, so these are the pins that are described alike.',
    score: 'Likeness of the vectors',
  },
};

/** A titled grid of cards that grows by a page at a time. Its skeleton stands at once. */
export function recommendationList({
  title,
  about,
  expectNote = false,
  load,
  signal,
}: RecommendationListOptions): HTMLElement {
  const cards = element('ul', { className: 'cards' }, ...Array.from({ length: 12 }, cardSkeleton));
  const note = element('p', { className: 'note', hidden: !expectNote }, '\u00a0');
  const foot = element('div', { className: 'list-foot' });
  const section = element('section', { className: 'section' }, element('h2', {}, title), note, cards, foot);
  let best = 0;
  let shown = 0;

  const fetchPage = async (cursor?: string): Promise<void> => {
    foot.replaceChildren();
    try {
      const page = await load(cursor === undefined ? { limit: pageSize } : { limit: pageSize, cursor }, signal);
      if (cursor === undefined) cards.replaceChildren();
      best = Math.max(best, ...page.results.map(({ score }) => score));
      const fallback = fallbacks[page.fallback ?? ''];
      const added = page.results.map((result) => card(result, best, fallback?.score));
      cards.append(...added);
      shown += added.length;
      if (page.fallback) {
        note.textContent = fallback?.note ?? `Fallback: ${page.fallback}.`;
        note.hidden = false;
      }
      if (shown === 0) cards.replaceWith(message('Nothing to show yet', 'No pin is close enough to suggest.'));
      announce(`${counted(shown, 'pin')} ${about}`);
      if (cursor !== undefined) added[0]?.querySelector('a')?.focus();
      const { next_cursor: next } = page;
      if (next)
        foot.append(
          element('button', { className: 'button', type: 'button', onclick: () => void fetchPage(next) }, 'Show more'),
        );
    } catch (error) {
      if (signal.aborted) return;
      if (cursor === undefined) cards.replaceChildren();
      foot.replaceChildren(failure(error, () => void fetchPage(cursor)));
    }
  };
  void fetchPage();
  return section;
}
