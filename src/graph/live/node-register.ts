import { Vocabulary } from '../../data/vocabulary.js';
import type { AttributeName, Attributes } from '../graph.js';
import { IdIndex } from './id-index.js';

/** Attributes to set; null takes one away. */
export type Cells = Partial<Record<AttributeName, string | null>>;

/**
 * All nodes of one side that a process has met, by handle: base nodes in their order, then births in the
 * log's order. A handle outlives compaction, where dense indices change; it is never given twice, so a node
 * that is removed and comes back takes nothing with it.
 */
export class NodeRegister {
  /** '' stands for a removed node: no id is empty. */
  readonly #ids: string[];
  readonly #index: IdIndex;
  readonly #base: Attributes;
  readonly baseSize: number;
  readonly #cells = new Map<number, Cells>();
  /** Nodes removed so far. */
  removals = 0;
  /** Base nodes whose attributes were changed, in the order of that. */
  readonly described: number[] = [];

  constructor(ids: readonly string[], attributes: Attributes) {
    this.#ids = [...ids];
    this.#index = new IdIndex(this.#ids);
    this.#base = attributes;
    this.baseSize = ids.length;
  }

  /** Handles given so far, those of removed nodes included. */
  get size(): number {
    return this.#ids.length;
  }

  /** '' for a removed node. */
  id(handle: number): string {
    return this.#ids[handle] ?? '';
  }

  /** The handle of an id, or -1. */
  handleOf(id: string): number {
    return this.#index.find(id);
  }

  /** The handles of some ids, -1 for those that have none. */
  handlesOf(ids: readonly string[], from: number, to: number): Int32Array {
    return this.#index.findAll(ids, from, to);
  }

  /** The handle of an id, a new one where it has none. */
  meet(id: string): number {
    const known = this.#index.find(id);
    if (known >= 0) return known;
    const handle = this.#ids.push(id) - 1;
    this.#index.add(handle);
    return handle;
  }

  /** Sets attributes, and gives whether that changed any. */
  describe(handle: number, cells: Cells): boolean {
    const isNew = ([name, cell]: [string, string | null]): boolean =>
      this.attribute(name as AttributeName, handle) !== cell;
    if (!Object.entries(cells).some(isNew)) return false;
    this.#cells.set(handle, { ...this.#cells.get(handle), ...cells });
    if (handle < this.baseSize) this.described.push(handle);
    return true;
  }

  /** Forgets a node: its id, and what was set of its attributes. */
  remove(handle: number): void {
    this.#index.remove(handle);
    this.#ids[handle] = '';
    this.removals++;
    this.#cells.delete(handle);
  }

  attribute(name: AttributeName, handle: number): string | null {
    if (this.id(handle) === '') return null;
    const set = this.#cells.get(handle)?.[name];
    if (set !== undefined) return set;
    return handle < this.baseSize ? this.#base.get(name, handle) : null;
  }

  /** The attributes that any node may have. */
  attributeNames(): AttributeName[] {
    const names = new Set(this.#base.names);
    for (const cells of this.#cells.values()) for (const name of Object.keys(cells)) names.add(name as AttributeName);
    return [...names];
  }
}

/** Which dense index each handle has, and back; -1 for none. */
export interface Numbering {
  /** Indices given, those of removed nodes included. */
  readonly count: number;
  indexOf(handle: number): number;
  handleAt(index: number): number;
}

/** The numbering of nodes while one generation of the memory is walked. */
export class NodeIndices implements Numbering {
  readonly #register: NodeRegister;
  readonly #handles: Int32Array;
  readonly #indices: Int32Array;
  readonly #room: number;
  /** Indices given, those of removed nodes included. */
  #count: number;
  /** Handles below this have met this generation. */
  #met: number;

  /** `indices[h]` is the index of handle h, -1 for a removed node; `capacity` bounds the indices. */
  constructor(register: NodeRegister, indices: Int32Array, count: number, capacity: number) {
    this.#register = register;
    this.#count = count;
    this.#room = capacity - count;
    this.#met = indices.length;
    this.#indices = new Int32Array(indices.length + capacity - count).fill(-1);
    this.#indices.set(indices);
    this.#handles = new Int32Array(capacity).fill(-1);
    for (let handle = 0; handle < indices.length; handle++)
      if (indices[handle] >= 0) this.#handles[indices[handle]] = handle;
  }

  get count(): number {
    return this.#count;
  }

  /** Nodes that can still be born. */
  get left(): number {
    return this.#handles.length - this.#count;
  }

  /** The share of the room for births that is left. */
  get shareLeft(): number {
    return this.#room === 0 ? 1 : this.left / this.#room;
  }

  /** Gives an index to each handle below `size` that has met none yet. */
  admit(size: number): void {
    for (; this.#met < size; this.#met++) {
      this.#handles[this.#count] = this.#met;
      this.#indices[this.#met] = this.#count++;
    }
  }

  /** -1 where the node is gone, or unknown here. */
  indexOf(handle: number): number {
    return handle < this.#met && handle >= 0 ? this.#indices[handle] : -1;
  }

  /** -1 where the node is gone. */
  handleAt(index: number): number {
    return index < this.#count ? this.#handles[index] : -1;
  }

  /** The index of each handle met so far, as it is now. */
  snapshot(): Int32Array {
    return this.#indices.slice(0, this.#met);
  }

  remove(handle: number): void {
    this.#handles[this.#indices[handle]] = -1;
    this.#indices[handle] = -1;
  }

  vocabulary(): Vocabulary {
    return vocabularyOf(this.#register, this);
  }

  attributes(): Attributes {
    return attributesOf(this.#register, this);
  }
}

export function vocabularyOf(register: NodeRegister, numbering: Numbering): Vocabulary {
  return new LiveVocabulary(register, numbering);
}

export function attributesOf(register: NodeRegister, numbering: Numbering): Attributes {
  return {
    get names() {
      return register.attributeNames();
    },
    get: (name, index) => register.attribute(name, numbering.handleAt(index)),
  };
}

/** Ids and indices as they are at the moment of asking; a removed node's id is ''. */
class LiveVocabulary extends Vocabulary {
  readonly #register: NodeRegister;
  readonly #nodes: Numbering;

  constructor(register: NodeRegister, nodes: Numbering) {
    super([]);
    this.#register = register;
    this.#nodes = nodes;
  }

  override get size(): number {
    return this.#nodes.count;
  }

  override id(index: number): string {
    return this.#register.id(this.#nodes.handleAt(index));
  }

  override indexOf(id: string): number {
    return this.#nodes.indexOf(this.#register.handleOf(id));
  }

  override ids(): readonly string[] {
    return Array.from({ length: this.size }, (_, index) => this.id(index));
  }
}
