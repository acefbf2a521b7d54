/** Where one can be on the page. Each place has an address of its own, so back works and links can be shared. */
export type Route =
  | { name: 'home' }
  | { name: 'model' }
  | { name: 'pin' | 'board' | 'user'; id: string }
  | { name: 'lost'; address: string };

export function addressOf(route: Route): string {
  switch (route.name) {
    case 'home':
      return '#/';
    case 'model':
      return '#/model';
    case 'lost':
      return route.address;
    default:
      return `#/${route.name}/${encodeURIComponent(route.id)}`;
  }
}

export function routeOf(hash: string): Route {
  const address = hash.replace(/^#\/?/, '');
  if (address === '') return { name: 'home' };
  if (address === 'model') return { name: 'model' };
  const [, name, encoded] = /^(pin|board|user)\/([^/]+)$/.exec(address) ?? [];
  if (name !== undefined && encoded !== undefined) {
    try {
      return { name: name as 'pin' | 'board' | 'user', id: decodeURIComponent(encoded) };
    } catch {
      // A malformed escape names no place.
    }
  }
  return { name: 'lost', address: hash };
}
