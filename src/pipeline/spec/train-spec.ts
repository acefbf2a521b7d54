import { type Static, Type } from 'typebox';
import { blendDefaults } from '../../blending/blend.js';
import { diversityDefaults } from '../../blending/diversity.js';
import { type SourceName, sourceNames } from '../../candidates/candidate-source.js';
import { BoardwalkError } from '../../errors.js';
import {
  type PartialPinSageSpec,
  pinSageDefaults,
  pinSageSchema,
  type PinSageSpec,
  pinSageSpec,
  pinTextDefaults,
} from '../../model/spec.js';
import { pinnabilityDefaults } from '../../ranking/fit-pinnability.js';
import { mostPinTexts } from '../../registry/model-files.js';
import { specFault } from '../../schema-fault.js';
import { withDeepDefaults } from '../../with-defaults.js';

const strict = { additionalProperties: false };
const share = (description: string) => Type.Number({ minimum: 0, exclusiveMaximum: 1, description });

const sourceName = Type.Unsafe<Exclude<SourceName, 'random'>>(
  Type.Union(sourceNames.filter((name) => name !== 'random').map((name) => Type.Literal(name))),
);

/** What `--config` may hold beside `pinsage`, whose own schema stands with the model. */
const stagesSchema = Type.Object(
  {
    validation: Type.Object(
      {
        boards: Type.Integer({ minimum: 10, description: 'boards that lose pins at most' }),
        edgeFraction: share("share of a board's pins hidden while the ranker is fitted"),
        minimumPins: Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 2 })], {
          description: 'smaller boards keep all of their pins; auto: 5, or fewer where most boards are short',
        }),
        coldPinFraction: Type.Union([
          Type.Literal('auto'),
          share('share of the pins whose every edge is hidden; auto: as the next edges will fall'),
        ]),
      },
      strict,
    ),
    /** Empty: those that suit the graph. */
    sources: Type.Array(sourceName, { uniqueItems: true }),
    candidatesPerSource: Type.Integer({ minimum: 1, maximum: 10_000 }),
    ranker: Type.Object(
      {
        loss: Type.Union([Type.Literal('softmax'), Type.Literal('logistic')]),
        l2: Type.Number({ minimum: 0 }),
        iterations: Type.Integer({ minimum: 1 }),
        hidden: Type.Integer({ minimum: 0, maximum: 1024, description: 'rectified units beside the linear score' }),
        negatives: Type.Integer({ minimum: 1, description: 'unsaved candidates kept for each board' }),
      },
      strict,
    ),
    blend: Type.Object(
      {
        diversity: Type.Object(
          {
            longestRun: Type.Integer({ minimum: 0 }),
            leastShare: Type.Number({ minimum: 0, maximum: 1 }),
            attributes: Type.Array(Type.Union([Type.Literal('owner'), Type.Literal('domain')])),
          },
          strict,
        ),
        likeness: Type.Object(
          {
            exponent: Type.Number({ minimum: 0, maximum: 1 }),
            boards: Type.Number({ exclusiveMinimum: 0 }),
          },
          strict,
        ),
      },
      strict,
    ),
  },
  strict,
);

type Stages = Static<typeof stagesSchema>;

/** Of a spec as a user writes it; told whether its `pintext` is a list, so that an error speaks of that alone. */
const specSchema = (listed: boolean) =>
  Type.Object(
    {
      pinsage: Type.Optional(Type.Object({})),
      pintext: Type.Optional(
        listed ? Type.Array(Type.Object({}), { minItems: 1, maxItems: mostPinTexts }) : Type.Object({}),
      ),
      ...stagesSchema.properties,
    },
    strict,
  );

/** Everything that decides a model apart from the graph and the seed. */
export interface TrainSpec extends Stages {
  readonly pinsage: PinSageSpec;
  /** Of the source of that name, a network each; they heed what concerns content. */
  readonly pintext: readonly PinSageSpec[];
}

/** A spec as a user may write it; what is left out takes its default. */
export interface PartialTrainSpec {
  readonly pinsage?: PartialPinSageSpec;
  /** Of its one network, or a list with an entry for each of several, whose likeness is averaged. */
  readonly pintext?: PartialPinSageSpec | readonly PartialPinSageSpec[];
  readonly validation?: Partial<Stages['validation']>;
  readonly sources?: Stages['sources'];
  readonly candidatesPerSource?: number;
  readonly ranker?: Partial<Stages['ranker']>;
  readonly blend?: { readonly [part in keyof Stages['blend']]?: Partial<Stages['blend'][part]> };
}

const stagesDefaults: Stages = {
  validation: { boards: 12_000, edgeFraction: 0.2, minimumPins: 'auto', coldPinFraction: 'auto' },
  sources: [],
  candidatesPerSource: 200,
  ranker: {
    loss: pinnabilityDefaults.loss,
    l2: pinnabilityDefaults.l2,
    iterations: pinnabilityDefaults.iterations,
    hidden: pinnabilityDefaults.hidden,
    negatives: 100,
  },
  blend: {
    ...blendDefaults,
    diversity: { ...diversityDefaults, attributes: [...diversityDefaults.attributes] },
  },
};

/** Fills in the defaults and checks; throws `bad_option` that names the field. */
export function trainSpec(
  { pinsage, pintext, ...partial }: PartialTrainSpec = {},
  defaults = pinSageDefaults,
): TrainSpec {
  const merged = withDeepDefaults(stagesDefaults, partial) as Stages;
  const misplaced = Object.keys(partial).find((name) => Object.hasOwn(pinSageSchema.properties, name));
  if (misplaced !== undefined)
    throw new BoardwalkError(
      'bad_option',
      `In the training spec, ${misplaced} stands under pinsage: {"pinsage": {"${misplaced}": …}}.`,
      { field: misplaced },
    );
  const fault = specFault('training spec', specSchema(isList(pintext)), {
    ...merged,
    ...(pinsage !== undefined && { pinsage }),
    ...(pintext !== undefined && { pintext }),
  });
  if (fault) throw fault;
  return {
    ...merged,
    pinsage: pinSageSpec(pinsage, defaults),
    pintext: pinTextSpecs(pintext),
  };
}

/**
 * A spec for each network of PinText: what is given for one, over the defaults' own, the last of them where a list is
 * longer.
 */
export function pinTextSpecs(
  given: PartialTrainSpec['pintext'],
  defaults: readonly PinSageSpec[] = [pinTextDefaults],
): PinSageSpec[] {
  const each = isList(given) ? given : defaults.map(() => given ?? {});
  return each.map((partial, network) =>
    pinSageSpec(
      partial,
      defaults[Math.min(network, defaults.length - 1)],
      each.length > 1 ? `PinText spec [${network}]` : 'PinText spec',
    ),
  );
}

function isList(given: PartialTrainSpec['pintext']): given is readonly PartialPinSageSpec[] {
  return Array.isArray(given);
}
