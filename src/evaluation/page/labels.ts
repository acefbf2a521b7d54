/** Centres of labels as near as can be to where they want to be, each `gap` from the next and within [low, high]. */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const placed = new Array<number>(wanted.length);
  let least = low;
  for (const i of order) {
    placed[i] = Math.max(wanted[i], least);
    least = placed[i] + gap;
  }
  let greatest = high;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i], greatest);
    greatest = placed[i] - gap;
  }
  return placed;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  /** From the point to the label's near end, in pixels. */
  readonly dx: number;
  readonly dy: number;
  readonly anchor: 'start' | 'end' | 'middle';
}

/** In pixels, downwards. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where a label may stand, the best place first. The later ones are so far off that a line must lead to them. */
const places: readonly Placed[] = [
  { dx: 9, dy: 0, anchor: 'start' },
  { dx: -9, dy: 0, anchor: 'end' },
  { dx: 0, dy: -13, anchor: 'middle' },
  { dx: 0, dy: 13, anchor: 'middle' },
  { dx: 8, dy: -11, anchor: 'start' },
  { dx: 8, dy: 11, anchor: 'start' },
  { dx: -8, dy: -11, anchor: 'end' },
  { dx: -8, dy: 11, anchor: 'end' },
  ...[24, 40, 56, 72, 88].flatMap((away) =>
    [-away, away].flatMap((dy): Placed[] => [
      { dx: 16, dy, anchor: 'start' },
      { dx: -16, dy, anchor: 'end' },
    ]),
  ),
];

/** Whether a label stands so far from its dot that a line must lead there. */
export function needsLeader({ dy }: Placed): boolean {
  return Math.abs(dy) > 20;
}

/** A place for the label of each point where it covers least of points, of other labels and of what lies outside. */
export function placeLabels(points: readonly Point[], widths: readonly number[], height: number, frame: Box): Placed[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  return points.map(({ x, y }, i) => {
    const boxes = places.map(({ dx, dy, anchor }): Box => {
      const left = x + dx - (anchor === 'start' ? 0 : anchor === 'end' ? widths[i] : widths[i] / 2);
      return { left, right: left + widths[i], top: y + dy - height / 2, bottom: y + dy + height / 2 };
    });
    const costs = boxes.map((box) => taken.reduce((sum, other) => sum + overlap(box, other), outside(box, frame)));
    const best = costs.indexOf(Math.min(...costs));
    taken.push(boxes[best]);
    return places[best];
  });
}

function overlap(a: Box, b: Box): number {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** Pixels by which a box reaches over the frame, which cost more than any overlap. */
function outside(box: Box, frame: Box): number {
  const over = [frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom];
  return 1_000 * over.reduce((sum, pixels) => sum + Math.max(0, pixels), 0);
}
