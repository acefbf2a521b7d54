import type { SourceName } from '../../candidates/candidate-source.js';
import { type FittedSource, isTopologySource, type TopologySource } from '../../candidates/fitted-source.js';
import type { Topology } from '../../graph/graph.js';
import { type Progress, silentProgress } from '../../progress.js';
import type { JudgedQuery } from '../../ranking/examples.js';
import { sharedFloat64, topologyInShared } from '../../sampling/shared-arrays.js';
import { performers } from '../../threads.js';
import { type FitResult, type FitTask, performFits } from './fit-task.js';

/** Sources that are being fitted to one topology. */
export interface FitsUnderWay {
  /** Waits for all of them, and shows how far they are. Throws `interrupted` where their thread has failed. */
  finished(): Promise<readonly FittedSource[]>;
}

/**
 * Fits the sources that read edges alone in a thread of their own: PinSage's training and the ranker's fit go on
 * meanwhile. A small graph is done without a thread, when the sources are waited for.
 */
export interface SourceFitting {
  /** Chooses settings for sources that are to serve beside each other, each for those before it, and fits them. */
  choose(topology: Topology, names: readonly SourceName[], judged: readonly JudgedQuery[]): FitsUnderWay;
  /** Fits sources again under the settings that they have. */
  refit(topology: Topology, sources: readonly FittedSource[]): FitsUnderWay;
  /** Ends the thread; fits under way reject. */
  end(): Promise<void>;
}

/** Fewer edges are fitted sooner than a thread has started. */
const edgesWorthThread = 20_000;

/** `edges` of the largest graph that sources will be fitted to. */
export function sourceFitting(edges: number, progress: Progress = silentProgress): SourceFitting {
  const thread =
    edges < edgesWorthThread
      ? undefined
      : performers('fit', { threads: 1, what: 'The thread that fits the candidate sources' });
  const begin = (topology: Topology, sources: FitTask['sources'], judged?: readonly JudgedQuery[]): FitsUnderWay => {
    const meter = sharedFloat64(3);
    const task: FitTask = { topology: topologyInShared(topology), sources, judged, meter };
    const begun = thread?.perform('perform', task) as Promise<FitResult> | undefined;
    // Whoever waits hears of a failure; until then it is nobody's.
    begun?.catch(() => undefined);
    return {
      async finished() {
        const names = sources.map(({ name }) => name);
        const { fitted, lines } = await watched(begun ?? performFits(task), names, meter, progress);
        for (const line of lines) progress.note(line);
        return fitted;
      },
    };
  };
  return {
    choose: (topology, names, judged) =>
      begin(
        topology,
        names.filter(isTopologySource).map((name) => ({ name })),
        judged,
      ),
    refit: (topology, sources) =>
      begin(
        topology,
        sources.flatMap(({ name, settings }) => (isTopologySource(name) ? [{ name, settings }] : [])),
      ),
    end: async () => thread?.end(),
  };
}

/** Milliseconds between two looks at a thread's progress. */
const lookEvery = 200;

/** Waits, and shows how far the fits are. */
async function watched<T>(
  fits: Promise<T>,
  names: readonly TopologySource[],
  meter: Float64Array,
  progress: Progress,
): Promise<T> {
  const stage = progress.stage('fitting sources', names.length);
  const timer = setInterval(() => {
    const [sources, done, total] = meter;
    stage.update(sources, {
      source: names[sources],
      ...(total > 0 && { 'done of it': `${Math.floor((100 * done) / total)}%` }),
    });
  }, lookEvery);
  try {
    const result = await fits;
    stage.finish();
    return result;
  } finally {
    clearInterval(timer);
  }
}
