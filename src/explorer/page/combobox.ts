import { announce } from './announcer.js';
import { api } from './api.js';
import type { PinSummary } from './api-types.js';
import { element } from './dom.js';
import { tile } from './monogram.js';
import { counted } from './numbers.js';
import { addressOf } from './routes.js';

const wait = 90;
const shown = 8;
let count = 0;

/** Search as one types, after the ARIA combobox pattern: arrows choose, Enter opens, Escape closes. */
export function combobox(placeholder: string): HTMLElement {
  const listId = `found-${++count}`;
  const input = element('input', {
    type: 'search',
    className: 'search-input',
    placeholder,
    autocomplete: 'off',
    spellcheck: false,
    maxLength: 500,
    enterKeyHint: 'go',
    attributes: {
      role: 'combobox',
      'aria-label': 'Find a pin',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': listId,
      autocapitalize: 'none',
    },
  });
  const list = element('ul', {
    id: listId,
    className: 'options',
    hidden: true,
    attributes: { role: 'listbox', 'aria-label': 'Pins found' },
  });
  const root = element('div', { className: 'search', attributes: { role: 'search' } }, input, list);
  let found: PinSummary[] = [];
  let active = -1;
  let latest = new AbortController();
  let timer = 0;

  const show = (open: boolean): void => {
    list.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    if (!open) choose(-1);
  };
  const choose = (index: number): void => {
    active = index;
    for (const [i, option] of [...list.querySelectorAll('[role=option]')].entries()) {
      option.setAttribute('aria-selected', String(i === index));
      if (i === index) option.scrollIntoView({ block: 'nearest' });
    }
    if (index < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `${listId}-${index}`);
  };
  const open = (index: number): void => {
    const hit = found[index];
    if (!hit) return;
    show(false);
    input.value = '';
    found = [];
    location.hash = addressOf({ name: 'pin', id: hit.pin_id });
  };
  const option = (hit: PinSummary, index: number): HTMLElement => {
    const name = hit.title ?? hit.pin_id;
    const made = element(
      'li',
      { id: `${listId}-${index}`, className: 'option', attributes: { role: 'option', 'aria-selected': 'false' } },
      tile(hit.pin_id, name, hit.image),
      element('span', { className: 'option-name' }, name),
      element('span', { className: 'option-count' }, counted(hit.boards, 'board')),
    );
    // Before the input loses focus, which would close the list under the pointer.
    made.addEventListener('pointerdown', (event) => event.preventDefault());
    made.addEventListener('click', () => open(index));
    return made;
  };
  const look = async (text: string): Promise<void> => {
    latest.abort();
    latest = new AbortController();
    const { signal } = latest;
    try {
      const { results } = await api.search(text, shown, signal);
      found = results;
      const nothing = element(
        'li',
        { className: 'option-none', attributes: { role: 'presentation' } },
        `No pin matches “${text}”`,
      );
      list.replaceChildren(...(results.length > 0 ? results.map(option) : [nothing]));
      show(document.activeElement === input);
      announce(results.length > 0 ? `${counted(results.length, 'pin')} found` : `No pin matches ${text}`);
    } catch {
      if (signal.aborted) return;
      found = [];
      list.replaceChildren(
        element('li', { className: 'option-none', attributes: { role: 'presentation' } }, 'The server did not answer.'),
      );
      show(true);
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    const text = input.value.trim();
    if (text === '') {
      latest.abort();
      found = [];
      show(false);
    } else timer = setTimeout(() => void look(text), wait);
  });
  input.addEventListener('focus', () => show(found.length > 0));
  input.addEventListener('blur', () => show(false));
  input.addEventListener('keydown', (event) => {
    const last = found.length - 1;
    const steps: Record<string, () => void> = {
      ArrowDown: () => choose(active >= last ? 0 : active + 1),
      ArrowUp: () => choose(active <= 0 ? last : active - 1),
      Enter: () => open(Math.max(active, 0)),
    };
    if (event.key === 'Escape') {
      if (list.hidden) input.value = '';
      show(false);
    } else if (event.key in steps && found.length > 0) {
      event.preventDefault();
      if (event.key !== 'Enter') show(true);
      steps[event.key]?.();
    }
  });
  return root;
}
