import { type Components, connectedComponents } from './components.js';
import {
  type Adjacency,
  type AttributeName,
  type Attributes,
  degreesOf,
  edgeCount,
  type Graph,
  hasVector,
  topologyBytes,
} from './graph.js';

const percentiles = [0, 50, 90, 99, 99.9, 100] as const;

export interface DegreeSummary {
  mean: number;
  /** Degrees by percentile, `p0` to `p100`. */
  percentiles: Record<string, number>;
  /** Nodes by degree: 0, 1, 2–3, 4–7 and so on; `from` is the lower end. */
  histogram: { from: number; nodes: number }[];
}

export interface Problem {
  what: string;
  count: number;
  /** Why it matters, and what to do. */
  advice: string;
}

export interface Inspection {
  id: string;
  counts: { pins: number; boards: number; edges: number };
  /** Attributes that nodes are numbered by, before their ids. */
  order: readonly string[];
  degrees: { pins: DegreeSummary; boards: DegreeSummary };
  components: Components;
  /** Bytes. */
  memory: { walk: number; train: number; formulas: { walk: string; train: string } };
  /** Share of nodes that have each attribute. */
  coverage: { pins: Partial<Record<AttributeName, number>>; boards: Partial<Record<AttributeName, number>> };
  features: { name: string; dimension: number; share: number }[];
  edgeColumns: { added_at: number; weight: number; section: number };
  /** Other graphs over the same pins: their own nodes, edges, and the share of pins with an edge. */
  relations: { name: string; nodes: number; edges: number; share: number }[];
  problems: Problem[];
}

/** Nearest-rank percentiles. */
function summarise(adjacency: Adjacency): DegreeSummary {
  const degrees = degreesOf(adjacency).sort();
  const at = (percent: number): number => degrees[Math.max(0, Math.ceil((percent / 100) * degrees.length) - 1)] ?? 0;
  const histogram: DegreeSummary['histogram'] = [];
  for (const degree of degrees) {
    const from = degree === 0 ? 0 : 2 ** Math.floor(Math.log2(degree));
    const last = histogram.at(-1);
    if (last?.from === from) last.nodes++;
    else histogram.push({ from, nodes: 1 });
  }
  return {
    mean: degrees.length === 0 ? 0 : adjacency.neighbours.length / degrees.length,
    percentiles: Object.fromEntries(percentiles.map((percent) => [`p${percent}`, at(percent)])),
    histogram,
  };
}

function coverageOf(attributes: Attributes, count: number): Partial<Record<AttributeName, number>> {
  const shares: Partial<Record<AttributeName, number>> = {};
  for (const name of attributes.names) {
    let present = 0;
    for (let node = 0; node < count; node++) if (attributes.get(name, node) !== null) present++;
    shares[name] = count === 0 ? 0 : present / count;
  }
  return shares;
}

function memoryOf({ pins, boards, edges }: Inspection['counts'], training: number): Inspection['memory'] {
  const walk = topologyBytes(pins, boards, edges);
  return {
    walk,
    train: walk + training,
    formulas: {
      walk: '4 B × (pins + boards + 2 + 2 × edges), shared by all workers',
      train:
        "walk + the edges again, inputs, neighbourhoods and vectors of the model that suits the graph, beside the tensor library's own",
    },
  };
}

/** Pins that share a title, each of them counted. */
function sameTitled(graph: Graph): number {
  const pinsWith = new Map<string, number>();
  for (let pin = 0; pin < graph.pins.size; pin++) {
    const title = graph.pinAttributes.get('title', pin);
    if (title !== null) pinsWith.set(title, (pinsWith.get(title) ?? 0) + 1);
  }
  let same = 0;
  for (const pins of pinsWith.values()) if (pins > 1) same += pins;
  return same;
}

function countWhere(values: Iterable<number>, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (holds(value)) count++;
  return count;
}

function withoutEdges(empty: boolean): Problem {
  return {
    what: 'edges',
    count: 0,
    advice:
      `${empty ? 'The graph is empty' : 'No pin is on a board'}: there is nothing to walk or to train on. ` +
      'Build it from --edges with rows that name a board and a pin.',
  };
}

/** What to say where edges are dated the first of January 1970. */
export const firstDayAdvice =
  'Years, counters and zeros are read as seconds since 1970. Of counters the order is right; write all else as dates.';

/** Milliseconds. */
const day = 864e5;

