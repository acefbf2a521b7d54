import { byId } from './dom.js';

/** Says to a screen reader what has just changed on the page. */
export function announce(text: string): void {
  byId('announcer').textContent = text;
}
