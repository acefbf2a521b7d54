import type { NpmManifest } from './npm-registry.js';

/** A package as it is kept: names and keywords only, no descriptions and no people. */
export interface NpmPackage {
  readonly name: string;
  readonly keywords: readonly string[];
  /** Scope or repository account; comes out numbered. */
  readonly owner: string | null;
  /** Dependency names by kind. */
  readonly dependencies: readonly string[];
  readonly peerDependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

/** Rows of the three files that `boardwalk build` reads. */
export interface NpmCollections {
  readonly edges: { board_id: string; pin_id: string; section: string }[];
  readonly pins: { pin_id: string; title: string; text: string | null }[];
  readonly boards: { board_id: string; title: string; text: string | null; owner: string | null }[];
}

/** Strongest first: a dependency named in several keeps the first. */
const kinds = ['dependencies', 'peerDependencies', 'devDependencies'] as const;

/** A full address, `github:fastify/fastify` and `fastify/fastify` all belong to fastify. */
function accountIn(address: string): string | null {
  const [account, repository] = address.replace(/^.*?(github|gitlab|bitbucket)(\.com|\.org)?[:/]/, '').split('/');
  return repository === undefined || account === '' || account.includes(':') ? null : account.toLowerCase();
}

function ownerOf({ name, repository }: NpmManifest): string | null {
  if (name.startsWith('@')) return name.slice(0, name.indexOf('/'));
  const address = typeof repository === 'string' ? repository : (repository as { url?: unknown } | undefined)?.url;
  return typeof address === 'string' ? accountIn(address) : null;
}

function namesIn(dependencies: unknown): string[] {
  return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
}

export function packageOf(manifest: NpmManifest): NpmPackage {
  const { name, keywords } = manifest;
  return {
    name,
    keywords: Array.isArray(keywords) ? keywords.filter((word) => typeof word === 'string' && word !== '') : [],
    owner: ownerOf(manifest),
    dependencies: namesIn(manifest.dependencies),
    peerDependencies: namesIn(manifest.peerDependencies),
    devDependencies: namesIn(manifest.devDependencies),
  };
}

/** Boards are packages with at least `minimumPins` dependencies, pins all packages that one of them depends on. */
export function npmCollections(packages: readonly NpmPackage[], minimumPins = 2): NpmCollections {
  const edges: NpmCollections['edges'] = [];
  const boards: NpmCollections['boards'] = [];
  const owners = new Map<string, string>();
  const used = new Set<string>();
  const text = new Map(packages.map(({ name, keywords }) => [name, keywords.join(' ') || null]));
  for (const one of packages.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const sections = new Map<string, string>();
    for (const section of kinds)
      for (const name of one[section]) if (name !== one.name && !sections.has(name)) sections.set(name, section);
    if (sections.size < minimumPins) continue;
    if (one.owner !== null && !owners.has(one.owner)) owners.set(one.owner, `org-${owners.size + 1}`);
    const owner = one.owner === null ? null : (owners.get(one.owner) as string);
    boards.push({ board_id: one.name, title: one.name, text: text.get(one.name) ?? null, owner });
    for (const [pin, section] of [...sections].sort(([a], [b]) => (a < b ? -1 : 1))) {
      edges.push({ board_id: one.name, pin_id: pin, section });
      used.add(pin);
    }
  }
  const pins = [...used].sort().map((pin) => ({ pin_id: pin, title: pin, text: text.get(pin) ?? null }));
  return { edges, pins, boards };
}
