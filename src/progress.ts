/** Figures shown beside a stage's progress, already in the reader's units. */
export type Figures = Record<string, number | string>;

export interface Stage {
  update(done: number, figures?: Figures): void;
  finish(summary?: string): void;
}

/** Where long work reports to. Passed in, so that a library call is silent and a command is not. */
export interface Progress {
  /** Opens a stage; `total` in the stage's own units, absent where it cannot be known. */
  stage(title: string, total?: number): Stage;
  /** One line that stays on screen. */
  note(line: string): void;
}

export const silentProgress: Progress = {
  stage: () => ({ update() {}, finish() {} }),
  note() {},
};

const terminalInterval = 100;
const plainInterval = 5_000;

/** A span of time for people: seconds, or minutes and seconds. */
export function clock(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** What a stage says when it is done: its title, how long it took since `started`, and its summary. */
export function finishedLine(title: string, started: number, summary = ''): string {
  return `${title}  ${clock(performance.now() - started)}${summary ? `  ${summary}` : ''}`;
}

function shown(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toPrecision(3);
}

function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toPrecision(2) : shown(Math.round(perSecond));
}

/** Progress on a stream: one live line on a terminal, a plain line every few seconds elsewhere. */
export function streamProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const live = stream.isTTY === true;
  const erase = live ? '\r\u001b[2K' : '';
  return {
    note: (line) => void stream.write(`${erase}${line}\n`),
    stage(title, total) {
      const started = performance.now();
      let shownAt = started;
      const line = (done: number, figures: Figures): string => {
        const elapsed = performance.now() - started;
        const parts = [title];
        if (total) parts.push(`${Math.floor((100 * done) / total)}%`);
        parts.push(`${shown(done)}${total ? ` of ${shown(total)}` : ''}`);
        parts.push(`${rate((1000 * done) / Math.max(elapsed, 1))}/s`);
        if (total && done > 0 && done < total) parts.push(`${clock((elapsed * (total - done)) / done)} left`);
        for (const [name, value] of Object.entries(figures)) parts.push(`${name} ${shown(value)}`);
        return parts.join('  ');
      };
      return {
        update(done, figures = {}) {
          const now = performance.now();
          if (now - shownAt < (live ? terminalInterval : plainInterval)) return;
          shownAt = now;
          stream.write(
            live ? `${erase}${line(done, figures).slice(0, (stream.columns ?? 120) - 1)}` : `${line(done, figures)}\n`,
          );
        },
        finish(summary) {
          stream.write(`${erase}${finishedLine(title, started, summary)}\n`);
        },
      };
    },
  };
}
