import type { SourceName } from '../../candidates/candidate-source.js';
import { BoardwalkError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { holdsText } from '../../graph/pin-text.js';
import type { PartialTrainSpec, TrainSpec } from './train-spec.js';

/**
 * The sources that a spec names, or those that suit the graph, in the order of the ranker's features. Throws
 * `bad_option` where a source of words is asked for, or `pintext` set up, and there are none, and where `mapped` is asked
 * for without `ials`, whose factors it maps.
 */
export function sourceNamesFor(
  graph: Graph,
  { sources }: Pick<TrainSpec, 'sources'>,
  { pintext }: Pick<PartialTrainSpec, 'pintext'> = {},
): readonly SourceName[] {
  const reads = holdsText(graph);
  const ofWords = sources.find((name) => name === 'pintext' || name === 'content');
  if (ofWords && !reads)
    throw new BoardwalkError(
      'bad_option',
      `The source "${ofWords}" reads the title and text of pins, and no pin has any: leave it out of \`sources\`, or build the graph with --pins that has them.`,
      { field: 'sources' },
    );
  if (sources.includes('mapped') && !sources.includes('ials'))
    throw new BoardwalkError(
      'bad_option',
      'The source "mapped" maps the factors of "ials": name "ials" among `sources` too.',
      { field: 'sources' },
    );
  if (sources.length > 0) return sources;
  if (pintext !== undefined && !reads)
    throw new BoardwalkError(
      'bad_option',
      'PinText reads the title and text of pins, and no pin has any: leave `pintext` out of --config, or build the graph with --pins that has them.',
      { field: 'pintext' },
    );
  const content = reads ? (['content', 'pintext'] as const) : [];
  return ['rp3beta', 'gfcf', 'spectral', 'ials', 'pinsage', ...content, 'mapped', 'pixie', 'popularity'];
}
