import type { Random } from '../../src/random.js';

/** One way to damage a file; gives what was done, for a person. */
type Damage = (bytes: Buffer, random: Random, other: Buffer) => { bytes: Buffer; what: string };

/** A block anywhere in the file: mostly short, now and then most of it. */
function block(bytes: Buffer, random: Random): [from: number, to: number] {
  const longest = [8, 64, 512, bytes.length][random.below(4)];
  const from = random.below(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + random.below(longest))];
}

function shown([from, to]: [number, number]): string {
  return `${from} to ${to}`;
}

/** What breaks readers of text: quotes, line ends, marks, numbers past every type. */
const oddTexts = [
  '"',
  '""',
  ',',
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\ufeff',
  '\t',
  '1e400',
  '-1',
  'NaN',
  '{',
  '[]',
  '🧶',
  'x'.repeat(70_000),
];

const oddValues = [null, true, -1, 1.5, 2 ** 53, 1e300, '', 'x', [], [null], {}, { a: 1 }, undefined];

/** The JSON document in a file; undefined where it holds something else. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const ways: Record<string, Damage> = {
  flip(bytes, random) {
    const flipped = Buffer.from(bytes);
    const count = 1 + random.below([1, 4, 64][random.below(3)]);
    const bits = Array.from({ length: count }, () => random.below(8 * bytes.length));
    for (const bit of bits) flipped[bit >> 3] ^= 1 << (bit & 7);
    return { bytes: flipped, what: `bits ${bits.join(', ')} flipped` };
  },
  truncate(bytes, random) {
    const end = random.below(bytes.length);
    return { bytes: bytes.subarray(0, end), what: `cut at byte ${end} of ${bytes.length}` };
  },
  zero(bytes, random) {
    const where = block(bytes, random);
    return { bytes: Buffer.from(bytes).fill(0, ...where), what: `bytes ${shown(where)} zeroed` };
  },
  fill(bytes, random) {
    const where = block(bytes, random);
    const value = [0xff, 0x7f, 0x80, 0x22, 0x0a][random.below(5)];
    return { bytes: Buffer.from(bytes).fill(value, ...where), what: `bytes ${shown(where)} set to ${value}` };
  },
  duplicate(bytes, random) {
    const where = block(bytes, random);
    const at = random.below(bytes.length + 1);
    const parts = [bytes.subarray(0, at), bytes.subarray(...where), bytes.subarray(at)];
    return { bytes: Buffer.concat(parts), what: `bytes ${shown(where)} repeated at ${at}` };
  },
  overwrite(bytes, random) {
    const where = block(bytes, random);
    const at = random.below(bytes.length);
    const copy = Buffer.from(bytes);
    bytes.copy(copy, at, ...where);
    return { bytes: copy, what: `bytes ${shown(where)} written over ${at}` };
  },
  drop(bytes, random) {
    const [from, to] = block(bytes, random);
    const parts = [bytes.subarray(0, from), bytes.subarray(to)];
    return { bytes: Buffer.concat(parts), what: `bytes ${from} to ${to} dropped` };
  },
  number(bytes, random) {
    const copy = Buffer.from(bytes);
    if (bytes.length < 8) return ways.flip(bytes, random, bytes);
    // Where the formats keep their lengths and places: at multiples of four.
    const at = 4 * random.below((bytes.length >> 2) - 1);
    const value = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), bytes.length, 2 ** 24, 2 ** 30][random.below(8)];
    copy.writeInt32LE(value, at);
    return { bytes: copy, what: `the number at ${at} set to ${value}` };
  },
  splice(bytes, random, other) {
    const at = random.below(bytes.length);
    const from = random.below(other.length);
    const parts = [bytes.subarray(0, at), other.subarray(from)];
    return { bytes: Buffer.concat(parts), what: `from byte ${at} on, another file from its byte ${from} on` };
  },
  insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    const text = oddTexts[random.below(oddTexts.length)];
    const parts = [bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)];
    return { bytes: Buffer.concat(parts), what: `${JSON.stringify(text.slice(0, 20))} put in at ${at}` };
  },
  value(bytes, random) {
    const document = parsed(bytes);
    const places: [holder: Record<string, unknown>, key: string][] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const key of Object.keys(value)) {
        places.push([value as Record<string, unknown>, key]);
        visit((value as Record<string, unknown>)[key]);
      }
    };
    visit(document);
    if (places.length === 0) return ways.insert(bytes, random, bytes);
    const [holder, key] = places[random.below(places.length)];
    const value = oddValues[random.below(oddValues.length)];
    holder[key] = value;
    return { bytes: Buffer.from(JSON.stringify(document)), what: `"${key}" set to ${JSON.stringify(value)}` };
  },
  swap(_, __, other) {
    return { bytes: other, what: 'swapped for another file' };
  },
};

/** Damages a file in one way, or in two after one another. `other` is a second file, of any format. */
export function damage(bytes: Buffer, random: Random, other: Buffer): { bytes: Buffer; what: string } {
  const names = Object.keys(ways);
  let damaged = bytes;
  const done: string[] = [];
  for (let left = random.below(4) === 0 ? 2 : 1; left > 0 && damaged.length > 0; left--) {
    const way = ways[names[random.below(names.length)]];
    const { bytes: next, what } = way(damaged, random, other);
    damaged = next;
    done.push(what);
  }
  return { bytes: damaged, what: done.join('; ') || 'left empty' };
}
