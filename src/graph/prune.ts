import { BoardwalkError } from '../errors.js';
import type { NodeTopics } from './communities.js';
import { degree, type Topology, topologyBytes } from './graph.js';
import { topicAgreement } from './prune-agreement.js';
import { capPins, diverseBoards } from './prune-edges.js';

export interface PruneOptions {
  /** Share of the boards that lose their edges: those of the highest topic entropy. */
  entropy: number;
  /** δ: a pin keeps ⌈|E|^δ⌉ of its edges. */
  delta: number;
  /** Pins on fewer boards than this lose their edges. */
  minimumBoards: number;
  /** Pins without title, text or vector lose their edges. */
  contentOnly: boolean;
}

/**
 * δ is the paper's best (section 3.2); it names no share of boards. On the graphs of `npm run bench -- prune`,
 * dropping boards won nothing that the cap had not won already, and left pins that no walk reaches.
 */
export const pruneDefaults: PruneOptions = { entropy: 0, delta: 0.91, minimumBoards: 0, contentOnly: false };

/** What is known of the pins, by dense index. */
export interface PrunedPins {
  readonly topics: Pick<NodeTopics, 'count' | 'pins'>;
  /** 1 where a pin has title, text or vector; without it, all are taken to have some. */
  readonly content?: Uint8Array;
}

/** Pins whose degree was in [from, 2·from), and their edges. */
export interface DegreeClass {
  from: number;
  pins: number;
  before: number;
  after: number;
}

export interface PruneReport {
  edges: { before: number; after: number };
  /** Boards of high entropy, and the edges that went with them. */
  boards: { dropped: number; edges: number };
  /** Pins of low quality, and the edges that went with them. */
  pins: { dropped: number; edges: number };
  /** Pins cut to ⌈|E|^δ⌉, and the edges cut. */
  cut: { pins: number; edges: number };
  /** Of both adjacencies, as they lie in memory. */
  bytes: { before: number; after: number };
  /** Pins that had an edge and have none left: walks cannot reach them any more. */
  stranded: number;
  degrees: DegreeClass[];
}

export interface Pruned {
  /** 1 for each edge, in the order of the boards' rows, that stays. */
  keep: Uint8Array;
  report: PruneReport;
}

/** @throws BoardwalkError `bad_option` */
export function checkPruneOptions({ entropy, delta, minimumBoards }: PruneOptions): void {
  const wrong = (field: string, sentence: string): never => {
    throw new BoardwalkError('bad_option', sentence, { field });
  };
  if (!(entropy >= 0 && entropy < 1))
    wrong('prune-entropy', `The share of boards to drop is ${entropy}; give one from 0 up to, but not, 1.`);
  if (!(delta > 0 && delta <= 1)) wrong('prune-delta', `δ is ${delta}; give a number above 0 and up to 1.`);
  if (!(Number.isSafeInteger(minimumBoards) && minimumBoards >= 0))
    wrong('prune-min-boards', `A pin's least number of boards is ${minimumBoards}; give a whole number from 0.`);
}

/**
 * Graph pruning (Pixie, section 3.2): pins of low quality and boards without a theme lose their edges, then
 * popular pins keep the edges to the boards that fit them. Only edges go: every id stays and still answers,
 * with its title and, for pins, by content. The result hangs on the arguments alone.
 */
export function pruneEdges(topology: Topology, { topics, content }: PrunedPins, options: PruneOptions): Pruned {
  checkPruneOptions(options);
  const { pins, boards } = topology;
  const keep = new Uint8Array(boards.neighbours.length).fill(1);

  const poor = Uint8Array.from({ length: pins.offsets.length - 1 }, (_, pin) => {
    const edges = degree(pins, pin);
    return Number(edges > 0 && (edges < options.minimumBoards || (options.contentOnly && content?.[pin] === 0)));
  });
  for (let edge = 0; edge < keep.length; edge++) if (poor[boards.neighbours[edge]]) keep[edge] = 0;
  const withoutPoor = count(keep);

  const { entropy, cosine } = topicAgreement(boards, topics);
  const diverse = diverseBoards(boards, entropy, options.entropy);
  for (let board = 0; board < diverse.length; board++)
    if (diverse[board]) keep.fill(0, boards.offsets[board], boards.offsets[board + 1]);
  const withoutDiverse = count(keep);

  const before = keptDegrees(topology, keep);
  capPins(topology, cosine, options.delta, keep);
  const after = keptDegrees(topology, keep);
  const edges = { before: keep.length, after: count(keep) };
  return {
    keep,
    report: {
      edges,
      boards: { dropped: count(diverse), edges: withoutPoor - withoutDiverse },
      pins: { dropped: count(poor), edges: keep.length - withoutPoor },
      cut: {
        pins: before.reduce((sum, each, pin) => sum + Number(after[pin] < each), 0),
        edges: withoutDiverse - edges.after,
      },
      bytes: { before: bytesOf(topology, edges.before), after: bytesOf(topology, edges.after) },
      stranded: after.reduce((sum, each, pin) => sum + Number(each === 0 && degree(pins, pin) > 0), 0),
      degrees: degreeClasses(topology, after),
    },
  };
}

function count(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}

function bytesOf({ pins, boards }: Topology, edges: number): number {
  return topologyBytes(pins.offsets.length - 1, boards.offsets.length - 1, edges);
}

/** Edges of each pin that are kept. */
function keptDegrees({ pins, boards }: Topology, keep: Uint8Array): Uint32Array {
  const degrees = new Uint32Array(pins.offsets.length - 1);
  for (let edge = 0; edge < keep.length; edge++) degrees[boards.neighbours[edge]] += keep[edge];
  return degrees;
}

function degreeClasses({ pins }: Topology, after: Uint32Array): DegreeClass[] {
  const classes = new Map<number, DegreeClass>();
  for (let pin = 0; pin < after.length; pin++) {
    const edges = degree(pins, pin);
    if (edges === 0) continue;
    const from = 2 ** Math.floor(Math.log2(edges));
    const found = classes.get(from) ?? { from, pins: 0, before: 0, after: 0 };
    classes.set(from, { from, pins: found.pins + 1, before: found.before + edges, after: found.after + after[pin] });
  }
  return [...classes.values()].sort((a, b) => a.from - b.from);
}
