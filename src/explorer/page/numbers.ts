const whole = new Intl.NumberFormat('en-US');

/** 12345 → "12,345". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

export function grouped(value: number): string {
  return whole.format(value);
}

/** A probability as people read it: "87%", "4.2%", "<0.1%". */
export function percent(value: number): string {
  const hundredths = value * 100;
  if (hundredths >= 10) return `${Math.round(hundredths)}%`;
  return hundredths >= 0.1 ? `${hundredths.toFixed(1)}%` : '<0.1%';
}
