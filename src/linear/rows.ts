/** A matrix on the host, row-major. */
export interface Rows {
  readonly width: number;
  readonly values: Float32Array;
}
