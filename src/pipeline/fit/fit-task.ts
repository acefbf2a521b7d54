import type { CandidateSource } from '../../candidates/candidate-source.js';
import {
  type FittedSource,
  fitToTopology,
  openSource,
  type SourceSettings,
  type TopologySource,
} from '../../candidates/fitted-source.js';
import type { Topology } from '../../graph/graph.js';
import { finishedLine, type Progress } from '../../progress.js';
import type { JudgedQuery } from '../../ranking/examples.js';
import { fitBestSource } from './fit-best-source.js';

/** Sources to fit to one topology, as a thread is asked for them. */
export interface FitTask {
  /** In shared memory. */
  readonly topology: Topology;
  readonly sources: readonly { readonly name: TopologySource; readonly settings?: SourceSettings }[];
  /** Boards by which settings are to be chosen, each source's to serve beside those before it. */
  readonly judged?: readonly JudgedQuery[];
  /** [sources done, done, total] of the stage at work, in shared memory: whoever waits can look. */
  readonly meter: Float64Array;
}

export interface FitResult {
  readonly fitted: readonly FittedSource[];
  /** What the stages had to say when they were done. */
  readonly lines: readonly string[];
}

/** Fits sources one after another. Progress goes to the task's meter, for a thread has no screen. */
export async function performFits({ topology, sources, judged, meter }: FitTask): Promise<FitResult> {
  const lines: string[] = [];
  const progress = metered(meter, lines);
  const fitted: FittedSource[] = [];
  const partners: CandidateSource[] = [];
  for (const { name, settings } of sources) {
    meter.set([fitted.length, 0, 0]);
    const last = fitted.at(-1);
    if (judged && last) partners.push(openSource(last, { topology }));
    fitted.push(
      judged
        ? await fitBestSource(topology, name, judged, partners, progress)
        : await fitToTopology(topology, name, settings, progress),
    );
  }
  return { fitted, lines };
}

function metered(meter: Float64Array, lines: string[]): Progress {
  return {
    note: (line) => void lines.push(line),
    stage(title, total = 0) {
      const started = performance.now();
      meter.set([0, total], 1);
      return {
        update: (done) => void (meter[1] = done),
        finish: (summary) => void lines.push(finishedLine(title, started, summary)),
      };
    },
  };
}
