import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { NearestNeighbours } from '../ann/nearest-neighbours.js';
import type { PlainVectors } from '../embedding/vectors.js';
import { BoardwalkError } from '../errors.js';
import { degreesOf, type Graph, type Topology } from '../graph/graph.js';
import { type Progress, silentProgress } from '../progress.js';
import type { KernelFactory } from '../sampling/kernel.js';
import { walkKernelFor } from '../sampling/choose-kernel.js';
import type { CandidateSource, SourceName } from './candidate-source.js';
import { contentSource } from './content.js';
import { fitEase } from './ease.js';
import {
  loadIalsFactors,
  loadItemNeighbours,
  loadMappedFactors,
  loadPinVectors,
  loadSpectralFactors,
  loadTextTerms,
  saveIalsFactors,
  saveItemNeighbours,
  saveMappedFactors,
  savePinVectors,
  saveSpectralFactors,
  saveTextTerms,
} from './fitted-file.js';
import { ialsSource } from './ials.js';
import { fitIalsFactors, type IalsFactors } from './ials-factors.js';
import { fitItemKnn } from './itemknn.js';
import { type ItemNeighbours, itemNeighboursSource } from './item-neighbours.js';
import { mappedSource } from './mapped.js';
import type { MappedFactors } from './mapped-factors.js';
import { type PinVectors, vectorScorer, vectorSource } from './vector-source.js';
import { pixieSource } from './pixie.js';
import { popularitySource } from './popularity.js';
import { randomSource } from './random.js';
import { fitRp3beta } from './rp3beta.js';
import type { SpectralFactors } from './spectral-factors.js';
import { fitGfcf, gfcfSource } from './gfcf.js';
import { fitSpectral, spectralSource } from './spectral.js';
import { fitTextTerms, type TextTerms } from './text-terms.js';

/** A source's own options, those of fitting and of querying together; what is left out has its default. */
export type SourceSettings = Readonly<Record<string, unknown>>;

/** A source fitted to a graph: plain data in shared memory, which a worker is handed without a copy. */
export type FittedSource = { readonly settings: SourceSettings } & (
  | { readonly name: 'rp3beta' | 'itemknn' | 'ease'; readonly fitted: ItemNeighbours }
  | { readonly name: 'gfcf' | 'spectral'; readonly fitted: SpectralFactors }
  | { readonly name: 'ials'; readonly fitted: IalsFactors }
  | { readonly name: 'content'; readonly fitted: TextTerms }
  | { readonly name: 'pintext'; readonly fitted: PlainVectors }
  | { readonly name: 'mapped'; readonly fitted: MappedFactors }
  | { readonly name: 'random' | 'popularity' | 'pixie' | 'pinsage'; readonly fitted: null }
);

/** Sources of which only querying reads the settings that are searched for: `alone` needs no other fit. */
const queryOnly: ReadonlySet<SourceName> = new Set(['gfcf', 'pinsage', 'pintext', 'mapped']);

/**
 * A source as it answers without others: with the settings that its own name as `alone`, where it has any, fitted anew
 * where they want another fit. Beside others, whose candidates a ranker that knows popularity puts in order, other
 * settings find more.
 */
export async function standingAlone(
  graph: Graph,
  source: FittedSource,
  progress: Progress = silentProgress,
): Promise<FittedSource> {
  const { alone: _, ...beside } = source.settings;
  const settings = aloneOf(source.settings);
  const isFitted = queryOnly.has(source.name) || isDeepStrictEqual(settings, beside);
  return isFitted ? { ...source, settings } : fitSource(graph, source.name, settings, progress);
}

function aloneOf({ alone, ...beside }: SourceSettings): SourceSettings {
  return { ...beside, ...(alone as SourceSettings | undefined) };
}

/** What sources read beside their fitted part. */
export interface SourceContext {
  readonly topology: Topology;
  /** Needed by `pinsage`. */
  readonly table?: PinVectors;
  /** `table` with the columns that it leaves out, if any, by which `pinsage` answers alone. */
  readonly whole?: PinVectors;
  /** Used by `pinsage`; it scans exactly without one. */
  readonly index?: NearestNeighbours;
  /** Used by `pixie`; the TypeScript kernel unless told. */
  readonly kernel?: KernelFactory;
}

/** Sources that read nothing of a graph but its edges when they are fitted. */
export type TopologySource = 'rp3beta' | 'itemknn' | 'ease' | 'gfcf' | 'spectral' | 'ials';

const topologySources: ReadonlySet<SourceName> = new Set<TopologySource>([
  'rp3beta',
  'itemknn',
  'ease',
  'gfcf',
  'spectral',
  'ials',
]);

export function isTopologySource(name: SourceName): name is TopologySource {
  return topologySources.has(name);
}

/**
 * Does a source's share of the work that depends on the graph alone. Throws `mismatch` for `pintext` and `mapped`, whose
 * vectors come of training.
 */
