import { UndirectedGraph } from 'graphology';
import louvainModule from 'graphology-communities-louvain';
import { random, shuffle } from '../random.js';
import { withDefaults } from '../with-defaults.js';
import { type Adjacency, degree, neighboursOf, type Topology } from './graph.js';

// The package is CommonJS with the types of an ES module: what is imported already is its default.
const louvain = louvainModule as unknown as typeof louvainModule.default;

/** The topic of a node that has none. */
export const noTopic = 0xffff_ffff;

/** One topic, 0 … count - 1, for each pin and board, or `noTopic`. */
export interface NodeTopics {
  readonly count: number;
  readonly pins: Uint32Array;
  readonly boards: Uint32Array;
}

export interface CommunityOptions {
  /** Edges of the sample in which communities are sought: some half a kilobyte each, while it lasts. */
  sampleEdges: number;
  /** Above 1 for more and smaller communities. */
  resolution: number;
  /** At most this many communities become topics, the largest; the rest are spread over them. */
  topics: number;
  /** Boards of the sample that a community needs to become a topic. */
  minimumBoards: number;
  /** Times that topics spread from boards to pins and back. */
  rounds: number;
  seed: number;
}

export const communityDefaults: CommunityOptions = {
  sampleEdges: 500_000,
  resolution: 1,
  topics: 256,
  minimumBoards: 10,
  rounds: 4,
  seed: 1,
};

/** Boards drawn until their edges make up the sample: of each drawn board all pins are known. */
function sampleBoards({ boards }: Topology, edges: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: boards.offsets.length - 1 }, (_, board) => board);
  if (edges < boards.neighbours.length) shuffle(order, random(seed));
  let taken = 0;
  let drawn = 0;
  while (drawn < order.length && taken < edges) taken += degree(boards, order[drawn++]);
  return order.subarray(0, drawn);
}

/** Louvain's community of each sampled board, and of each pin on two of them: other pins link nothing. */
function communitiesOf({ boards }: Topology, sample: Uint32Array, { resolution, seed }: CommunityOptions) {
  const saves = new Map<number, number>();
  for (const board of sample) for (const pin of neighboursOf(boards, board)) saves.set(pin, (saves.get(pin) ?? 0) + 1);
  const links = (pin: number): boolean => (saves.get(pin) as number) > 1;
  const graph = new UndirectedGraph();
  for (const pin of saves.keys()) if (links(pin)) graph.addNode(`p${pin}`);
  for (const board of sample) {
    graph.addNode(`b${board}`);
    for (const pin of neighboursOf(boards, board)) if (links(pin)) graph.addEdge(`b${board}`, `p${pin}`);
  }
  const stream = random(seed, 1);
  return Object.entries(louvain(graph, { resolution, rng: () => stream.float(), getEdgeWeight: null }));
}

/**
 * Topics without any text: a sampled board has that of its community in Louvain's sense; from there they spread
 * to pins and to the other boards, each taking the one that most of its neighbours have. Topics are numbered by size, largest first.
 */
export function findCommunities(topology: Topology, given: Partial<CommunityOptions> = {}): NodeTopics {
  const options = withDefaults(communityDefaults, given);
  const found = communitiesOf(topology, sampleBoards(topology, options.sampleEdges, options.seed), options);
  const sizes = new Map<number, number>();
  for (const [key, community] of found) if (key[0] === 'b') sizes.set(community, (sizes.get(community) ?? 0) + 1);
  const kept = [...sizes]
    .filter(([, size]) => size >= options.minimumBoards)
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, options.topics);
  const topicOf = new Map(kept.map(([community], topic) => [community, topic]));
  const topics: NodeTopics = {
    count: kept.length,
    pins: new Uint32Array(topology.pins.offsets.length - 1).fill(noTopic),
    boards: new Uint32Array(topology.boards.offsets.length - 1).fill(noTopic),
  };
  for (const [key, community] of found)
    if (key[0] === 'b') topics.boards[Number(key.slice(1))] = topicOf.get(community) ?? noTopic;
  for (let round = 0; round < options.rounds; round++) {
    const pins = adoptTopics(topology.pins, topics.pins, topics.boards, topics.count);
    const boards = adoptTopics(topology.boards, topics.boards, topics.pins, topics.count);
    if (pins + boards === 0) break;
  }
  // Pins of few sampled boards were hasty: now that all boards have spoken, each pin hears them once more.
  topics.pins.fill(noTopic);
  adoptTopics(topology.pins, topics.pins, topics.boards, topics.count);
  return topics;
}

/**
 * Gives nodes without a topic the one that most of their neighbours have, the lowest among equals; returns
 * how many got one. O(edges).
 */
export function adoptTopics(rows: Adjacency, own: Uint32Array, others: Uint32Array, count: number): number {
  const votes = new Uint32Array(count);
  let adopted = 0;
  for (let node = 0; node < own.length; node++) {
    if (own[node] !== noTopic) continue;
    const topics = neighboursOf(rows, node).map((neighbour) => others[neighbour]);
    let best = noTopic;
    let most = 0;
    for (const topic of topics) {
      if (topic === noTopic) continue;
      const sum = ++votes[topic];
      if (sum < most || (sum === most && topic > best)) continue;
      most = sum;
      best = topic;
    }
    for (const topic of topics) if (topic !== noTopic) votes[topic] = 0;
    own[node] = best;
    if (best !== noTopic) adopted++;
  }
  return adopted;
}

/** Nodes of each topic; the last number is of those without one. */
export function membersOf(topicOf: Uint32Array, count: number): Uint32Array {
  const members = new Uint32Array(count + 1);
  for (const topic of topicOf) members[Math.min(topic, count)]++;
  return members;
}
