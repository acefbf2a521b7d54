import { AlikeBoards } from '../candidates/alike-boards.js';
import { aspectNames, type SourceName } from '../candidates/candidate-source.js';
import { evenSpread } from '../candidates/even-spread.js';
import { type EmbeddingTable, vectorOf } from '../embedding/table.js';
import { productWith } from '../embedding/vectors.js';
import { degree, type Graph, neighboursOf, type Topology } from '../graph/graph.js';
import type { CandidateSet } from './candidate-set.js';
import { SharedBoards } from './shared-boards.js';

/** What Pinnability reads about the candidates of one query: `values[row * names.length + column]`. */
export interface FeatureMatrix {
  readonly names: readonly string[];
  readonly rows: number;
  readonly values: Float32Array;
}

/** Added to a source's share of its best score before the logarithm: fainter scores count alike. */
const faintest = 0.02;
/** log(1 + pins) of a middling query; interactions with the size are centred there. */
const middlingSize = 2.5;

/** Of every score, from a source or from the boards at hand. */
const scoreFeatures = ['share', 'log_share', 'log_share_by_size'] as const;
const boardScores = ['alike_boards', 'nearest_cosine'] as const;
const pinFeatures = ['pin.log_degree', 'pin.log_degree_by_size', 'pin.cold', 'pin.log_board_size'] as const;
const pairFeatures = [
  'pair.tied',
  'pair.similarity_best',
  'pair.similarity_mean',
  'pair.same_owner',
  'pair.same_domain',
  'pair.degree_gap',
  'pair.degree_product',
] as const;
const queryFeatures = ['query.log_size', 'query.log_candidates', 'query.log_degree'] as const;

/** Largest query, in pins, whose pins are compared with each candidate one by one; longer ones are thinned evenly. */
const comparedPins = 16;

/** What Pinnability reads of candidates of some sources, in the order of its columns. */
export function featureNames(sources: readonly SourceName[]): readonly string[] {
  return [
    ...[...sources.flatMap(scoresOf), ...boardScores].flatMap((score) =>
      scoreFeatures.map((name) => `${score}.${name}`),
    ),
    ...pinFeatures,
    ...pairFeatures,
    ...queryFeatures,
  ];
}

/**
 * Turns a candidate set into Pinnability's inputs: what each source says, normalised within the query, and
 * what the graph and the embeddings say of the user's query, the pin and the pair.
 */
export class FeatureExtractor {
  readonly names: readonly string[];
  readonly #graph: Graph;
  readonly #table: EmbeddingTable;
  readonly #alikeBoards: AlikeBoards;
  readonly #sharedBoards: SharedBoards;
  /** [pins] logarithm of the mean size of a pin's boards. */
  readonly #boardSizes: Float32Array;

  constructor(graph: Graph, table: EmbeddingTable, sources: readonly SourceName[]) {
    this.#graph = graph;
    this.#table = table;
    this.#alikeBoards = new AlikeBoards(graph.topology);
    this.#sharedBoards = new SharedBoards(graph.topology);
    this.#boardSizes = logBoardSizes(graph.topology);
    this.names = featureNames(sources);
  }

