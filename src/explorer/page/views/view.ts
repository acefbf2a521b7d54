/** A view fills `main` and stops its work when the signal aborts, that is when one goes elsewhere. */
export interface ViewContext {
  readonly main: HTMLElement;
  readonly signal: AbortSignal;
  /** Names the place in the window's title and, after a step, moves focus to the view's heading. */
  readonly arrived: (title: string) => void;
}

export type View<Argument extends readonly unknown[] = []> = (context: ViewContext, ...rest: Argument) => Promise<void>;
