import type { Graph } from './graph.js';
import type { PinTable } from './pin-table.js';

/** A pin's title and text, a line each; empty where it has neither. */
export function textOf({ pinAttributes }: Pick<PinTable, 'pinAttributes'>, pin: number): string {
  return [pinAttributes.get('title', pin), pinAttributes.get('text', pin)].filter(Boolean).join('\n');
}

/** All pins' texts in the order of the pins. */
export function* textsOf(table: Pick<PinTable, 'pins' | 'pinAttributes'>): Generator<string> {
  for (let pin = 0; pin < table.pins.size; pin++) yield textOf(table, pin);
}

/** Whether pins have a column of titles or of texts. */
export function hasTextColumn({ pinAttributes: { names } }: Pick<Graph, 'pinAttributes'>): boolean {
  return names.includes('title') || names.includes('text');
}

/** Whether any pin has a title or text that is not empty. */
export function holdsText(graph: Pick<Graph, 'pins' | 'pinAttributes'>): boolean {
  if (!hasTextColumn(graph)) return false;
  for (const text of textsOf(graph)) if (text !== '') return true;
  return false;
}

/** Whether nothing is known of the pins but their ids and boards. */
export function isContentFree(graph: Graph): boolean {
  return graph.features.length === 0 && !holdsText(graph);
}
