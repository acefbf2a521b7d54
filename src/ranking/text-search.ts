import MiniSearch, { type SearchResult } from 'minisearch';
import { degree, type Graph } from '../graph/graph.js';

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

/** How near a pin's words are to what was typed: 0 all of it stands there, 1 as the beginning of words, 2 alike. */
function distance({ terms, queryTerms }: SearchResult): number {
  const distances = queryTerms.map((typed) => {
    if (terms.includes(typed)) return 0;
    return terms.some((term) => term.startsWith(typed)) ? 1 : 2;
  });
  return Math.max(...distances);
}

/**
 * Search as one types, over ids, titles and texts: the pin of that id, then pins with the very words, with words that
 * begin so, with words alike. Among those as near, ten boards double a score.
 */
export class TextSearch {
  readonly #graph: Graph;
  readonly #index: MiniSearch<Entry>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#index = new MiniSearch<Entry>({
      fields: ['name', 'title', 'text'],
      searchOptions: { prefix: true, fuzzy: 0.2, boost: { name: 3, title: 3 }, combineWith: 'AND' },
    });
    const { pins, pinAttributes } = graph;
    this.#index.addAll(
      pins.ids().map((name, id) => ({
        id,
        name,
        title: pinAttributes.get('title', id),
        text: pinAttributes.get('text', id),
      })),
    );
  }

  search(text: string, limit: number): SearchHit[] {
    const { pins, pinAttributes, topology } = this.#graph;
    const exact = pins.indexOf(text);
    const boards = (pin: number): number => degree(topology.pins, pin);
    const hits = this.#index
      .search(text, { boostDocument: (pin: number) => 1 + Math.log10(1 + boards(pin)) })
      .map((hit) => ({ id: hit.id as number, score: hit.score, distance: hit.id === exact ? -1 : distance(hit) }))
      .sort((a, b) => a.distance - b.distance || b.score - a.score || boards(b.id) - boards(a.id) || a.id - b.id);
    return hits.slice(0, limit).map(({ id, score }) => ({
      pin_id: pins.id(id),
      title: pinAttributes.get('title', id),
      score,
    }));
  }
}
