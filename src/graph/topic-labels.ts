import { withDefaults } from '../with-defaults.js';
import { type NodeTopics, noTopic } from './communities.js';
import type { Graph } from './graph.js';

export interface TopicLabelOptions {
  /** Words of a label. */
  words: number;
  /** Pins read for each topic, spread evenly over all it has. */
  pins: number;
  /** Pins of a topic that must have a word. */
  minimumPins: number;
}

export const topicLabelDefaults: TopicLabelOptions = { words: 3, pins: 5_000, minimumPins: 3 };

/** Distinct words of three letters and more; digits may follow, not lead. */
function wordsOf(text: string): Set<string> {
  return new Set(
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}[\p{L}\p{M}\p{N}]{2,}/gu),
  );
}

/** How often each word occurs among some pins, and all words together. */
interface WordCounts {
  readonly counts: Map<string, number>;
  total: number;
}

function count(into: WordCounts, words: Iterable<string>): void {
  for (const word of words) {
    into.counts.set(word, (into.counts.get(word) ?? 0) + 1);
    into.total++;
  }
}

/**
 * By how many standard deviations the log odds of a word are higher in a topic than elsewhere, where both
 * have all pins' counts, scaled down to `weight`, as their prior (Monroe, Colaresi and Quinn, 2008).
 */
export function tellingScore(
  inside: number,
  insideTotal: number,
  all: number,
  allTotal: number,
  weight: number,
): number {
  const prior = (weight * all) / allTotal;
  const outside = all - inside + prior;
  const own = inside + prior;
  const odds = Math.log(own / (insideTotal + weight - own));
  const others = Math.log(outside / (allTotal - insideTotal + weight - outside));
  return (odds - others) / Math.sqrt(1 / own + 1 / outside);
}

/** Words of prior: enough to hold down those that a topic has by chance. */
const priorWeight = 500;

function pinsOfTopics({ count: topics, pins }: NodeTopics): number[][] {
  const members = Array.from({ length: topics }, (): number[] => []);
  for (let pin = 0; pin < pins.length; pin++) if (pins[pin] !== noTopic) members[pins[pin]].push(pin);
  return members;
}

/**
 * A label for each topic, of the words that tell it best from the others in its pins' titles, or in their
 * texts where there are no titles. Labels are distinct; a topic without words is `topic N`.
 */
export function labelTopics(graph: Graph, topics: NodeTopics, options: Partial<TopicLabelOptions> = {}): string[] {
  const { words, pins, minimumPins } = withDefaults(topicLabelDefaults, options);
  const { pinAttributes } = graph;
  const name = pinAttributes.names.includes('title') ? 'title' : 'text';
  const all: WordCounts = { counts: new Map(), total: 0 };
  const counted = pinsOfTopics(topics).map((members) => {
    const own: WordCounts = { counts: new Map(), total: 0 };
    const step = Math.max(1, members.length / pins);
    for (let i = 0; i < members.length; i += step) {
      const found = wordsOf(pinAttributes.get(name, members[Math.floor(i)]) ?? '');
      count(own, found);
      count(all, found);
    }
    return own;
  });
  const taken = new Set<string>();
  return counted.map(({ counts, total }, topic) => {
    const best = [...counts]
      .filter(([, inside]) => inside >= minimumPins)
      .map(([word, inside]) => ({
        word,
        score: tellingScore(inside, total, all.counts.get(word) as number, all.total, priorWeight),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
      .slice(0, words)
      .map(({ word }) => word);
    let label = best.join(' ') || `topic ${topic + 1}`;
    if (taken.has(label)) label = `${label} ${topic + 1}`;
    taken.add(label);
    return label;
  });
}
