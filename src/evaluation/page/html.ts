const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that is markup already: `html` lets it through as it is and escapes all else. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type Content = Markup | string | number | readonly Content[];

function rendered(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(rendered).join('');
  // What XML knows no character for has no place in a page either.
  // oxlint-disable-next-line no-control-regex
  const text = String(content).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]);
}

/** A template of markup, whose values are escaped unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? part : rendered(values[i - 1]) + part)).join(''));
}

export const nothing = new Markup('');
