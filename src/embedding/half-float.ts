const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The IEEE 754 half-precision pattern nearest to a number, ties to even; too large a number becomes infinite. */
export function toHalf(value: number): number {
  single[0] = value;
  const pattern = bits[0];
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | roundedToEven(Math.abs(single[0]) * 2 ** 24);
  // The exponent's bias falls from 127 to 15; the mantissa loses 13 bits, and a carry goes up into the exponent.
  const shifted = magnitude - (112 << 23);
  return sign | ((shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13);
}

/** Numbers below 2^-14 have no leading one: they are multiples of 2^-24. */
function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

function decode(pattern: number): number {
  const exponent = (pattern >>> 10) & 31;
  const mantissa = pattern & 0x3ff;
  const sign = pattern & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Every pattern's value, made when the first is asked for: a look-up is several times as fast as decoding. */
let values: Float32Array | undefined;

export function halfValues(): Float32Array {
  values ??= Float32Array.from({ length: 65_536 }, (_, each) => decode(each));
  return values;
}

export function fromHalf(pattern: number): number {
  return halfValues()[pattern];
}
