import { type SourceName, sourceNames } from '../candidates/candidate-source.js';
import { type FittedSource, fitSource, type SourceSettings, standingAlone } from '../candidates/fitted-source.js';
import { BoardwalkError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { holdsText } from '../graph/pin-text.js';
import { type Progress, silentProgress } from '../progress.js';

/** The candidate sources, each alone, and the recommender that combines them. */
export const methodNames = [...sourceNames, 'recommender'] as const;

export type MethodName = (typeof methodNames)[number];

/** Judged where they are named: chance, and what takes long on tens of thousands of boards. */
const whereNamed: ReadonlySet<MethodName> = new Set(['random', 'ease', 'ials']);

/** What is judged where nothing is named: all but a few, and of those what a model has among its sources. */
export function defaultMethods(sources: readonly { readonly name: SourceName }[]): readonly MethodName[] {
  const own = new Set<MethodName>(sources.map(({ name }) => name));
  return methodNames.filter((name) => own.has(name) || !whereNamed.has(name));
}

/** `a,b,c` or `all`. */
export function parseMethods(list: string): readonly MethodName[] {
  if (list === 'all') return methodNames;
  return [...new Set(list.split(',').map((name) => name.trim()))].map((name) => {
    if ((methodNames as readonly string[]).includes(name)) return name as MethodName;
    throw new BoardwalkError('bad_option', `There is no method "${name}"; choose from ${methodNames.join(', ')}.`, {
      field: 'methods',
    });
  });
}

/** Methods that tell pins without boards apart; all others know pins by their boards alone. */
const knowColdPins: ReadonlySet<MethodName> = new Set([
  'random',
  'content',
  'pinsage',
  'pintext',
  'mapped',
  'recommender',
]);

/** Sources that come with a model where they suit it. */
const ofModels: ReadonlySet<MethodName> = new Set(['pintext', 'mapped']);
/** Methods that a model's trained weights have a say in. */
export const trainedMethods: ReadonlySet<MethodName> = new Set(['pinsage', ...ofModels, 'recommender']);

export interface MethodContext {
  /** Whether pins without boards alone are ranked. */
  readonly cold?: boolean;
  /** Whether a model is at hand, for those that come with one. */
  readonly model: boolean;
  /** Sources that a model has fitted to this very graph: they are not fitted again. */
  readonly fitted?: readonly FittedSource[];
  /** Settings of single sources, before those of `fitted`; the others have their defaults. */
  readonly settings?: Partial<Record<SourceName, SourceSettings>>;
  readonly progress?: Progress;
}

export interface ReadyMethods {
  readonly names: readonly MethodName[];
  readonly fitted: readonly FittedSource[];
  /** Method → why it cannot run here. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** Fits every method that can run on this graph. */
export async function fitMethods(
  graph: Graph,
  wanted: readonly MethodName[],
  context: MethodContext,
): Promise<ReadyMethods> {
  const { settings = {}, fitted: given = [], progress = silentProgress } = context;
  const names: MethodName[] = [];
  const fitted: FittedSource[] = [];
  const skipped: Record<string, string> = {};
  for (const name of wanted) {
    const reason = obstacle(graph, name, context);
    if (reason !== null) {
      skipped[name] = reason;
      continue;
    }
    names.push(name);
    if (!isSource(name)) continue;
    const known = settings[name] ? undefined : given.find((source) => source.name === name);
    fitted.push(
      await (known ? standingAlone(graph, known, progress) : fitSource(graph, name, settings[name], progress)),
    );
  }
  return { names, fitted, skipped };
}

function isSource(name: MethodName): name is SourceName {
  return (sourceNames as readonly string[]).includes(name);
}

function obstacle(graph: Graph, name: MethodName, { model, fitted = [], cold }: MethodContext): string | null {
  if (cold && !knowColdPins.has(name)) return 'has no opinion of pins without boards';
  if (trainedMethods.has(name) && !model) return 'needs a model (--model)';
  if (ofModels.has(name) && !fitted.some((source) => source.name === name))
    return `the model has no ${name}: ${name === 'pintext' ? 'it was not trained on words, or ' : ''}its spec or its version leaves it out of the sources`;
  if (name === 'content' && !holdsText(graph)) return 'the pins have no title or text';
  return null;
}
