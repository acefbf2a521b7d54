/** Rounds over all pairs of axes; a dozen suffice for thousands of columns. */
const mostSweeps = 30;

/** The columns' products with each other, in doubles. */
function gram(values: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(dimension * dimension);
  for (let start = 0; start < values.length; start += dimension)
    for (let i = 0; i < dimension; i++) {
      const factor = values[start + i];
      for (let j = 0, at = i * dimension; j <= i; j++, at++) out[at] += factor * values[start + j];
    }
  for (let i = 0; i < dimension; i++) for (let j = 0; j < i; j++) out[j * dimension + i] = out[i * dimension + j];
  return out;
}

/** Turns rows p and q of a matrix [n, n] in place. */
function turnRows(matrix: Float64Array, n: number, p: number, q: number, cosine: number, sine: number): void {
  for (let i = 0, a = p * n, b = q * n; i < n; i++, a++, b++) {
    const [x, y] = [matrix[a], matrix[b]];
    matrix[a] = cosine * x - sine * y;
    matrix[b] = sine * x + cosine * y;
  }
}

function turnColumns(matrix: Float64Array, n: number, p: number, q: number, cosine: number, sine: number): void {
  for (let a = p, b = q; a < n * n; a += n, b += n) {
    const [x, y] = [matrix[a], matrix[b]];
    matrix[a] = cosine * x - sine * y;
    matrix[b] = sine * x + cosine * y;
  }
}

/**
 * The axes along which rows [n, dimension] are longest, one a row, the longest first: the eigenvectors of their
 * columns' products, by Jacobi's rotations, each of which sets one product of two axes to zero.
 */
export function principalAxes(rows: Float64Array, dimension: number): Float32Array {
  const products = gram(rows, dimension);
  const axes = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) axes[i * dimension + i] = 1;
  let total = 0;
  for (let i = 0; i < dimension; i++) total += products[i * dimension + i];
  const negligible = (Number.EPSILON * total) / Math.max(1, dimension);
  for (let sweep = 0, turned = true; turned && sweep < mostSweeps; sweep++) {
    turned = false;
    for (let p = 0; p < dimension; p++)
      for (let q = p + 1; q < dimension; q++) {
        const beside = products[p * dimension + q];
        if (Math.abs(beside) <= negligible) continue;
        turned = true;
        const tilt = (products[q * dimension + q] - products[p * dimension + p]) / (2 * beside);
        const tangent = (tilt < 0 ? -1 : 1) / (Math.abs(tilt) + Math.hypot(tilt, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        turnRows(products, dimension, p, q, cosine, sine);
        turnColumns(products, dimension, p, q, cosine, sine);
        turnRows(axes, dimension, p, q, cosine, sine);
      }
  }
  const lengths = Float64Array.from({ length: dimension }, (_, i) => products[i * dimension + i]);
  const order = [...lengths.keys()].sort((i, j) => lengths[j] - lengths[i] || i - j);
  return Float32Array.from({ length: dimension * dimension }, (_, at) => {
    const axis = order[Math.floor(at / dimension)];
    return axes[axis * dimension + (at % dimension)];
  });
}