function problemsOf(graph: Graph, coverage: Inspection['coverage'], components: Components): Problem[] {
  const pins = degreesOf(graph.topology.pins);
  const boards = degreesOf(graph.topology.boards);
  const giant = Math.max(1000, 0.05 * pins.length);
  const hub = Math.max(1000, 0.1 * boards.length);
  const outside = pins.length - countWhere(pins, (degree) => degree === 0) - components.largest.pins;
  const noContent = graph.features.length === 0 && !coverage.pins.title && !coverage.pins.text;
  const dated = (from: number, to: number): number =>
    graph.edges.addedAt?.reduce((count, time) => count + Number(time >= from && time < to), 0) ?? 0;
  const found: Problem[] = [
    {
      what: 'pins on no board',
      count: countWhere(pins, (degree) => degree === 0),
      advice: 'Walks never reach them; only their content can recommend them.',
    },
    {
      what: 'pins on one board only',
      count: countWhere(pins, (degree) => degree === 1),
      advice: 'Little is known of them but their board; content features help most here.',
    },
    {
      what: 'boards without a pin',
      count: countWhere(boards, (degree) => degree === 0),
      advice: 'They get the fallback until they have a pin.',
    },
    {
      what: 'boards of one pin',
      count: countWhere(boards, (degree) => degree === 1),
      advice: 'They link nothing and can be pruned.',
    },
    {
      what: `boards of more than ${Math.round(giant)} pins`,
      count: countWhere(boards, (degree) => degree > giant),
      advice: 'Such boards are dumps more than collections; prune them, or cap their pins.',
    },
    {
      what: `pins on more than ${Math.round(hub)} boards`,
      count: countWhere(pins, (degree) => degree > hub),
      advice: 'They turn up for every query; methods that discount popularity need to hold them down.',
    },
    {
      what: 'connected pins outside the largest component',
      count: Math.max(0, outside),
      advice: 'No walk joins them with the rest.',
    },
    {
      what: 'pins whose title another pin has',
      count: sameTitled(graph),
      advice: 'They may be the same thing twice; merge them before building.',
    },
    {
      what: 'edges dated later than tomorrow',
      count: dated(Date.now() + day, Infinity),
      advice: 'Check the unit and the zone of added_at.',
    },
    { what: 'edges dated 1970-01-01', count: dated(0, day), advice: firstDayAdvice },
    {
      what: 'pins without any text or vector',
      count: noContent ? pins.length : 0,
      advice: 'Give --pins with title or text, or vectors; until then the id is hashed, and new pins cannot be placed.',
    },
  ];
  const some = found.filter(({ count }) => count > 0);
  return edgeCount(graph) > 0 ? some : [withoutEdges(pins.length + boards.length === 0), ...some];
}

/**
 * Measures a graph: what it holds, what it needs and what looks wrong. `training` are the bytes that training a model
 * takes beside the graph.
 */
export function inspectGraph(graph: Graph, training: number): Inspection {
  const { topology, pins, boards } = graph;
  const counts = { pins: pins.size, boards: boards.size, edges: edgeCount(graph) };
  const coverage = {
    pins: coverageOf(graph.pinAttributes, pins.size),
    boards: coverageOf(graph.boardAttributes, boards.size),
  };
  const known = (values: Float64Array | Float32Array | undefined): number =>
    values && counts.edges > 0 ? values.filter((value) => !Number.isNaN(value)).length / counts.edges : 0;
  const { addedAt, weight, sections } = graph.edges;
  const inSections = countWhere(sections?.codes ?? [], (code) => code > 0);
  const features = graph.features.map((feature) => {
    const { name, dimension } = feature;
    let present = 0;
    for (let pin = 0; pin < pins.size; pin++) if (hasVector(feature, pin)) present++;
    return { name, dimension, share: pins.size === 0 ? 0 : present / pins.size };
  });
  const components = connectedComponents(topology);
  return {
    id: graph.id,
    counts,
    order: graph.order?.columns ?? [],
    degrees: { pins: summarise(topology.pins), boards: summarise(topology.boards) },
    components,
    memory: memoryOf(counts, training),
    coverage,
    features,
    edgeColumns: { added_at: known(addedAt), weight: known(weight), section: inSections / Math.max(1, counts.edges) },
    relations: graph.relations.map(({ name, topology: related }) => ({
      name,
      nodes: related.boards.offsets.length - 1,
      edges: related.boards.neighbours.length,
      share: countWhere(degreesOf(related.pins), (degree) => degree > 0) / Math.max(1, pins.size),
    })),
    problems: problemsOf(graph, coverage, components),
  };
}
