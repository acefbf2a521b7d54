import { type FittedSource, fitSource, isTopologySource, openSource } from '../candidates/fitted-source.js';
import type { SourceName } from '../candidates/candidate-source.js';
import { embedPins } from '../embedding/embed-pins.js';
import type { EmbeddingTable } from '../embedding/table.js';
import type { Graph } from '../graph/graph.js';
import type { Backend } from '../model/backends.js';
import type { PinSageModel } from '../model/weights.js';
import { type Progress, silentProgress } from '../progress.js';
import { choosePinsageSettings } from './choose-pinsage-settings.js';
import { type FittedRanker, fitRanker } from './fit-ranker.js';
import { type JudgedParts, judgedQueries, partJudged } from './judged-queries.js';
import { type FitsUnderWay, type SourceFitting, sourceFitting } from './source-fitting.js';
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
  readonly begun: BegunFit;
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

/** The sources that suit a graph, in the order of the ranker's features; `content` needs words to read. */
export function sourcesFor(graph: Graph): SourceName[] {
  const words = graph.pinAttributes.names.includes('title') || graph.pinAttributes.names.includes('text');
  const content = words ? (['content'] as const) : [];
  return ['rp3beta', 'gfcf', 'spectral', 'ials', 'pinsage', ...content, 'pixie', 'popularity'];
}

/** What of a model needs no vectors, begun before there are any. */
export interface BegunFit {
  readonly names: readonly SourceName[];
  readonly judged: JudgedParts;
  /** The caller's to end. */
  readonly fitting: SourceFitting;
  /** Fitted without the hidden edges. */
  readonly chosen: FitsUnderWay;
}

/** Begins to choose the settings of the sources that read edges alone, while PinSage trains. */
export function beginFit({
  graph,
  holdout,
  spec,
  seed,
  progress = silentProgress,
}: Pick<FitModelInput, 'graph' | 'holdout' | 'spec' | 'seed' | 'progress'>): BegunFit {
  const names = spec.sources.length > 0 ? spec.sources : sourcesFor(graph);
  const judged = partJudged(judgedQueries(holdout, seed));
  const fitting = sourceFitting(graph.topology.pins.neighbours.length, progress);
  const chosen = fitting.choose(holdout.graph.topology, names, judged.fit.slice(0, tuningBoards));
  return { names, judged, fitting, chosen };
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
  begun,
  clock,
  progress = silentProgress,
}: FitModelInput): Promise<FittedModel> {
  const { names, judged, fitting, chosen } = begun;
  const embed = (of: Graph, by: PinSageModel): Promise<Float32Array> =>
    clock.time('embed', () => embedPins(of, by, { backend, seed, progress }));

  progress.note('Fitting the ranker on edges hidden from training');
  const table = tableOf(holdout.graph, await embed(holdout.graph, heldOut), heldOut);
  const tuned = await clock.time('sources', async () => {
    const others: FittedSource[] = [];
    for (const name of names.filter((each) => !isTopologySource(each)))
      others.push(
        name === 'pinsage'
          ? { name, settings: { ...choosePinsageSettings(holdout, table, seed) }, fitted: null }
          : await fitSource(holdout.graph, name),
      );
    return inOrder(names, [...others, ...(await chosen.finished())]);
  });
  const again = fitting.refit(graph.topology, tuned);
  // No index: an exact scan of vectors that serve once is cheaper than building one.
  const context = { topology: holdout.graph.topology, table };
  const sources = tuned.map((source) => openSource(source, context));
  const fitted = await clock.time('ranker', () =>
    fitRanker({ graph: holdout.graph, table, sources, judged, spec, seed, progress }),
  );

  progress.note('Making vectors and sources from the whole graph');
  const vectors = await embed(graph, pinsage);
  const whole = await clock.time('sources', async () => {
    const others: FittedSource[] = [];
    for (const { name, settings } of tuned.filter((source) => !isTopologySource(source.name)))
      others.push(await fitSource(graph, name, settings, progress));
    return inOrder(names, [...others, ...(await again.finished())]);
  });
  return { ...fitted, vectors, sources: whole };
}

function inOrder(names: readonly SourceName[], sources: readonly FittedSource[]): FittedSource[] {
  return names.flatMap((name) => sources.filter((source) => source.name === name));
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
