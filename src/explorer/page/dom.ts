type Child = Node | string | null | undefined | false;

type Properties<T> = Partial<Omit<T, 'style' | 'dataset' | 'attributes'>> & {
  /** Attributes that have no property of the same name, `aria-…` and `role` among them. */
  attributes?: Record<string, string>;
  dataset?: Record<string, string>;
};

/** Makes an element. Data only ever becomes text or a property, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<HTMLElementTagNameMap[Tag]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const { attributes = {}, dataset = {}, ...rest } = properties as Properties<HTMLElement>;
  const made = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  Object.assign(made.dataset, dataset);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** The element that index.html promises under this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return found as T;
}
