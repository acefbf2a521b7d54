import { element } from './dom.js';

/** What each candidate source is called on the page, and what it means in a sentence. */
const names: Record<string, { label: string; meaning: string }> = {
  pinsage: { label: 'PinSage', meaning: 'Near in the learned embedding.' },
  pixie: { label: 'Walks', meaning: 'Often visited by random walks from here.' },
  rp3beta: { label: 'Paths', meaning: 'Reached over many short paths, popularity discounted.' },
  itemknn: { label: 'Co-saved', meaning: 'Saved on many of the same boards.' },
  gfcf: { label: 'Filter', meaning: 'Passes a smoothing filter over the graph.' },
  spectral: { label: 'Spectral', meaning: 'Agrees with the graph’s broad structure.' },
  ease: { label: 'Item weights', meaning: 'Predicted by a linear model from what is here.' },
  ials: { label: 'Factors', meaning: 'Near in factors learnt from the boards alone.' },
  content: { label: 'Content', meaning: 'Shares words.' },
  pintext: { label: 'Words', meaning: 'Near in what its words have come to mean.' },
  mapped: { label: 'Mapped', meaning: 'Near in factors that it shares with the pins most like it.' },
  popularity: { label: 'Popular', meaning: 'Saved by many.' },
};

export function sourceChips(sources: readonly { source: string; rank: number }[]): HTMLElement {
  const list = element('ul', { className: 'chips', attributes: { 'aria-label': 'Found by' } });
  for (const { source, rank } of [...sources].sort((a, b) => a.rank - b.rank).slice(0, 4)) {
    const { label, meaning } = names[source] ?? { label: source, meaning: '' };
    const chip = element(
      'li',
      { className: 'chip', title: `${meaning} Place ${rank + 1} in that source.`.trim() },
      label,
    );
    chip.dataset.source = source;
    chip.append(element('span', { className: 'chip-rank' }, ` ${rank + 1}`));
    list.append(chip);
  }
  return list;
}
