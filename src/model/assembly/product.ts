import { pack } from './pack';

// A tile of 4 rows and 8 columns keeps its sums in 8 registers; more would not fit into the 16 of x86-64.
const tileRows: usize = 4;
const tileColumns: usize = 8;
const tileBytes: usize = 128;
/** A panel of the right operand, of 8 kB, stays in the first cache; a block of the left one in the second. */
const blockDepth: usize = 256;
const blockRows: usize = 128;
const blockColumns: usize = 2048;

/** Bytes that `product` needs to work in. */
export function productScratch(): usize {
  return tileBytes + ((blockDepth * (blockRows + blockColumns)) << 2);
}

// @ts-ignore: decorator
@inline
function finish(to: usize, sums: v128, added: bool, bias: usize, rectified: bool): void {
  if (added) sums = f32x4.add(sums, v128.load(to));
  if (bias) sums = f32x4.add(sums, v128.load(bias));
  if (rectified) sums = f32x4.max(sums, f32x4.splat(0));
  v128.store(to, sums);
}

// @ts-ignore: decorator
@inline
function finishRow(to: usize, left: v128, right: v128, added: bool, bias: usize, rectified: bool): void {
  finish(to, left, added, bias, rectified);
  finish(to + 16, right, added, bias ? bias + 16 : 0, rectified);
}

/** One rounding where the module is built with fused multiply-add, which takes one instruction for two. */
// @ts-ignore: decorator
@inline
function addProduct(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** The sums of one tile over one block's depth. Not unrolled: V8 would load ahead and run out of registers. */
function tile(
  a: usize,
  b: usize,
  depth: usize,
  to: usize,
  rowBytes: usize,
  added: bool,
  bias: usize,
  rectified: bool,
): void {
  let left0 = f32x4.splat(0);
  let right0 = left0;
  let left1 = left0;
  let right1 = left0;
  let left2 = left0;
  let right2 = left0;
  let left3 = left0;
  let right3 = left0;
  const end = a + depth * 16;
  while (a < end) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let value = v128.load32_splat(a);
    left0 = addProduct(left0, value, left);
    right0 = addProduct(right0, value, right);
    value = v128.load32_splat(a, 4);
    left1 = addProduct(left1, value, left);
    right1 = addProduct(right1, value, right);
    value = v128.load32_splat(a, 8);
    left2 = addProduct(left2, value, left);
    right2 = addProduct(right2, value, right);
    value = v128.load32_splat(a, 12);
    left3 = addProduct(left3, value, left);
    right3 = addProduct(right3, value, right);
    a += 16;
    b += 32;
  }
  finishRow(to, left0, right0, added, bias, rectified);
  finishRow(to + rowBytes, left1, right1, added, bias, rectified);
  finishRow(to + 2 * rowBytes, left2, right2, added, bias, rectified);
  finishRow(to + 3 * rowBytes, left3, right3, added, bias, rectified);
}

/** A tile that reaches over the edge: computed aside, and the part that there is finished. */
function edgeTile(
  a: usize,
  b: usize,
  depth: usize,
  to: usize,
  rowBytes: usize,
  added: bool,
  bias: usize,
  rectified: bool,
  rows: usize,
  columns: usize,
  aside: usize,
): void {
  tile(a, b, depth, aside, tileColumns << 2, false, 0, false);
  for (let row: usize = 0; row < rows; row++)
    for (let column: usize = 0; column < columns; column++) {
      const at = to + row * rowBytes + (column << 2);
      let sum = load<f32>(aside + ((row * tileColumns + column) << 2));
      if (added) sum += load<f32>(at);
      if (bias) sum += load<f32>(bias + (column << 2));
      if (rectified) sum = max(sum, <f32>0);
      store<f32>(at, sum);
    }
}

/**
 * out[m, n] = a · b, or out + a · b where `added`, then + bias[n] unless its address is 0, then max(·, 0) where
 * `rectified`. a is [m, k], or [k, m] where it is to be transposed; b is [k, n], or [n, k].
 */
export function product(
  a: usize,
  aTransposed: bool,
  b: usize,
  bTransposed: bool,
  out: usize,
  m: usize,
  n: usize,
  k: usize,
  added: bool,
  bias: usize,
  rectified: bool,
  scratch: usize,
): void {
  const aLane: usize = aTransposed ? 4 : k << 2;
  const aDepth: usize = aTransposed ? m << 2 : 4;
  const bLane: usize = bTransposed ? k << 2 : 4;
  const bDepth: usize = bTransposed ? 4 : n << 2;
  const outBytes = n << 2;
  const bPanels = scratch + tileBytes;
  const aPanels = bPanels + ((blockDepth * blockColumns) << 2);
  for (let column: usize = 0; column < n; column += blockColumns) {
    const columns = min(blockColumns, n - column);
    for (let from: usize = 0; from < k; from += blockDepth) {
      const depth = min(blockDepth, k - from);
      const sum = added || from > 0;
      const last = from + depth == k;
      pack(bPanels, b + column * bLane + from * bDepth, columns, depth, bLane, bDepth, tileColumns);
      for (let row: usize = 0; row < m; row += blockRows) {
        const rows = min(blockRows, m - row);
        pack(aPanels, a + row * aLane + from * aDepth, rows, depth, aLane, aDepth, tileRows);
        const to = out + row * outBytes + (column << 2);
        const shift = last && bias ? bias + (column << 2) : 0;
        multiplyBlock(aPanels, bPanels, depth, to, outBytes, sum, shift, last && rectified, rows, columns, scratch);
      }
    }
  }
}

function multiplyBlock(
  aPanels: usize,
  bPanels: usize,
  depth: usize,
  out: usize,
  rowBytes: usize,
  added: bool,
  bias: usize,
  rectified: bool,
  rows: usize,
  columns: usize,
  aside: usize,
): void {
  for (let column: usize = 0; column < columns; column += tileColumns) {
    const b = bPanels + ((column * depth) << 2);
    const shift = bias ? bias + (column << 2) : 0;
    for (let row: usize = 0; row < rows; row += tileRows) {
      const a = aPanels + ((row * depth) << 2);
      const to = out + row * rowBytes + (column << 2);
      const height = min(tileRows, rows - row);
      const width = min(tileColumns, columns - column);
      if (height == tileRows && width == tileColumns) tile(a, b, depth, to, rowBytes, added, shift, rectified);
      else edgeTile(a, b, depth, to, rowBytes, added, shift, rectified, height, width, aside);
    }
  }
}
