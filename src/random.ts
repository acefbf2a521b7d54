/**
 * Seeded random streams. A stream is named by integers (seed, epoch, pin, …), never by the worker that
 * happens to draw from it, so results do not depend on how work is divided. Most that draw
 * name their purpose too, by two ASCII letters read as a number: 0x666f is `fo`, of the folds. Under one seed, equal
 * names are one stream, so a new one should be unlike all others. 0x7661, `va`, has two users, `training/validation`
 * and `pipeline/holdout/validation-holdout`, which shuffle lists of their own by it. No number may change: models would.
 */
export interface Random {
  /** An integer in [0, 2^32). */
  uint32(): number;
  /** An integer in [0, bound), by multiply-shift; bias below bound / 2^32. */
  below(bound: number): number;
  /** A float in [0, 1). */
  float(): number;
  /** A standard normal deviate. */
  normal(): number;
}

/** murmur3's finaliser: a bijection of 32-bit integers in which every input bit moves every output bit. */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Folds integers into one 32-bit stream name; never 0, which is xorshift's fixed point. */
export function streamOf(...names: number[]): number {
  let state = 0x9e3779b9;
  for (const name of names) state = mix32(state ^ mix32((name >>> 0) + 0x7f4a7c15)) + 0x9e3779b9;
  return mix32(state) || 1;
}

/** A xorshift32 stream. The walk kernels inline the same recurrence. */
export function random(...names: number[]): Random {
  let state = streamOf(...names);
  let spare = Number.NaN;
  const uint32 = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const float = (): number => uint32() / 0x1_0000_0000;
  return {
    uint32,
    float,
    below: (bound) => Math.floor(float() * bound),
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      // Box and Muller; 1 - float() keeps the logarithm finite.
      const radius = Math.sqrt(-2 * Math.log(1 - float()));
      const angle = 2 * Math.PI * float();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** Fisher and Yates, in place. */
export function shuffle<T extends { length: number; [index: number]: number }>(values: T, source: Random): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = source.below(i + 1);
    const kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
  return values;
}
