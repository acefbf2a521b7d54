/** The API's answers, as far as the page reads them. /openapi.json describes them in full. */
export interface Recommendation {
  pin_id: string;
  score: number;
  sources: { source: string; score: number; rank: number }[];
  reasons: { board_id?: string; pin_id?: string; text: string }[];
  title: string | null;
  url: string | null;
  image: string | null;
}

export interface Recommendations {
  results: Recommendation[];
  fallback: string | null;
  next_cursor: string | null;
}

export interface PinSummary {
  pin_id: string;
  title: string | null;
  image?: string | null;
  boards: number;
}

export interface BoardSummary {
  board_id: string;
  title: string | null;
  owner: string | null;
  pins: number;
}

interface Described {
  title: string | null;
  text: string | null;
  url: string | null;
  image: string | null;
  domain: string | null;
  owner: string | null;
  language: string | null;
  topic: string | null;
  created_at: string | null;
}

export interface Pin extends Described {
  pin_id: string;
  board_count: number;
  boards: BoardSummary[];
}

export interface Board extends Described {
  board_id: string;
  pin_count: number;
  pins: PinSummary[];
}

export interface User {
  user_id: string;
  board_count: number;
  boards: BoardSummary[];
}

export interface Neighbourhood {
  nodes: {
    key: string;
    kind: 'centre' | 'pin' | 'board';
    id: string;
    label: string;
    x: number;
    y: number;
    size: number;
  }[];
  edges: { source: string; target: string; kind: 'saved' | 'similar' }[];
}

export interface About {
  model_id: string;
  graph_id: string;
  counts: { pins: number; boards: number; edges: number; users: number };
  examples: { pins: PinSummary[]; boards: BoardSummary[]; users: { user_id: string; boards: number }[] };
}

export interface Training {
  model_id: string;
  epochs: Record<string, number>[];
  evaluation: { task: string; methods: Record<string, Record<string, number>> } | null;
}
