import { boardsByOwner } from '../blending/interests.js';
import { degree, type Graph, neighboursOf } from '../graph/graph.js';
import { BoardwalkError } from '../errors.js';

export interface PinSummary {
  pin_id: string;
  title: string | null;
  image: string | null;
  boards: number;
}

export interface BoardSummary {
  board_id: string;
  title: string | null;
  owner: string | null;
  pins: number;
}

/** The dense indices with the greatest weight, greatest first, ties by index. */
function greatest(indices: Iterable<number>, weightOf: (index: number) => number, limit: number): number[] {
  return [...indices].sort((a, b) => weightOf(b) - weightOf(a) || a - b).slice(0, limit);
}

const attributeNames = ['title', 'text', 'url', 'image', 'domain', 'owner', 'language', 'topic', 'created_at'] as const;

type AttributeCells = Record<(typeof attributeNames)[number], string | null>;

/** What the graph itself says about pins, boards and their owners: the page's facts beside the recommendations. */
export class Catalogue {
  readonly #graph: Graph;
  #boardsOfOwner: Map<string, number[]> | undefined;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** @throws BoardwalkError `unknown_pin` */
  pinIndex(id: string): number {
    const index = this.#graph.pins.indexOf(id);
    if (index < 0) throw new BoardwalkError('unknown_pin', `There is no pin "${id}" in this graph.`, { field: 'id' });
    return index;
  }

  /** @throws BoardwalkError `unknown_board` */
  boardIndex(id: string): number {
    const index = this.#graph.boards.indexOf(id);
    if (index < 0)
      throw new BoardwalkError('unknown_board', `There is no board "${id}" in this graph.`, { field: 'id' });
    return index;
  }

  pin(index: number): PinSummary {
    const { pins, pinAttributes } = this.#graph;
    return {
      pin_id: pins.id(index),
      title: pinAttributes.get('title', index),
      image: pinAttributes.get('image', index),
      boards: this.savesOf(index),
    };
  }

  board(index: number): BoardSummary {
    const { boards, boardAttributes } = this.#graph;
    return {
      board_id: boards.id(index),
      title: boardAttributes.get('title', index),
      owner: boardAttributes.get('owner', index),
      pins: this.sizeOf(index),
    };
  }

  /** The number of boards that hold a pin. */
  savesOf(pin: number): number {
    return degree(this.#graph.topology.pins, pin);
  }

  /** The number of pins on a board. */
  sizeOf(board: number): number {
    return degree(this.#graph.topology.boards, board);
  }

  pinAttributes(index: number): AttributeCells {
    return this.#cells((name) => this.#graph.pinAttributes.get(name, index));
  }

  boardAttributes(index: number): AttributeCells {
    return this.#cells((name) => this.#graph.boardAttributes.get(name, index));
  }

  #cells(read: (name: keyof AttributeCells) => string | null): AttributeCells {
    return Object.fromEntries(attributeNames.map((name) => [name, read(name)])) as AttributeCells;
  }

  largestBoardsOf(pin: number, limit: number): BoardSummary[] {
    return this.largestBoardsAmong(neighboursOf(this.#graph.topology.pins, pin), limit);
  }

  largestBoardsAmong(boards: Iterable<number>, limit: number): BoardSummary[] {
    return greatest(boards, (board) => this.sizeOf(board), limit).map((board) => this.board(board));
  }

  mostSavedPinsOf(board: number, limit: number): PinSummary[] {
    const pins = neighboursOf(this.#graph.topology.boards, board);
    return greatest(pins, (pin) => this.savesOf(pin), limit).map((pin) => this.pin(pin));
  }

  mostSavedPins(limit: number): PinSummary[] {
    return greatest(this.#graph.pins.ids().keys(), (pin) => this.savesOf(pin), limit).map((pin) => this.pin(pin));
  }

  /** Boards of the size people browse with ease, the largest such first. */
  browsableBoards(limit: number): BoardSummary[] {
    const weightOf = (board: number): number => (this.sizeOf(board) <= 30 ? this.sizeOf(board) : 0);
    return greatest(this.#graph.boards.ids().keys(), weightOf, limit).map((board) => this.board(board));
  }

  boardsOfUser(user: string): readonly number[] {
    return this.#owners().get(user) ?? [];
  }

  get userCount(): number {
    return this.#owners().size;
  }

  /** The users with the most boards. */
  busiestUsers(limit: number): { user_id: string; boards: number }[] {
    return [...this.#owners()]
      .map(([user_id, boards]) => ({ user_id, boards: boards.length }))
      .sort((a, b) => b.boards - a.boards)
      .slice(0, limit);
  }

  #owners(): Map<string, number[]> {
    this.#boardsOfOwner ??= boardsByOwner(this.#graph);
    return this.#boardsOfOwner;
  }
}
