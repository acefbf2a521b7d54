import { element } from './dom.js';
import { addressOf } from './routes.js';

const longest = 6;
const steps: { id: string; name: string }[] = [];

/** The pins stepped through on the way here, the last few; a pin met again ends the loop. */
export function trail(id: string, name: string): HTMLElement {
  const met = steps.findIndex((step) => step.id === id);
  if (met >= 0) steps.splice(met);
  steps.push({ id, name });
  if (steps.length > longest) steps.shift();
  const links = steps.map((step, index) =>
    index === steps.length - 1
      ? element('li', { attributes: { 'aria-current': 'page' } }, step.name)
      : element('li', {}, element('a', { href: addressOf({ name: 'pin', id: step.id }) }, step.name)),
  );
  const start = element('li', {}, element('a', { href: addressOf({ name: 'home' }) }, 'Start'));
  return element(
    'nav',
    { className: 'trail', attributes: { 'aria-label': 'Your walk' } },
    element('ol', {}, start, ...links),
  );
}
