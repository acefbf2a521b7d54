import { ApiError } from './api.js';
import { element } from './dom.js';
import { addressOf } from './routes.js';

/** A calm panel in place of a list: for nothing found and for what went wrong. */
export function message(title: string, detail: string, action?: HTMLElement): HTMLElement {
  return element(
    'div',
    { className: 'message' },
    element('p', { className: 'message-title' }, title),
    element('p', {}, detail),
    action,
  );
}

export function failure(error: unknown, retry: () => void): HTMLElement {
  if (error instanceof ApiError && error.status === 404) {
    const home = element('a', { className: 'button', href: addressOf({ name: 'home' }) }, 'Look for another');
    return message('Not in this graph', error.message, home);
  }
  const again = element('button', { className: 'button', type: 'button', onclick: retry }, 'Try again');
  const detail = error instanceof ApiError ? error.message : 'Something on this page failed.';
  if (!(error instanceof ApiError)) console.error(error);
  return message('That did not work', detail, again);
}
