/**
 * A table of the FlatBuffers format (Arrow's metadata), read strictly within its bytes: where damage makes an
 * offset or a count point elsewhere, a RangeError comes before any loop or allocation that would follow it.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #slots: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#slots = at - view.getInt32(at, true);
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** Where a field lies; 0 where it is left out. */
  #place(field: number): number {
    const slot = 4 + 2 * field;
    if (slot >= this.#view.getUint16(this.#slots, true)) return 0;
    const offset = this.#view.getUint16(this.#slots + slot, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  #pointed(place: number): number {
    return place + this.#view.getUint32(place, true);
  }

  byte(field: number, otherwise = 0): number {
    const place = this.#place(field);
    return place === 0 ? otherwise : this.#view.getUint8(place);
  }

  short(field: number, otherwise = 0): number {
    const place = this.#place(field);
    return place === 0 ? otherwise : this.#view.getInt16(place, true);
  }

  int(field: number, otherwise = 0): number {
    const place = this.#place(field);
    return place === 0 ? otherwise : this.#view.getInt32(place, true);
  }

  long(field: number): number {
    const place = this.#place(field);
    return place === 0 ? 0 : Number(this.#view.getBigInt64(place, true));
  }

  table(field: number): FlatTable | undefined {
    const place = this.#place(field);
    return place === 0 ? undefined : new FlatTable(this.#view, this.#pointed(place));
  }

  text(field: number): string {
    const { from, count } = this.#vector(field, 1);
    return Buffer.from(this.#view.buffer, this.#view.byteOffset + from, count).toString('utf8');
  }

  tables(field: number): FlatTable[] {
    const { from, count } = this.#vector(field, 4);
    return Array.from({ length: count }, (_, index) => new FlatTable(this.#view, this.#pointed(from + 4 * index)));
  }

  /** The 64-bit integers of a vector of structs that hold `each` of them. */
  longs(field: number, each: number): number[][] {
    const { from, count } = this.#vector(field, 8 * each);
    return Array.from({ length: count }, (_, index) =>
      Array.from({ length: each }, (__, part) =>
        Number(this.#view.getBigInt64(from + 8 * (index * each + part), true)),
      ),
    );
  }

  #vector(field: number, bytes: number): { from: number; count: number } {
    const place = this.#place(field);
    if (place === 0) return { from: 0, count: 0 };
    const at = this.#pointed(place);
    const count = this.#view.getUint32(at, true);
    if (at + 4 + count * bytes > this.#view.byteLength)
      throw new RangeError('a list of its metadata is longer than it');
    return { from: at + 4, count };
  }
}
