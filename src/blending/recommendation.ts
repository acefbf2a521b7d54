import type { SourceName } from '../candidates/candidate-source.js';
import type { WalkRequest } from '../candidates/walk-preferences.js';

/** Why a pin was recommended: a board that holds both it and a pin of the query, a likeness, or how many boards hold it. */
export interface Reason {
  readonly board_id?: string;
  readonly pin_id?: string;
  readonly text: string;
}

/** One result as the API, the command line and the page show it. */
export interface Recommendation {
  readonly pin_id: string;
  /**
   * Pinnability's calibrated probability that the pin is saved; for requests of pins alone, less its popularity.
   * Of the fallback `popular_pins`, the share of all boards that hold the pin; of `live_walks`, the share of the walks'
   * steps that ended there.
   */
  readonly score: number;
  readonly sources: readonly { readonly source: SourceName; readonly score: number; readonly rank: number }[];
  readonly reasons: readonly Reason[];
  readonly title: string | null;
  readonly url: string | null;
  readonly image: string | null;
}

/** What was asked, in the user's ids. At least one of pins, boards and user; any mix of them. */
export interface RecommendationRequest extends WalkRequest {
  readonly pins?: readonly string[];
  readonly boards?: readonly string[];
  readonly user?: string;
  /** Pins that must not come back; the query's own pins never do. */
  readonly exclude?: readonly string[];
  /** Pins must carry one of the listed values of each attribute named. */
  readonly filters?: Partial<Record<'language' | 'domain' | 'owner', readonly string[]>>;
  readonly limit: number;
}

export interface RecommendationResponse {
  readonly request_id: string;
  readonly model_id: string;
  readonly results: readonly Recommendation[];
  /** How the results came about where the request could not be personalised, for instance `popular_pins`. */
  readonly fallback: string | null;
  /** Pins and boards of the request that came after the model, or hold no pin that did not: they had no say beside the others. */
  readonly newer_than_model?: readonly string[];
  readonly next_cursor: string | null;
}
