/**
 * Debian's package index as collections: a board is a source package (a project), its pins are the binary
 * packages of other projects that it depends on. The index is one plain file of control stanzas, as
 * `apt-cache dumpavail` prints it and every Debian mirror serves it (Debian Policy, chapter 5).
 */
export interface PackageStanza {
  readonly name: string;
  readonly source: string;
  readonly maintainer: string | null;
  /** Section and debtags: the package's keywords. */
  readonly keywords: readonly string[];
  readonly relations: readonly { readonly section: string; readonly names: readonly string[] }[];
}

/** Rows of the three files that `boardwalk build` reads. */
export interface DebianCollections {
  readonly edges: readonly { board_id: string; pin_id: string; section: string }[];
  readonly pins: readonly { pin_id: string; title: string; text: string }[];
  readonly boards: readonly { board_id: string; title: string; text: string; owner: string }[];
}

/** Strongest first: a pin that is related in two ways keeps the first. */
const relationFields = ['Pre-Depends', 'Depends', 'Recommends', 'Suggests'] as const;
const packageName = /^[a-z0-9][a-z0-9+.-]*/;

/** `Depends: a (>= 1), b | c` names a and b: what stands after a bar is a fallback. */
function namesIn(relation: string): string[] {
  const names: string[] = [];
  for (const clause of relation.split(',')) {
    const name = packageName.exec(clause.trim())?.[0];
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** `role::devel-lib` reads as "devel lib"; the facet before the colons says nothing of the package itself. */
function keywordsOf(section: string, tags: string): string[] {
  const words = [section.split('/').at(-1) ?? ''];
  for (const tag of tags.split(',')) words.push((tag.trim().split('::')[1] ?? '').replaceAll('-', ' '));
  return [...new Set(words.filter((word) => word !== ''))];
}

function stanza(fields: Map<string, string>): PackageStanza | undefined {
  const name = fields.get('Package');
  if (name === undefined) return undefined;
  return {
    name,
    source: (fields.get('Source') ?? name).split(' ')[0],
    maintainer: fields.get('Maintainer') ?? null,
    keywords: keywordsOf(fields.get('Section') ?? '', fields.get('Tag') ?? ''),
    relations: relationFields
      .filter((field) => fields.has(field))
      .map((field) => ({ section: field.toLowerCase(), names: namesIn(fields.get(field) as string) })),
  };
}

/** Reads control stanzas line by line; a line that starts with a blank continues the field before it. */
export async function* readStanzas(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<PackageStanza> {
  let fields = new Map<string, string>();
  let field = '';
  for await (const line of lines) {
    if (line === '') {
      const whole = stanza(fields);
      if (whole) yield whole;
      fields = new Map();
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      fields.set(field, `${fields.get(field) ?? ''} ${line.trim()}`);
    } else {
      const colon = line.indexOf(':');
      field = line.slice(0, colon);
      fields.set(field, line.slice(colon + 1).trim());
    }
  }
  const last = stanza(fields);
  if (last) yield last;
}

/**
 * Boards, pins and edges of an index. Left out: names that no package of the index bears (virtual packages),
 * a project's own packages, and boards with fewer than `minimumPins` pins. Maintainers come out numbered.
 */
export function debianCollections(stanzas: readonly PackageStanza[], minimumPins = 2): DebianCollections {
  const packages = new Map<string, PackageStanza>();
  for (const one of stanzas) if (!packages.has(one.name)) packages.set(one.name, one);

  const projects = new Map<string, { pins: Map<string, string>; keywords: Set<string>; maintainer: string }>();
  for (const one of packages.values()) {
    let project = projects.get(one.source);
    if (!project) {
      project = { pins: new Map(), keywords: new Set(), maintainer: one.maintainer ?? one.source };
      projects.set(one.source, project);
    }
    for (const word of one.keywords) project.keywords.add(word);
    for (const { section, names } of one.relations) {
      for (const name of names) {
        const pin = packages.get(name);
        if (pin && pin.source !== one.source && !project.pins.has(name)) project.pins.set(name, section);
      }
    }
  }

  const edges: { board_id: string; pin_id: string; section: string }[] = [];
  const boards: { board_id: string; title: string; text: string; owner: string }[] = [];
  const owners = new Map<string, string>();
  const used = new Set<string>();
  for (const [board, { pins, keywords, maintainer }] of [...projects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (pins.size < minimumPins) continue;
    if (!owners.has(maintainer)) owners.set(maintainer, `maintainer-${owners.size + 1}`);
    boards.push({
      board_id: board,
      title: board,
      text: [...keywords].join(' '),
      owner: owners.get(maintainer) as string,
    });
    for (const [pin, section] of [...pins].sort(([a], [b]) => (a < b ? -1 : 1))) {
      edges.push({ board_id: board, pin_id: pin, section });
      used.add(pin);
    }
  }
  const pins = [...used].sort().map((pin) => ({
    pin_id: pin,
    title: pin,
    text: packages.get(pin)?.keywords.join(' ') ?? '',
  }));
  return { edges, pins, boards };
}
