/** The date, the time of day and its zone. */
const isoTime =
  /^((?:\d{4}|[+-]\d{6})-\d{2}-(\d{2}))(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Milliseconds since 1970 of an ISO 8601 date or time, as files are read: UTC where no zone is given. NaN for any other
 * text, and for what is no day of the calendar.
 */
export function isoMilliseconds(text: string): number {
  const [, date, day, time = '00:00', zone = 'Z'] = isoTime.exec(text) ?? [];
  // What is no day of its month is read as one of the next.
  if (new Date(`${date}T00:00Z`).getUTCDate() !== Number(day)) return Number.NaN;
  return Date.parse(
    `${date}T${time}${zone.replace(/^(...):?(\d{2})?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`)}`,
  );
}
