import { BoardwalkError } from '../errors.js';
import { type Attributes, type Graph, type Side, sides } from '../graph/graph.js';
import { type OrderColumn, orderColumns } from '../graph/node-order.js';
import type { NodeRange, PixieOptions, WalkBias } from '../sampling/kernel.js';

/** Attribute values that a walk is to prefer, such as a user's language, and how much. */
export interface WalkPreferences {
  readonly prefer: Partial<Record<OrderColumn, string>>;
  /** Share of the draws that are made among the preferred. */
  readonly strength?: number;
}

export interface WalkRequest {
  readonly bias?: WalkPreferences;
  /** Boards that walks do not go through. */
  readonly exclude_boards?: readonly string[];
}

/** Pixie's walks are personalised throughout; a tenth is left so that a walk still finds its way elsewhere. */
const usualStrength = 0.9;

/** Marks kept a graph: one byte a node for each side and set of values. */
const keptMarks = 64;

const marksOf = new WeakMap<Graph, Map<string, Uint8Array>>();

type Preferred = [column: OrderColumn, value: string][];

function marked(graph: Graph, side: Side, attributes: Attributes, wanted: Preferred): Uint8Array {
  const known = marksOf.get(graph) ?? new Map<string, Uint8Array>();
  marksOf.set(graph, known);
  const key = JSON.stringify([side, ...wanted]);
  let marks = known.get(key);
  if (!marks) {
    marks = Uint8Array.from({ length: graph[side].size }, (_, node) =>
      Number(wanted.every(([column, value]) => attributes.get(column, node) === value)),
    );
    if (known.size >= keptMarks) known.delete(known.keys().next().value as string);
  } else known.delete(key);
  // Behind all others: the one that was wanted longest ago goes first.
  known.set(key, marks);
  return marks;
}

/** One side's preferred nodes: a range where the graph is ordered by these columns, else marks. */
function preferredNodes(graph: Graph, side: Side, wanted: Preferred): NodeRange | Uint8Array | undefined {
  const attributes = side === 'pins' ? graph.pinAttributes : graph.boardAttributes;
  const known = wanted.filter(([column]) => attributes.names.includes(column));
  if (known.length === 0) return undefined;
  const range = graph.order?.range(side, Object.fromEntries(known));
  return range ? { from: range[0], to: range[1] } : marked(graph, side, attributes, known);
}

function biasOf(graph: Graph, { prefer, strength = usualStrength }: WalkPreferences): WalkBias {
  const wanted = Object.entries(prefer) as Preferred;
  const known = orderColumns.filter((column) =>
    [graph.pinAttributes, graph.boardAttributes].some(({ names }) => names.includes(column)),
  );
  for (const [column] of wanted)
    if (!known.includes(column))
      throw new BoardwalkError(
        'bad_request',
        `No pin and no board of this graph has a ${column}, so walks cannot prefer one. It knows ${known.join(', ') || 'none that they can'}.`,
        { field: `bias.prefer.${column}` },
      );
  const bias: WalkBias = { strength, ranges: {}, marks: {} };
  for (const side of sides) {
    const nodes = preferredNodes(graph, side, wanted);
    if (nodes instanceof Uint8Array) bias.marks = { ...bias.marks, [side]: nodes };
    else if (nodes) bias.ranges = { ...bias.ranges, [side]: nodes };
  }
  return bias;
}

/**
 * What walks heed for a request (Pixie, section 3.1: biasing the walk), in dense indices; undefined where
 * nothing is asked. Boards that the graph does not have exclude nothing.
 * @throws BoardwalkError `bad_request` for an attribute that no node has
 */
export function walkRulesOf(
  graph: Graph,
  { bias, exclude_boards = [] }: WalkRequest,
): Pick<PixieOptions, 'bias' | 'avoidBoards'> | undefined {
  const avoid = exclude_boards.map((id) => graph.boards.indexOf(id)).filter((board) => board >= 0);
  const prefers = bias !== undefined && Object.keys(bias.prefer).length > 0;
  if (!prefers && avoid.length === 0) return undefined;
  return {
    ...(prefers && { bias: biasOf(graph, bias) }),
    ...(avoid.length > 0 && { avoidBoards: Uint32Array.from(avoid) }),
  };
}

/** What of a request changes nothing, in sentences: boards that the graph lacks, values that no node has. */
export function unheeded(graph: Graph, { bias, exclude_boards = [] }: WalkRequest): string[] {
  const has = (side: Side, attributes: Attributes, [column, value]: Preferred[number]): boolean =>
    attributes.names.includes(column) && marked(graph, side, attributes, [[column, value]]).includes(1);
  const wanted = Object.entries(bias?.prefer ?? {}) as Preferred;
  return [
    ...exclude_boards
      .filter((id) => graph.boards.indexOf(id) < 0)
      .map((id) => `There is no board "${id}" in this graph, so excluding it changes nothing.`),
    ...wanted
      .filter((pair) => !has('pins', graph.pinAttributes, pair) && !has('boards', graph.boardAttributes, pair))
      .map(([column, value]) => `No pin and no board has the ${column} "${value}", so walks prefer nothing for it.`),
  ];
}
