import type { SourceName } from '../../candidates/candidate-source.js';
import {
  type FittedSource,
  fitSource,
  isTopologySource,
  openSource,
  type SourceSettings,
} from '../../candidates/fitted-source.js';
import { likenessOf } from '../../candidates/likeness.js';
import { mapFactors, mappedDefaults } from '../../candidates/mapped-factors.js';
import { embedPins } from '../../embedding/embed-pins.js';
import { sideBySide } from '../../embedding/side-by-side.js';
import { tableOf } from '../../embedding/table-of.js';
import { trainedColumns } from '../../embedding/table.js';
import type { PlainVectors } from '../../embedding/vectors.js';
import type { Graph } from '../../graph/graph.js';
import type { Backend } from '../../model/backends.js';
import { vectorColumns, vectorMetric, withoutAxes } from '../../model/pin-axes.js';
import type { PinSageModel } from '../../model/weights.js';
import { type Progress, silentProgress } from '../../progress.js';
import { type JudgedParts, partJudged } from '../holdout/judged-queries.js';
import type { Holdout } from '../holdout/validation-holdout.js';
import type { TrainSpec } from '../spec/train-spec.js';
import type { StageClock } from '../stage-clock.js';
import type { ModelWeights, TrainedWeights } from '../weights/model-weights.js';
import { chooseVectorSettings, type JudgedTable } from './choose-vector-settings.js';
import { type FittedRanker, fitRanker } from './fit-ranker.js';
import { type FitsUnderWay, type SourceFitting, sourceFitting } from './fitting-thread.js';
import { chooseAxes, placeLike } from './place-on-axes.js';

export interface FitModelInput {
  readonly graph: Graph;
  readonly holdout: Holdout;
  /** PinText's have part where that source is among `begun`. */
  readonly weights: ModelWeights;
  /** Of the model before, where there is one: its axes are kept in number, and in direction as well as may be. */
  readonly like?: PinSageModel;
  readonly backend: Backend;
  readonly spec: TrainSpec;
  readonly seed: number;
  readonly begun: BegunFit;
  readonly clock: StageClock;
  readonly progress?: Progress;
}

/** All of a model that is made from its weights and a graph. */
export interface FittedModel extends FittedRanker {
  /** Those given, with the places on axes that go with them. */
  readonly weights: ModelWeights;
  readonly vectors: Float32Array;
  readonly sources: readonly FittedSource[];
}

/** Boards on which the settings of a source are compared. */
const tuningBoards = 400;

