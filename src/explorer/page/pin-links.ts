import type { PinSummary } from './api-types.js';
import { element } from './dom.js';
import { tile } from './monogram.js';
import { addressOf } from './routes.js';

/** Pins as small tiles with their names, many to a line. */
export function pinLinks(pins: readonly PinSummary[]): HTMLElement {
  return element(
    'ul',
    { className: 'pin-links' },
    ...pins.map((pin) => {
      const name = pin.title ?? pin.pin_id;
      const href = addressOf({ name: 'pin', id: pin.pin_id });
      return element(
        'li',
        {},
        element(
          'a',
          { className: 'pin-link', href, title: name },
          tile(pin.pin_id, name, pin.image),
          element('span', {}, name),
        ),
      );
    }),
  );
}
