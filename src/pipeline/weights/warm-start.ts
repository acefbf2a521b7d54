import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { placeOf } from '../../data/whole-directory.js';
import { readEmbeddingTable } from '../../embedding/table-file.js';
import type { EmbeddingTable } from '../../embedding/table.js';
import { BoardwalkError } from '../../errors.js';
import type { Graph } from '../../graph/graph.js';
import { openPinSage } from '../../model/model-file.js';
import type { PinSageModel } from '../../model/weights.js';
import { readJson } from '../../registry/json-file.js';
import { modelFiles } from '../../registry/model-files.js';
import { readModelDirectory } from '../../registry/model.js';
import { checkpointPath, hasCheckpoint } from '../../training/checkpoint.js';
import { withDeepDefaults } from '../../with-defaults.js';
import { type KeptHoldout, readHoldout } from '../holdout/kept-holdout.js';
import { trainSpecOf } from '../spec/model-spec.js';
import { type PartialTrainSpec, pinTextSpecs, type TrainSpec, trainSpec } from '../spec/train-spec.js';
import { openHeldOut } from './model-weights.js';
import { earlierRun, runFile } from './partial-run.js';

/** What training takes over from an older model, or from a run that did not end. */
export interface WarmStart {
  /** The model's id; of a run, its folder. */
  readonly from: string;
  readonly pinsage: PinSageModel;
  /** Of the source of that name, where it has one. */
  readonly pintext: readonly PinSageModel[];
  readonly spec: TrainSpec;
  /** What the weights were never shown; absent in models from before it was kept. */
  readonly holdout: KeptHoldout | undefined;
  /** The vectors of the older model; a run has none. */
  readonly table: EmbeddingTable | undefined;
}

/** Opens a model directory, or the `.partial` folder of a run, to go on from its weights. */
export async function openWarmStart(directory: string): Promise<WarmStart> {
  const request = join(directory, runFile);
  const isRun = existsSync(request);
  // A run that was begun from another's weights in the same folder may have ended before it had any of its own.
  const earlier = join(directory, earlierRun);
  if (isRun && !hasCheckpoint(directory) && existsSync(earlier))
    return { ...(await openWarmStart(earlier)), from: directory };
  if (isRun && hasCheckpoint(directory))
    return {
      from: directory,
      pinsage: openPinSage(checkpointPath(directory)),
      pintext: [],
      // A run of an older version tells of one PinText without a list.
      spec: trainSpec(readJson<{ spec: PartialTrainSpec }>(request).spec),
      holdout: readHoldout(directory),
      table: undefined,
    };
  if (!existsSync(join(placeOf(directory), modelFiles.spec)))
    throw new BoardwalkError(
      'not_found',
      `${directory} is neither a model nor the .partial folder of a run with a checkpoint: name one with --from.`,
      { file: directory, field: 'from' },
    );
  return readModelDirectory(directory, (place, { id, spec }) => ({
    from: id,
    ...openHeldOut(place, spec),
    spec: trainSpecOf(spec),
    holdout: readHoldout(place),
    table: readEmbeddingTable(join(place, modelFiles.table)),
  }));
}

/** What is said of the relations of a graph that the older weights do not read. */
export function unreadRelations({ from, pinsage }: WarmStart, graph: Graph): string[] {
  const read = new Set(pinsage.features.relations ?? []);
  const unread = graph.relations.map(({ name }) => name).filter((name) => !read.has(name));
  if (unread.length === 0) return [];
  return [
    `${from} was trained without the relation ${unread.map((name) => `"${name}"`).join(', ')}, and goes on without: train without --from to read it.`,
  ];
}

/**
 * The older model's spec with what is asked for otherwise. Throws `bad_option` where edges are to be hidden otherwise:
 * those that the weights were never shown are hidden again.
 */
export function warmSpec({ spec, holdout }: WarmStart, asked: PartialTrainSpec): TrainSpec {
  const { pintext, ...others } = asked;
  const merged = trainSpec({
    ...(withDeepDefaults(spec, others) as PartialTrainSpec),
    pintext: pinTextSpecs(pintext, spec.pintext),
  });
  if (holdout && !isDeepStrictEqual(merged.validation, spec.validation))
    throw new BoardwalkError(
      'bad_option',
      'The edges that the older model was never shown are hidden again: leave `validation` out of --config, or train without --from.',
      { field: 'validation' },
    );
  return merged;
}
