import MiniSearch from 'minisearch';
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

/** Search as one types, over ids, titles and texts; between equal matches the pin on more boards comes first. */
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
    const hits = this.#index.search(text, {
      boostDocument: (pin: number) => (pin === exact ? 1000 : 1 + Math.log2(1 + degree(topology.pins, pin))),
    });
    return hits.slice(0, limit).map(({ id, score }) => ({
      pin_id: pins.id(id),
      title: pinAttributes.get('title', id),
      score,
    }));
  }
}
