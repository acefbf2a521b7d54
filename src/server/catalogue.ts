import { boardsByOwner } from '../blending/interests.js';
import { attributeNames } from '../data/columns.js';
import type { AttributeName, Graph } from '../graph/graph.js';
import { graphNow, type GraphView } from '../graph/graph-view.js';
import { nodeIndex } from '../graph/node-index.js';

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

type AttributeCells = Record<AttributeName, string | null>;

/** What the graph itself says about pins, boards and their owners: the page's facts beside the recommendations. */
export class Catalogue {
  readonly #base: Graph;
  readonly #view: () => GraphView;
  #boardsOfOwner: Map<string, number[]> | undefined;

  /** `view` gives the graph as it is at the moment. */
  constructor(base: Graph, view?: () => GraphView) {
    const unchanging = graphNow(base);
    this.#base = base;
    this.#view = view ?? (() => unchanging);
  }

  /** The graph at this moment, by whose indices pins and boards are named here. */
  get graph(): GraphView {
    return this.#view();
  }

  hasPin(id: string): boolean {
    return this.graph.pins.indexOf(id) >= 0;
  }

  hasBoard(id: string): boolean {
    return this.graph.boards.indexOf(id) >= 0;
  }

  /** @throws BoardwalkError `unknown_pin` */
  pinIndex(id: string): number {
    return nodeIndex(this.graph, 'pins', id, 'id');
  }

  /** @throws BoardwalkError `unknown_board` */
  boardIndex(id: string): number {
    return nodeIndex(this.graph, 'boards', id, 'id');
  }

  pin(index: number): PinSummary {
    const { pins, pinAttributes } = this.graph;
    return {
      pin_id: pins.id(index),
      title: pinAttributes.get('title', index),
      image: pinAttributes.get('image', index),
      boards: this.savesOf(index),
    };
  }

  board(index: number): BoardSummary {
    const { boards, boardAttributes } = this.graph;
    return {
      board_id: boards.id(index),
      title: boardAttributes.get('title', index),
      owner: boardAttributes.get('owner', index),
      pins: this.sizeOf(index),
    };
  }

  /** The number of boards that hold a pin. */
  savesOf(pin: number): number {
    return this.graph.degree('pins', pin);
  }

  /** The number of pins on a board. */
  sizeOf(board: number): number {
    return this.graph.degree('boards', board);
  }

  pinAttributes(index: number): AttributeCells {
    return this.#cells((name) => this.graph.pinAttributes.get(name, index));
  }

  boardAttributes(index: number): AttributeCells {
    return this.#cells((name) => this.graph.boardAttributes.get(name, index));
  }

  #cells(read: (name: keyof AttributeCells) => string | null): AttributeCells {
    return Object.fromEntries(attributeNames.map((name) => [name, read(name)])) as AttributeCells;
  }

  largestBoardsOf(pin: number, limit: number): BoardSummary[] {
    return this.largestBoardsAmong(this.graph.neighbours('pins', pin), limit);
  }

  largestBoardsAmong(boards: Iterable<number>, limit: number): BoardSummary[] {
    return greatest(boards, (board) => this.sizeOf(board), limit).map((board) => this.board(board));
  }

  mostSavedPinsOf(board: number, limit: number): PinSummary[] {
    const pins = this.graph.neighbours('boards', board);
    return greatest(pins, (pin) => this.savesOf(pin), limit).map((pin) => this.pin(pin));
  }

  mostSavedPins(limit: number): PinSummary[] {
    return greatest(this.graph.pins.ids().keys(), (pin) => this.savesOf(pin), limit).map((pin) => this.pin(pin));
  }

  /** Boards of the size people browse with ease, the largest such first. */
  browsableBoards(limit: number): BoardSummary[] {
    const weightOf = (board: number): number => (this.sizeOf(board) <= 30 ? this.sizeOf(board) : 0);
    return greatest(this.graph.boards.ids().keys(), weightOf, limit).map((board) => this.board(board));
  }

  /** Boards that have come to a user since the graph was built are nobody's yet. */
  boardsOfUser(user: string): readonly number[] {
    const { boards, boardAttributes } = this.graph;
    const owned = this.#owners().get(user) ?? [];
    return owned
      .map((board) => boards.indexOf(this.#base.boards.id(board)))
      .filter((board) => board >= 0 && boardAttributes.get('owner', board) === user);
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
    this.#boardsOfOwner ??= boardsByOwner(this.#base);
    return this.#boardsOfOwner;
  }
}
