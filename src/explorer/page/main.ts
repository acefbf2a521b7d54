import { combobox } from './combobox.js';
import { byId } from './dom.js';
import { failure, message } from './messages.js';
import { addressOf, type Route, routeOf } from './routes.js';
import { installThemeButton } from './theme.js';
import { boardView } from './views/board.js';
import { home } from './views/home.js';
import { modelView } from './views/model.js';
import { pinView } from './views/pin.js';
import { userView } from './views/user.js';
import type { ViewContext } from './views/view.js';

const main = byId('main');
let leaving = new AbortController();
let first = true;

async function show(route: Route, context: ViewContext): Promise<void> {
  switch (route.name) {
    case 'home':
      return home(context);
    case 'model':
      return modelView(context);
    case 'pin':
      return pinView(context, route.id);
    case 'board':
      return boardView(context, route.id);
    case 'user':
      return userView(context, route.id);
    case 'lost': {
      const start = document.createElement('a');
      start.href = addressOf({ name: 'home' });
      start.className = 'button';
      start.textContent = 'Go to the start';
      main.replaceChildren(message('There is no such page', 'The address is not one of this explorer.', start));
      context.arrived('Not found');
    }
  }
}

async function go(): Promise<void> {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const route = routeOf(location.hash);
  const moveFocus = !first;
  first = false;
  document.body.dataset.view = route.name;
  for (const link of document.querySelectorAll('.nav a')) {
    if (link.getAttribute('href') === addressOf(route)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (moveFocus) scrollTo({ top: 0, behavior: 'instant' });
  const arrived = (title: string): void => {
    document.title = title ? `${title} · Boardwalk` : 'Boardwalk';
    if (moveFocus) main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  try {
    await show(route, { main, signal, arrived });
  } catch (error) {
    if (!signal.aborted) main.replaceChildren(failure(error, () => void go()));
  }
}

byId('header-search').append(combobox('Find a pin'));
installThemeButton(byId<HTMLButtonElement>('theme'));
byId('skip').addEventListener('click', (event) => {
  // The address is the place one is at, so the skip link moves the focus alone.
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', () => void go());
addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  for (const input of document.querySelectorAll<HTMLElement>('.search-input'))
    if (input.checkVisibility({ visibilityProperty: true })) return input.focus();
});
void go();
