import MiniSearch, { type SearchResult } from 'minisearch';
import type { GraphNow } from '../graph/graph-view.js';
import { searchWords } from './search-words.js';

/** A pin whose words match what was typed. */
export interface SearchHit {
  readonly pin_id: string;
  readonly title: string | null;
  readonly score: number;
}

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly title: string | null;
  readonly text: string | null;
}

/** Whether a pin has words that begin as what was typed does, and not only some that are like it. */
function hasTyped({ terms, queryTerms }: SearchResult): boolean {
  return queryTerms.every((typed) => terms.some((term) => term.startsWith(typed)));
}

/**
 * Search as one types, over ids, titles and texts: the pin of that id, then pins with words that begin as typed, whole
 * ones weighing more, then pins with words alike. Among those as near, a pin on many boards counts for more, for most
 * people mean it. Pins are found by the words that they have by now.
 */
export class TextSearch {
  readonly #graph: GraphNow;
  readonly #index: MiniSearch<Entry>;
  /** How many of the pins described since the graph was built are in the index by their new words. */
  #renewed: number;

  constructor(graph: GraphNow) {
    this.#graph = graph;
    this.#index = new MiniSearch<Entry>({
      fields: ['name', 'title', 'text'],
      tokenize: searchWords,
      searchOptions: { prefix: true, fuzzy: 0.2, boost: { name: 3, title: 3 }, combineWith: 'AND' },
    });
    this.#renewed = graph.describedPins.length;
    this.#index.addAll(Array.from({ length: graph.pins.size }, (_, pin) => this.#entryOf(pin)));
  }

  search(text: string, limit: number): SearchHit[] {
    this.#renew();
    const { pins, pinAttributes } = this.#graph;
    const exact = pins.indexOf(text);
    const boards = (pin: number): number => this.#graph.degree('pins', pin);
    const hits = this.#index
      .search(text, {
        filter: ({ id }) => pins.id(id) !== '',
        boostDocument: (pin: number) => 1 + Math.log2(1 + boards(pin)),
      })
      .map((hit) => ({
        id: hit.id as number,
        score: hit.score,
        distance: hit.id === exact ? 0 : hasTyped(hit) ? 1 : 2,
      }))
      .sort((a, b) => a.distance - b.distance || b.score - a.score || boards(b.id) - boards(a.id) || a.id - b.id);
    return hits.slice(0, limit).map(({ id, score }) => ({
      pin_id: pins.id(id),
      title: pinAttributes.get('title', id),
      score,
    }));
  }

  #entryOf(id: number): Entry {
    const { pins, pinAttributes } = this.#graph;
    return { id, name: pins.id(id), title: pinAttributes.get('title', id), text: pinAttributes.get('text', id) };
  }

  #renew(): void {
    const { describedPins } = this.#graph;
    for (const pin of new Set(describedPins.slice(this.#renewed))) this.#index.replace(this.#entryOf(pin));
    this.#renewed = describedPins.length;
  }
}
