import { element } from './dom.js';
import { tile } from './monogram.js';

export interface HeadingOptions {
  kind: 'pin' | 'board' | 'user';
  id: string;
  name: string;
  image?: string | null;
  text?: string | null;
  /** Short facts, shown in one line. */
  facts: readonly (Node | string | null)[];
}

/** The top of a pin's, a board's or a user's view. Focus goes to its title after a step. */
export function heading({ kind, id, name, image, text, facts }: HeadingOptions): HTMLElement {
  const line = element('p', { className: 'facts' });
  for (const fact of facts) if (fact !== null) line.append(element('span', {}, fact));
  return element(
    'header',
    { className: 'heading' },
    tile(id, name, image, kind),
    element(
      'div',
      { className: 'heading-words' },
      element('p', { className: 'kind' }, { pin: 'Pin', board: 'Board', user: 'User' }[kind]),
      element('h1', { tabIndex: -1 }, name),
      line,
    ),
    text ? element('p', { className: 'heading-text' }, text) : null,
  );
}

/** A link out of the page, only where the address is one that a browser may follow safely. */
export function outLink(url: string | null): HTMLElement | null {
  if (!url || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return null;
  return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, `${new URL(url).host} ↗`);
}