  extract(set: CandidateSet): FeatureMatrix {
    const width = this.names.length;
    const rows = set.pins.length;
    const usual = set.usual.reduce((count, each) => count + each, 0);
    const values = new Float32Array(rows * width);
    const put = (column: number, of: (row: number) => number): void => {
      for (let row = 0; row < rows; row++) values[row * width + column] = of(row);
    };
    const logSize = Math.log(1 + set.query.pins.length);
    const logDegrees = Float32Array.from(set.pins, (pin) => Math.log(1 + degree(this.#graph.topology.pins, pin)));

    let column = 0;
    const votes = this.#alikeBoards.votesFor(set.query.pins, set.pins);
    const nearest = this.#sharedBoards.nearestTo(set.query.pins, set.pins);
    const columns = set.columns.flatMap(({ scores, aspects }) => [scores, ...aspects]);
    for (const scores of [...columns, votes, nearest.cosine]) {
      const share = sharesOfBest(scores, set.usual);
      put(column++, (row) => share[row]);
      const logShare = share.map((value) => Math.log(value + faintest));
      put(column++, (row) => logShare[row]);
      put(column++, (row) => logShare[row] * (logSize - middlingSize));
    }

    put(column++, (row) => logDegrees[row]);
    put(column++, (row) => logDegrees[row] * (logSize - middlingSize));
    put(column++, (row) => (logDegrees[row] === 0 ? 1 : 0));
    put(column++, (row) => this.#boardSizes[set.pins[row]]);

    put(column++, (row) => nearest.tied[row]);
    const similarity = this.#similarities(set);
    put(column++, (row) => similarity.best[row]);
    put(column++, (row) => similarity.mean[row]);
    put(column++, this.#sharing('owner', set));
    put(column++, this.#sharing('domain', set));
    // How popular the query's pins are tells how popular a pin it asks for.
    const taste = meanLogDegree(this.#graph.topology, set.query.pins);
    put(column++, (row) => (logDegrees[row] - taste) ** 2 / 4);
    put(column++, (row) => (logDegrees[row] * taste) / 4);

    put(column++, () => logSize);
    put(column++, () => Math.log(1 + usual));
    put(column++, () => taste);
    return { names: this.names, rows, values };
  }

  /** The share of the query's pins that have a candidate's owner or domain. */
  #sharing(attribute: 'owner' | 'domain', { query, pins }: CandidateSet): (row: number) => number {
    const attributes = this.#graph.pinAttributes;
    if (!attributes.names.includes(attribute)) return () => 0;
    const counts = new Map<string, number>();
    for (const pin of query.pins) {
      const value = attributes.get(attribute, pin);
      if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1 / query.pins.length);
    }
    return (row) => counts.get(attributes.get(attribute, pins[row]) ?? '') ?? 0;
  }

  /** Each candidate's greatest and mean inner product with the query's vectors. */
  #similarities({ query, pins }: CandidateSet): { best: Float32Array; mean: Float32Array } {
    const { vectors, dimension } = this.#table;
    const compared = Array.from(evenSpread(query.pins, comparedPins), (pin) => vectorOf(this.#table, pin));
    const best = new Float32Array(pins.length);
    const mean = new Float32Array(pins.length);
    if (compared.length === 0) return { best, mean };
    const centre = new Float32Array(dimension);
    for (const vector of compared) for (let d = 0; d < dimension; d++) centre[d] += vector[d] / compared.length;
    const products = compared.map((vector) => productWith(vectors, dimension, vector));
    const central = productWith(vectors, dimension, centre);
    pins.forEach((pin, row) => {
      let greatest = Number.NEGATIVE_INFINITY;
      for (const product of products) {
        const similarity = product(pin);
        if (similarity > greatest) greatest = similarity;
      }
      best[row] = greatest;
      mean[row] = central(pin);
    });
    return { best, mean };
  }
}

/** What a source has to say of a candidate: its score, then its aspects. */
function scoresOf(source: SourceName): string[] {
  return [source, ...(aspectNames[source] ?? []).map((aspect) => `${source}_${aspect}`)];
}

function meanLogDegree({ pins }: Topology, query: Uint32Array): number {
  return query.reduce((sum, pin) => sum + Math.log(1 + degree(pins, pin)) / query.length, 0);
}

function logBoardSizes({ pins, boards }: Topology): Float32Array {
  return Float32Array.from({ length: pins.offsets.length - 1 }, (_, pin) => {
    const own = neighboursOf(pins, pin);
    return Math.log(1 + own.reduce((sum, board) => sum + degree(boards, board) / own.length, 0));
  });
}

/**
 * Scores over the best of the query's usual candidates, in [0, 1]: sources differ in scale, and queries within a source
 * too.
 */
export function sharesOfBest(scores: Float32Array, usual: Uint8Array): Float32Array {
  let best = 0;
  for (let row = 0; row < scores.length; row++) if (usual[row] && scores[row] > best) best = scores[row];
  return best > 0 ? scores.map((score) => Math.min(1, Math.max(0, score / best))) : new Float32Array(scores.length);
}
