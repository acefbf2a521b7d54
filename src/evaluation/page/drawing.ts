import * as Plot from '@observablehq/plot';
import { DOMImplementation, XMLSerializer } from '@xmldom/xmldom';
import { methodNames } from '../methods.js';
import { Markup } from './html.js';

/** Pixels of a chart at its own size, which is about a phone's: on a wider page several stand side by side. */
export const chartWidth = 400;

const fontSize = 13;

/** Pixels that a character of a label takes, about. */
export const characterWidth = 7.2;

export const lineHeight = 15;

/** A colour of the style sheet for each method, the same on every page. */
export function colourOf(method: string): string {
  const place = (methodNames as readonly string[]).indexOf(method);
  return `var(--method-${place < 0 ? 'other' : place})`;
}

/**
 * A chart as SVG text. It is drawn here and not by the reader's browser, for the page must work without scripts, and
 * Plot itself would add half a megabyte. `label` says for those who do not see it what it shows.
 */
export function drawn(label: string, options: Plot.PlotOptions): Markup {
  const document = new DOMImplementation().createHTMLDocument('');
  const svg = Plot.plot({
    width: chartWidth,
    marginTop: 14,
    ...options,
    document: document as never,
    className: 'chart',
  });
  svg.setAttribute('font-size', String(fontSize));
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  for (const group of Array.from<Element>(svg.getElementsByTagName('g'))) group.removeAttribute('aria-label');
  for (const style of Array.from<Element>(svg.getElementsByTagName('style'))) style.parentNode.removeChild(style);
  return new Markup(new XMLSerializer().serializeToString(svg as never));
}

type Element = {
  removeAttribute(name: string): void;
  readonly parentNode: { removeChild(child: Element): void };
};
