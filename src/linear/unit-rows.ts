import { lengthOf } from './vector-length.js';

/** The leading columns of rows of `stride` values each, brought to length 1; rows without length stay zero. */
export function unitRows(values: Float32Array, columns: number, stride = columns): Float32Array {
  const rows = values.length / stride;
  const unit = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const length = lengthOf(values, row * stride, columns) || 1;
    for (let c = 0; c < columns; c++) unit[row * columns + c] = values[row * stride + c] / length;
  }
  return unit;
}
