import type { Side } from '../graph.js';
import type { NodeRegister } from './node-register.js';

/** The ids that one segment of the log has mentioned on one side, numbered in the order of their first mention. */
export class SegmentCodes {
  readonly #register: NodeRegister;
  readonly #ids: string[] = [];
  /** The handle of each code, as far as it was needed; a removed node's handle no longer bears the id. */
  readonly #handles: number[] = [];
  /** Codes by handle, plus 1; 0 where there is none. */
  #codes = new Uint32Array(1_024);
  /** Codes, -1 for none, of ids that no handle has yet: they are in records on their way to the disk. */
  readonly #unborn = new Map<string, number>();

  /** Removals before this segment: as long as there are no more, every handle bears its id still. */
  readonly #removals: number;

  constructor(register: NodeRegister) {
    this.#register = register;
    this.#removals = register.removals;
  }

  /** The codes of `ids[from … to - 1]`; ids that the segment does not know get the next ones, and join `newIds`. */
  codes(ids: readonly string[], [from, to]: readonly [number, number], newIds: string[]): Uint32Array {
    const handles = this.#register.handlesOf(ids, from, to);
    const codes = new Uint32Array(handles.length);
    for (let row = 0; row < codes.length; row++) codes[row] = this.#code(ids[from + row], handles[row], newIds);
    return codes;
  }

  #code(id: string, handle: number, newIds: string[]): number {
    const known = handle < 0 ? this.#unborn.get(id) : handle < this.#codes.length ? this.#codes[handle] - 1 : -1;
    if (known !== undefined && known >= 0) return known;
    newIds.push(id);
    const code = this.#ids.push(id) - 1;
    this.#handles.push(-1);
    if (handle < 0) this.#unborn.set(id, code);
    else this.#bind(code, handle);
    return code;
  }

  /** Minds ids that a record names in full. */
  expect(ids: readonly string[]): void {
    for (const id of ids) if (this.#register.handleOf(id) < 0 && !this.#unborn.has(id)) this.#unborn.set(id, -1);
  }

  /** Takes ids that a record mentions for the first time. */
  declare(ids: readonly string[]): void {
    for (const id of ids) {
      this.#ids.push(id);
      this.#handles.push(-1);
    }
  }

  /** The handle behind a code. One that is unknown, or gone, is met anew where `birth` is given, else -1. */
  handle(code: number, birth: boolean): number {
    const id = this.#ids[code];
    const last = this.#handles[code];
    if (last >= 0 && (this.#register.removals === this.#removals || this.#register.id(last) === id)) return last;
    const handle = birth ? this.#register.meet(id) : this.#register.handleOf(id);
    if (handle >= 0) this.#bind(code, handle);
    return handle;
  }

  get size(): number {
    return this.#ids.length;
  }

  /** The handle of an id that a record names in full, a new one where it has none. */
  meet(id: string): number {
    this.#unborn.delete(id);
    return this.#register.meet(id);
  }

  /** Ids in records on their way to the disk that no node bears yet. */
  get unborn(): number {
    return this.#unborn.size;
  }

  #bind(code: number, handle: number): void {
    if (handle >= this.#codes.length) {
      const larger = new Uint32Array(2 * handle);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    if (this.#unborn.size > 0) this.#unborn.delete(this.#ids[code]);
    this.#handles[code] = handle;
    // The register's own string, with which comparisons are of addresses.
    this.#ids[code] = this.#register.id(handle);
    this.#codes[handle] = code + 1;
  }
}

export type SegmentDictionary = Readonly<Record<Side, SegmentCodes>>;
export type Registers = Readonly<Record<Side, NodeRegister>>;

export function segmentDictionary(registers: Registers): SegmentDictionary {
  return { pins: new SegmentCodes(registers.pins), boards: new SegmentCodes(registers.boards) };
}
