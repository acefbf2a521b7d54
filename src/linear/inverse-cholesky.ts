/** What orthonormalises columns whose inner products are known. */
export interface InverseFactor {
  /** L⁻¹, [n, n] lower triangular. */
  readonly inverse: Float32Array;
  /** The most that a column of Y · L⁻ᵀ lacks of unit length, squared: near 0 where columns are independent, 1 where one is not. */
  readonly shortfall: number;
}

/**
 * Of a Gram matrix's largest entry, the least shift where its columns are in single precision: it rounds sums over many
 * rows to about as much, and what is left of a pivot below it is rounding.
 */
export const singleRounding = 1e-6;

/**
 * L⁻¹ of A + shift · I = LLᵀ, in doubles, where A is the [n, n] Gram matrix of columns Y. The shift is a share of the
 * largest entry, and grows tenfold until no pivot falls under half of it: a smaller one is A's rounding, which would
 * grow from column to column (Fukaya et al., "Shifted Cholesky QR", SISC 2020, section 3). Y · L⁻ᵀ then has columns no
 * longer than 1, short where they depend on those before them; taken twice or thrice they fill their span. n³ / 3
 * multiply-adds.
 */
export function inverseCholesky(a: ArrayLike<number>, n: number, share = 1e-10): InverseFactor {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]));
  let shift = share * (largest || 1);
  const l = new Float64Array(n * n);
  let least = factor(a, n, shift, l);
  for (; least < shift / 2; least = factor(a, n, shift, l)) shift *= 10;
  return { inverse: inverseOf(l, n), shortfall: Math.min(1, shift / least) };
}

/** Writes L of A + shift · I = LLᵀ to `l`; gives the least pivot, and stops at one under half the shift. */
function factor(a: ArrayLike<number>, n: number, shift: number, l: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] + (i === j ? shift : 0);
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i === j) least = Math.min(least, sum);
      if (least < shift / 2) return least;
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j];
    }
  return least;
}

function inverseOf(l: Float64Array, n: number): Float32Array {
  const inverse = new Float32Array(n * n);
  const row = new Float64Array(n);
  // Row i of L⁻¹ solves x · L = e_i from the diagonal leftwards.
  for (let i = 0; i < n; i++) {
    row.fill(0);
    row[i] = 1 / l[i * n + i];
    for (let j = i - 1; j >= 0; j--) {
      let sum = 0;
      for (let k = j + 1; k <= i; k++) sum += row[k] * l[k * n + j];
      row[j] = -sum / l[j * n + j];
    }
    inverse.set(row, i * n);
  }
  return inverse;
}