export async function fitSource(
  graph: Graph,
  name: SourceName,
  settings: SourceSettings = {},
  progress: Progress = silentProgress,
): Promise<FittedSource> {
  if (isTopologySource(name)) return fitToTopology(graph.topology, name, settings, progress);
  if (name === 'pintext' || name === 'mapped')
    throw new BoardwalkError(
      'mismatch',
      `The source "${name}" comes with a model that has it among its sources. Name such a model.`,
    );
  return name === 'content'
    ? { name, settings, fitted: fitTextTerms(graph, settings) }
    : { name, settings, fitted: null };
}

/** Fits a source that reads edges alone to them. */
export async function fitToTopology(
  topology: Topology,
  name: TopologySource,
  settings: SourceSettings = {},
  progress: Progress = silentProgress,
): Promise<FittedSource> {
  switch (name) {
    case 'rp3beta':
      return { name, settings, fitted: fitRp3beta(topology, settings, progress) };
    case 'itemknn':
      return { name, settings, fitted: fitItemKnn(topology, settings, progress) };
    case 'ease':
      return { name, settings, fitted: fitEase(topology, settings, progress) };
    case 'gfcf':
      return { name, settings, fitted: fitGfcf(topology, settings, progress) };
    case 'spectral':
      return { name, settings, fitted: fitSpectral(topology, settings, progress) };
    case 'ials':
      return { name, settings, fitted: await fitIalsFactors(topology, settings, { progress }) };
  }
}

/** Makes a fitted source ready for queries. Throws `mismatch` where `pinsage` has no embedding table. */
export function openSource(source: FittedSource, context: SourceContext): CandidateSource {
  const { topology, table, whole, index, kernel = walkKernelFor } = context;
  const { settings } = source;
  const pinCount = topology.pins.offsets.length - 1;
  switch (source.name) {
    case 'rp3beta':
    case 'itemknn':
    case 'ease':
      return itemNeighboursSource(source.name, source.fitted);
    case 'gfcf':
      return gfcfSource(topology, source.fitted, settings);
    case 'spectral':
      return spectralSource(topology, source.fitted, settings);
    case 'ials':
      return ialsSource(topology, source.fitted, settings);
    case 'content':
      return contentSource(source.fitted);
    case 'pintext':
      return vectorSource(source.fitted, settings, { degrees: degreesOf(topology.pins), name: 'pintext' });
    case 'mapped':
      return mappedSource(topology, source.fitted, settings);
    case 'popularity':
      return popularitySource(topology);
    case 'random':
      return randomSource(pinCount, settings);
    case 'pixie':
      return pixieSource(kernel(topology), pinCount, settings);
    case 'pinsage':
      if (table) {
        const degrees = degreesOf(topology.pins);
        const alone = vectorScorer(whole ?? table, aloneOf(settings), degrees);
        return { ...vectorSource(table, settings, { index, degrees }), aspects: (...asked) => [alone(...asked)] };
      }
      throw new BoardwalkError('mismatch', 'The source "pinsage" needs a model\'s embedding table. Name a model.');
  }
}

/**
 * Writes the fitted part as `<name>.arrow`; sources without one write nothing. Settings are the caller's to keep.
 * @throws BoardwalkError `diverged` where the fit came to values that are not finite
 */
export async function saveSource(directory: string, source: FittedSource): Promise<void> {
  checkFinite(source);
  const path = join(directory, `${source.name}.arrow`);
  if (source.name === 'rp3beta' || source.name === 'itemknn' || source.name === 'ease')
    await saveItemNeighbours(path, source.fitted);
  else if (source.name === 'gfcf' || source.name === 'spectral') await saveSpectralFactors(path, source.fitted);
  else if (source.name === 'ials') await saveIalsFactors(path, source.fitted);
  else if (source.name === 'content') await saveTextTerms(path, source.fitted);
  else if (source.name === 'pintext') await savePinVectors(path, source.fitted);
  else if (source.name === 'mapped') await saveMappedFactors(path, source.fitted);
}

function checkFinite({ name, fitted }: FittedSource): void {
  for (const [part, values] of Object.entries<unknown>({ ...fitted }))
    if ((values instanceof Float32Array || values instanceof Float64Array) && !values.every(Number.isFinite))
      throw new BoardwalkError(
        'diverged',
        `The ${part} of the source "${name}" hold values that are not finite: its fit failed on this graph. ` +
          'Leave it out of the sources in --config.',
        { field: 'sources' },
      );
}

/** Reads back what `saveSource` wrote. Throws `bad_file` where it is missing or of another kind. */
export function loadSource(directory: string, name: SourceName, settings: SourceSettings = {}): FittedSource {
  const path = join(directory, `${name}.arrow`);
  switch (name) {
    case 'rp3beta':
    case 'itemknn':
    case 'ease':
      return { name, settings, fitted: loadItemNeighbours(path) };
    case 'gfcf':
    case 'spectral':
      return { name, settings, fitted: loadSpectralFactors(path) };
    case 'ials':
      return { name, settings, fitted: loadIalsFactors(path) };
    case 'content':
      return { name, settings, fitted: loadTextTerms(path) };
    case 'pintext':
      return { name, settings, fitted: loadPinVectors(path) };
    case 'mapped':
      return { name, settings, fitted: loadMappedFactors(path) };
    default:
      return { name, settings, fitted: null };
  }
}