/** The part of a fit that reads edges alone: it is begun while the networks train, whose vectors the rest reads. */
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
  names,
  seed,
  progress = silentProgress,
}: Pick<FitModelInput, 'graph' | 'holdout' | 'seed' | 'progress'> & Pick<BegunFit, 'names'>): BegunFit {
  const judged = partJudged(holdout, seed);
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
  weights: { pinsage, pintext },
  like,
  backend,
  spec,
  seed,
  begun,
  clock,
  progress = silentProgress,
}: FitModelInput): Promise<FittedModel> {
  const { names, judged, fitting, chosen } = begun;
  const vectorsOf = (of: Graph, by: PinSageModel) => embedPins(of, by, { backend, seed, progress });
  const trainedVectors = (of: Graph, by: PinSageModel) => clock.time('embed', () => vectorsOf(of, withoutAxes(by)));
  const wordsOf = async (of: Graph, state: keyof TrainedWeights): Promise<PlainVectors> => {
    const each: PlainVectors[] = [];
    for (const { [state]: by } of pintext)
      each.push({ dimension: by.spec.dimension, vectors: await vectorsOf(of, by) });
    return sideBySide(each, of.pins.size);
  };
  // The sources that read more than edges; vectors of words are those of one state of the weights.
  const fitOthers = async (
    of: Graph,
    state: keyof TrainedWeights,
    settingsFor: (name: SourceName, words?: PlainVectors) => SourceSettings,
  ): Promise<FittedSource[]> => {
    const fitted: FittedSource[] = [];
    for (const name of names.filter((each) => !isTopologySource(each) && each !== 'mapped')) {
      if (name !== 'pintext') fitted.push(await fitSource(of, name, settingsFor(name)));
      else if (pintext.length > 0) {
        const words = await wordsOf(of, state);
        fitted.push({ name, settings: settingsFor(name, words), fitted: words });
      }
    }
    return fitted;
  };
  // The one that is made of others.
  const withMapped = (
    of: Graph,
    learnt: PlainVectors,
    fitted: readonly FittedSource[],
    settingsFor: (vectors: PlainVectors) => SourceSettings,
  ): FittedSource[] => {
    const ials = fitted.find((source) => source.name === 'ials');
    const words = fitted.find((source) => source.name === 'pintext');
    if (!names.includes('mapped') || !ials) return inOrder(names, fitted);
    const likeness = likenessOf(of.topology, learnt, words?.fitted);
    const mapped = mapFactors(of.topology, ials.fitted, likeness, {}, progress);
    return inOrder(names, [
      ...fitted,
      { name: 'mapped', settings: { ...mappedDefaults, ...settingsFor(mapped) }, fitted: mapped },
    ]);
  };

  progress.note('Fitting the ranker on edges hidden from training');
  const trained = await trainedVectors(holdout.graph, pinsage.heldOut);
  const heldOut = await clock.time('axes', async () =>
    // Whoever asks for other axes than before gets them chosen anew.
    like && like.spec.axes === pinsage.heldOut.spec.axes
      ? placeLike(holdout.graph, pinsage.heldOut, trained, like, progress)
      : chooseAxes(holdout, pinsage.heldOut, trained, seed, progress),
  );
  const alone = tableOf(holdout.graph, heldOut.vectors, heldOut.model);
  const table = trainedColumns(alone, pinsage.heldOut.spec);
  const settingsOfVectors = (vectors: JudgedTable): SourceSettings => ({
    ...chooseVectorSettings(holdout, { beside: vectors, alone: vectors }, seed),
  });
  const chooseSettings = (name: SourceName, words?: PlainVectors): SourceSettings => {
    if (words) return settingsOfVectors({ ...words, metric: vectorMetric(pintext[0].heldOut) });
    return name === 'pinsage' ? { ...chooseVectorSettings(holdout, { beside: table, alone }, seed) } : {};
  };
  const tuned = await clock.time('sources', async () => {
    const others = await fitOthers(holdout.graph, 'heldOut', chooseSettings);
    return withMapped(holdout.graph, alone, [...others, ...(await chosen.finished())], (mapped) =>
      settingsOfVectors({ ...mapped, metric: 'cosine' }),
    );
  });
  const again = fitting.refit(graph.topology, tuned);
  // No index: an exact scan of vectors that serve once is cheaper than building one.
  const context = { topology: holdout.graph.topology, table, whole: alone };
  const sources = tuned.map((source) => openSource(source, context));
  const fitted = await clock.time('ranker', () =>
    fitRanker({ graph: holdout.graph, table, sources, judged, spec, seed, progress }),
  );

  progress.note('Making vectors and sources from the whole graph');
  const trainedOnWhole = await trainedVectors(graph, pinsage.whole);
  const serving = await clock.time('axes', async () =>
    placeLike(graph, pinsage.whole, trainedOnWhole, heldOut.model, progress),
  );
  const settingsOf = new Map(tuned.map(({ name, settings }) => [name, settings]));
  const whole = await clock.time('sources', async () => {
    const others = await fitOthers(graph, 'whole', (name) => settingsOf.get(name) ?? {});
    const learnt = { dimension: vectorColumns(serving.model), vectors: serving.vectors };
    return withMapped(graph, learnt, [...others, ...(await again.finished())], () => settingsOf.get('mapped') ?? {});
  });
  return {
    ...fitted,
    weights: { pinsage: { heldOut: heldOut.model, whole: serving.model }, pintext },
    vectors: serving.vectors,
    sources: whole,
  };
}

function inOrder(names: readonly SourceName[], sources: readonly FittedSource[]): FittedSource[] {
  return names.flatMap((name) => sources.filter((source) => source.name === name));
}
