import { withDefaults } from '../with-defaults.js';
/** A node's place in the drawing; `size` is its radius in the same unit, pixels. */
export interface PlacedNode {
  x: number;
  y: number;
  readonly size: number;
}

export interface DiscOptions {
  /** Radius of the whole drawing. */
  radius: number;
  /** Clear space between any two nodes. */
  gap: number;
  rounds: number;
}

export const discDefaults: DiscOptions = { radius: 180, gap: 7, rounds: 80 };

/** How far directions are evened out: 0 leaves them, 1 deals them around the circle like the hours of a clock. */
const evening = 0.6;

/**
 * Keeps the order of the nodes by distance and by direction from the centre, but spreads both, so that the
 * disc fills evenly.
 */
function spread(centre: PlacedNode, others: readonly PlacedNode[], radius: number): void {
  const polar = others.map((node) => {
    const [x, y] = [node.x - centre.x, node.y - centre.y];
    return { node, angle: Math.atan2(y, x), distance: Math.hypot(x, y) };
  });
  polar.sort((a, b) => a.angle - b.angle);
  for (const [turn, place] of polar.entries()) {
    const dealt = Math.PI * ((2 * turn + 1) / polar.length - 1);
    place.angle += evening * (dealt - place.angle);
  }
  polar.sort((a, b) => a.distance - b.distance);
  for (const [rank, { node, angle }] of polar.entries()) {
    const distance = radius * Math.sqrt((rank + 3) / (polar.length + 3));
    node.x = distance * Math.cos(angle);
    node.y = distance * Math.sin(angle);
  }
  centre.x = 0;
  centre.y = 0;
}

/** Pushes one pair apart along the line between them; true where they were too close. */
function pushApart(a: PlacedNode, b: PlacedNode, gap: number, aIsFixed: boolean): boolean {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const distance = Math.hypot(dx, dy) || 1e-6;
  const missing = a.size + b.size + gap - distance;
  if (missing <= 0) return false;
  // Two nodes in one place part along x, so that the result does not hang on rounding.
  const [ux, uy] = distance > 1e-6 ? [dx / distance, dy / distance] : [1, 0];
  const share = aIsFixed ? 0 : missing / 2;
  a.x -= ux * share;
  a.y -= uy * share;
  b.x += ux * (missing - share);
  b.y += uy * (missing - share);
  return true;
}

/**
 * Makes a force layout fit to look at, in place: the first node in the middle, the rest over an even disc,
 * none on top of another. O(n²) a round, for the few dozen nodes of a neighbourhood.
 */
export function arrangeOnDisc(nodes: readonly PlacedNode[], options: Partial<DiscOptions> = {}): void {
  const { radius, gap, rounds } = withDefaults(discDefaults, options);
  const [centre, ...others] = nodes;
  if (centre === undefined) return;
  spread(centre, others, radius);
  for (let round = 0; round < rounds; round++) {
    let moved = false;
    for (let i = 0; i < nodes.length; i++)
      for (let j = i + 1; j < nodes.length; j++) if (pushApart(nodes[i], nodes[j], gap, i === 0)) moved = true;
    if (!moved) return;
  }
}
