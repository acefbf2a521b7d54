import { expect, test } from 'vitest';
import { debianCollections, type PackageStanza, readStanzas } from '../../src/data/debian-packages.js';

const index = `Package: nginx
Maintainer: Web team <web@example.org>
Depends: libc6 (>= 2.34), libssl3 | libssl1.1, nginx-common
Recommends: libc6
Section: httpd
Tag: network::server,
 protocol::http, role::program

Package: nginx-common
Source: nginx (1.22)
Maintainer: Web team <web@example.org>
Suggests: fcgiwrap, virtual-thing
Section: web

Package: libc6
Source: glibc
Section: libs

Package: libssl3
Source: openssl
Depends: libc6
Section: libs

Package: fcgiwrap
Depends: libc6, libfcgi
`;

async function stanzas(): Promise<PackageStanza[]> {
  const all: PackageStanza[] = [];
  for await (const one of readStanzas(index.split('\n'))) all.push(one);
  return all;
}

test('a stanza keeps its continued fields and the version in Source is dropped', async () => {
  const [nginx, common] = await stanzas();
  expect(nginx.keywords).toEqual(['httpd', 'server', 'http', 'program']);
  expect(common.source).toBe('nginx');
  expect(nginx.relations[0]).toEqual({ section: 'depends', names: ['libc6', 'libssl3', 'nginx-common'] });
});

test("a project gathers its packages' dependencies, without its own packages and without virtual ones", async () => {
  const { edges } = debianCollections(await stanzas());
  expect(edges).toEqual([
    { board_id: 'nginx', pin_id: 'fcgiwrap', section: 'suggests' },
    { board_id: 'nginx', pin_id: 'libc6', section: 'depends' },
    { board_id: 'nginx', pin_id: 'libssl3', section: 'depends' },
  ]);
});

test('boards below the minimum are left out, and with them the pins that only they hold', async () => {
  const all = debianCollections(await stanzas(), 1);
  const few = debianCollections(await stanzas(), 4);
  expect(all.boards.map((board) => board.board_id)).toEqual(['fcgiwrap', 'nginx', 'openssl']);
  expect(few.boards).toEqual([]);
  expect(few.pins).toEqual([]);
});

test('maintainers are numbered, never named', async () => {
  const { boards } = debianCollections(await stanzas());
  expect(boards).toEqual([
    { board_id: 'nginx', title: 'nginx', text: 'httpd server http program web', owner: 'maintainer-1' },
  ]);
});
