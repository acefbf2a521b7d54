import { literal } from './database.js';

/** One way in which a row can be wrong: the condition, and what the reject file says of it. */
export interface Check {
  readonly condition: string;
  readonly field: string | null;
  readonly reason: string;
  /** What is quoted beside the reason. */
  readonly content: string;
}

/**
 * Milliseconds since 1970 from text, as SQL: ISO 8601 dates and times (UTC where no zone is given), days
 * written 20240131, or epoch numbers, which are seconds below 10^11, milliseconds below 10^14, else microseconds. With
 * `years`, those from 1000 to 2999 too, which a column with gaps may have as 1995.0. Null where it is none of these, or
 * no day of the calendar.
 */
export function milliseconds(text: string, years: boolean): string {
  const number = `try_cast(${text} AS DOUBLE)`;
  const year = `WHEN regexp_full_match(${text}, '[12][0-9]{3}([.]0+)?') THEN epoch_ms(try_strptime(left(${text}, 4), '%Y'))`;
  return `(CASE
    WHEN regexp_full_match(${text}, '(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])')
      THEN epoch_ms(try_strptime(${text}, '%Y%m%d'))
    ${years ? year : ''}
    WHEN regexp_full_match(${text}, '-?[0-9]{1,17}([.][0-9]+)?')
      THEN CAST(CASE WHEN abs(${number}) < 1e11 THEN ${number} * 1000
                     WHEN abs(${number}) < 1e14 THEN ${number} ELSE ${number} / 1000 END AS BIGINT)
    WHEN regexp_matches(${text}, '^[0-9]{4}-') THEN epoch_ms(try_cast(${text} AS TIMESTAMPTZ)) END)`;
}

/** What a Date can hold, in milliseconds before and after 1970: some 270,000 years. */
const lastTime = '8640000000000000';

/** As `milliseconds`, of a column that holds dates or whole numbers and not text, without a detour through text. */
export function typedMilliseconds(cell: string, type: string, years: boolean): string | undefined {
  if (/^(TIMESTAMP|DATE)/.test(type)) {
    const stamp = /^TIMESTAMP( WITH TIME ZONE|_MS|_S)?$/.test(type) ? cell : `try_cast(${cell} AS TIMESTAMP)`;
    return `(CASE WHEN isfinite(${cell}) AND abs(epoch_ms(${stamp})) <= ${lastTime} THEN epoch_ms(${stamp}) END)`;
  }
  if (!/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(type)) return undefined;
  // Days without dashes and years are rare enough to be read as text.
  const year = years ? `OR ${cell} BETWEEN 1000 AND 2999` : '';
  return `(CASE WHEN ${cell} BETWEEN 19000101 AND 20991231 ${year} THEN ${milliseconds(`(${cell}::VARCHAR)`, years)}
    WHEN abs(${cell}::DOUBLE) < 1e11 THEN ${cell}::BIGINT * 1000
    WHEN abs(${cell}::DOUBLE) < 1e14 THEN ${cell}::BIGINT
    WHEN abs(${cell}::DOUBLE) < 1e17 THEN CAST(${cell}::DOUBLE / 1000 AS BIGINT) END)`;
}

export function missingId(column: string, text: string): Check {
  return { condition: `coalesce(${text}, '') = ''`, field: column, reason: 'missing id', content: 'NULL' };
}

/** `time` gives the milliseconds that `text` reads as. */
export function badTime(column: string, text: string, time: string): Check {
  return {
    condition: `${text} IS NOT NULL AND ${time} IS NULL`,
    field: column,
    reason: 'unreadable time',
    content: text,
  };
}

/** Weights are finite 32-bit floats of 0 and more; `number` gives the one that `text` reads as. */
export function badWeight(column: string, text: string, number: string): Check[] {
  return [
    {
      condition: `${text} IS NOT NULL AND NOT coalesce(isfinite(${number}), false)`,
      field: column,
      reason: 'not a number',
      content: text,
    },
    { condition: `${number} < 0`, field: column, reason: 'negative weight', content: text },
  ];
}

/** The number, from 1, of the first check that a row fails; null for a good row. */
export function firstFailed(checks: readonly Check[]): string {
  const cases = checks.map(({ condition }, index) => `WHEN ${condition} THEN ${index + 1}`);
  return `CAST(CASE ${cases.join(' ')} END AS UTINYINT)`;
}

/** An expression over the failed check's number. */
export function perCheck(problem: string, checks: readonly Check[], value: (check: Check) => string): string {
  const cases = checks.map((check, index) => `WHEN ${index + 1} THEN ${value(check)}`);
  return `CASE ${problem} ${cases.join(' ')} END`;
}

export function fieldOf(check: Check): string {
  return check.field === null ? 'NULL' : literal(check.field);
}
