import { element } from './dom.js';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** FNV-1a: equal ids get equal colours on every visit. */
function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % 360;
}

/** Up to two signs that stand for a name: its first two words' initials, else its first two letters. */
export function initials(name: string): string {
  const withoutScope = name.replace(/^@[^/]+\/(?=.)/, '');
  const parts = withoutScope.split(/[\s\-_./:@]+/).filter(Boolean);
  const lettered = parts.filter((part) => /^\p{L}/u.test(part));
  // "libglib2.0-0" is told by its letters; its version numbers say nothing.
  const words = lettered.length > 0 ? lettered : parts;
  const source = words.length > 1 ? words.slice(0, 2) : [...graphemes.segment(words[0] ?? name)].map((g) => g.segment);
  const signs = source.slice(0, 2).map((part) => [...graphemes.segment(part)][0]?.segment ?? '');
  return signs[0] === undefined ? '' : signs[0].toUpperCase() + (signs[1] ?? '').toLowerCase();
}

/** A picture where there is one, else a quiet tile in the id's own colour. Decoration: the name stands beside it. */
export function tile(
  id: string,
  name: string,
  image: string | null | undefined,
  kind: 'pin' | 'board' | 'user' = 'pin',
): HTMLElement {
  const made = element('span', { className: `tile tile-${kind}`, attributes: { 'aria-hidden': 'true' } });
  made.style.setProperty('--hue', String(hueOf(id)));
  made.append(initials(name));
  if (image && /^https?:\/\//.test(image)) {
    const picture = element('img', {
      src: image,
      alt: '',
      loading: 'lazy',
      decoding: 'async',
      referrerPolicy: 'no-referrer',
    });
    picture.addEventListener('error', () => picture.remove());
    made.append(picture);
  }
  return made;
}
