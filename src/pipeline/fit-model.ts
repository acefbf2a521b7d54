import { type FittedSource, fitSource, openSource } from '../candidates/fitted-source.js';
import type { CandidateSource, SourceName } from '../candidates/candidate-source.js';
import { embedPins } from '../embedding/embed-pins.js';
import type { EmbeddingTable } from '../embedding/table.js';
import type { Graph } from '../graph/graph.js';
import type { Backend } from '../model/backends.js';
import type { PinSageModel } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import { choosePinsageSettings } from './choose-pinsage-settings.js';
import { fitBestSource } from './choose-settings.js';
import { type FittedRanker, fitRanker } from './fit-ranker.js';
import { judgedQueries, partJudged } from './judged-queries.js';
import type { StageClock } from './stage-clock.js';
import type { TrainSpec } from './train-spec.js';
import type { Holdout } from './validation-holdout.js';

export interface FitModelInput {
  readonly graph: Graph;
  readonly holdout: Holdout;
  /** Trained on the whole graph. */
  readonly pinsage: PinSageModel;
  /** Trained without the hidden edges. */
  readonly heldOut: PinSageModel;
  readonly backend: Backend;
  readonly spec: TrainSpec;
  readonly seed: number;
  readonly clock: StageClock;
  readonly progress?: Progress;
}

/** All of a model that is made from PinSage's weights and a graph. */
export interface FittedModel extends FittedRanker {
  readonly vectors: Float32Array;
  readonly sources: readonly FittedSource[];
}

/** Boards on which the settings of a source are compared. */
const tuningBoards = 400;
/** Sources that are chosen to serve beside each other. */
const collaborative: ReadonlySet<SourceName> = new Set(['rp3beta', 'gfcf', 'spectral', 'ease', 'ials']);

/** The sources that suit a graph, in the order of the ranker's features; `content` needs words to read. */
export function sourcesFor(graph: Graph): SourceName[] {
  const words = graph.pinAttributes.names.includes('title') || graph.pinAttributes.names.includes('text');
  const content = words ? (['content'] as const) : [];
  return ['rp3beta', 'gfcf', 'spectral', 'ials', 'pinsage', ...content, 'pixie', 'popularity'];
}

/**
 * Fits the ranker where the validation edges are hidden, then makes vectors and sources again from the whole
 * graph: the ranker has learnt how far to trust each source.
 */
export async function fitModel({
  graph,
  holdout,
  pinsage,
  heldOut,
  backend,
  spec,
  seed,
  clock,
  progress = silentProgress,
}: FitModelInput): Promise<FittedModel> {
  const names = spec.sources.length > 0 ? spec.sources : sourcesFor(graph);
  const judged = partJudged(judgedQueries(holdout, seed));
  const embed = (of: Graph, by: PinSageModel): Promise<Float32Array> =>
    clock.time('embed', () => embedPins(of, by, { backend, seed, progress }));

  progress.note('Fitting the ranker on edges hidden from training');
  const table = tableOf(holdout.graph, await embed(holdout.graph, heldOut), heldOut);
  // No index: an exact scan of vectors that serve once is cheaper than building one.
  const context = { topology: holdout.graph.topology, table };
  const tuned: FittedSource[] = [];
  const sources: CandidateSource[] = [];
  await clock.time('sources', async () => {
    for (const name of names) {
      const partners = sources.filter((source) => collaborative.has(source.name));
      const best: FittedSource =
        name === 'pinsage'
          ? { name, settings: { ...choosePinsageSettings(holdout, table, seed) }, fitted: null }
          : await fitBestSource(holdout.graph, name, judged.fit.slice(0, tuningBoards), partners, progress);
      tuned.push(best);
      sources.push(openSource(best, context));
    }
  });
  const fitted = await clock.time('ranker', () =>
    fitRanker({ graph: holdout.graph, table, sources, judged, spec, seed, progress }),
  );

  progress.note('Making vectors and sources from the whole graph');
  const vectors = await embed(graph, pinsage);
  const whole: FittedSource[] = [];
  await clock.time('sources', async () => {
    for (const { name, settings } of tuned) whole.push(await fitSource(graph, name, settings, progress));
  });
  return { ...fitted, vectors, sources: whole };
}

/** Vectors as a table that no model has a name for yet. */
export function tableOf(graph: Graph, vectors: Float32Array, { spec }: PinSageModel): EmbeddingTable {
  return {
    modelId: '',
    graphId: graph.id,
    dimension: spec.dimension,
    metric: spec.normalise ? 'cosine' : 'ip',
    pinIds: graph.pins.ids(),
    vectors,
  };
}
