// The visit table of visit-table.ts: (pin, count) slots of 8 bytes, a list of the slots in use in the order
// of the first visit, and a counting sort for the ranking.

const free: u32 = 0xffffffff;

/** 2^32 divided by the golden ratio. */
const spread: u32 = 2654435769;

@inline
function slotOf(slots: usize, bits: u32, pin: u32): usize {
  const mask: u32 = (1 << bits) - 1;
  let slot: u32 = (pin * spread) >> (32 - bits);
  let at = slots + ((<usize>slot) << 3);
  let held = load<u32>(at);
  // One branch for both ends of a probe: whether a pin is new cannot be foretold, that the first slot fits can.
  while (i32(held != pin) & i32(held != free)) {
    slot = (slot + 1) & mask;
    at = slots + ((<usize>slot) << 3);
    held = load<u32>(at);
  }
  return at;
}

/** Makes a table's memory an empty table of 2^bits slots. */
export function clearSlots(slots: usize, bits: u32): void {
  const end = slots + (8 << bits);
  for (let at = slots; at < end; at += 8) store<u64>(at, <u64>free);
}

/** Makes a ranking's counters zero. */
export function clearPlaces(places: usize, count: u32): void {
  memory.fill(places, 0, (<usize>count) << 2);
}

/**
 * Counts `visits` pins, `stride` bytes apart, into a table that holds `size` pins, and returns its new size.
 */
@inline
function countLane(from: usize, visits: u32, stride: usize, slots: usize, bits: u32, used: usize, size: u32): u32 {
  const end = from + (<usize>visits) * stride;
  for (; from < end; from += stride) {
    const pin = load<u32>(from);
    const at = slotOf(slots, bits, pin);
    const isNew = u32(load<u32>(at) == free);
    store<u32>(at, pin);
    store<u32>(at, load<u32>(at, 4) + 1, 4);
    store<u32>(used + ((<usize>size) << 2), <u32>at);
    size += isNew;
  }
  return size;
}

/** What the latest countUntil found. */
let missing: u32 = 0;
let held: u32 = 0;

export function pinsMissing(): u32 {
  return missing;
}

export function pinsHeld(): u32 {
  return held;
}

/**
 * Counts up to `most` pins that lie side by side, until `wanted` pins beside `skip` have come to
 * `stopVisits`. Returns the visits counted.
 */
export function countUntil(
  from: usize,
  most: u32,
  skip: u32,
  stopVisits: u32,
  wanted: u32,
  slots: usize,
  bits: u32,
  used: usize,
  size: u32,
): u32 {
  let counted: u32 = 0;
  while (i32(counted < most) & i32(wanted > 0)) {
    const pin = load<u32>(from + ((<usize>counted) << 2));
    const at = slotOf(slots, bits, pin);
    const isNew = u32(load<u32>(at) == free);
    const count = load<u32>(at, 4) + 1;
    store<u32>(at, pin);
    store<u32>(at, count, 4);
    store<u32>(used + ((<usize>size) << 2), <u32>at);
    size += isNew;
    wanted -= u32(count == stopVisits) & u32(pin != skip);
    counted++;
  }
  missing = wanted;
  held = size;
  return counted;
}

/**
 * Adds a table's counts, or their roots in units of 2^-16, to another's, empties the first and returns the
 * second's size.
 */
export function addTable(
  used: usize,
  size: u32,
  rooted: bool,
  slots: usize,
  bits: u32,
  totalUsed: usize,
  totalSize: u32,
): u32 {
  for (let i: usize = 0; i < (<usize>size) << 2; i += 4) {
    const from = <usize>load<u32>(used + i);
    const pin = load<u32>(from);
    const count = load<u32>(from, 4);
    store<u64>(from, <u64>free);
    const at = slotOf(slots, bits, pin);
    const isNew = u32(load<u32>(at) == free);
    const amount = rooted ? <u32>floor(sqrt(<f64>count) * 65536 + 0.5) : count;
    store<u32>(at, pin);
    store<u32>(at, load<u32>(at, 4) + amount, 4);
    store<u32>(totalUsed + ((<usize>totalSize) << 2), <u32>at);
    totalSize += isNew;
  }
  return totalSize;
}

/**
 * Writes up to `limit` of the most visited pins and their counts, count descending, ties in the order of the
 * first visit, and empties the table. `places` is zeroed memory, u32 by count, and is zero again afterwards.
 * Returns how many.
 */
export function drain(
  used: usize,
  size: u32,
  skip: u32,
  limit: u32,
  places: usize,
  pins: usize,
  counts: usize,
): u32 {
  const end = used + ((<usize>size) << 2);
  let most: u32 = 0;
  for (let i = used; i < end; i += 4) {
    const at = <usize>load<u32>(i);
    if (load<u32>(at) == skip) continue;
    const count = load<u32>(at, 4);
    const place = places + ((<usize>count) << 2);
    store<u32>(place, load<u32>(place) + 1);
    most = max(most, count);
  }
  let place: u32 = 0;
  for (let count = most; count > 0; count--) {
    const at = places + ((<usize>count) << 2);
    const pinsOfCount = load<u32>(at);
    store<u32>(at, place);
    place += pinsOfCount;
  }
  for (let i = used; i < end; i += 4) {
    const at = <usize>load<u32>(i);
    const pin = load<u32>(at);
    const count = load<u32>(at, 4);
    store<u64>(at, <u64>free);
    if (pin == skip) continue;
    const next = places + ((<usize>count) << 2);
    const to = load<u32>(next);
    store<u32>(next, to + 1);
    if (to >= limit) continue;
    store<u32>(pins + ((<usize>to) << 2), pin);
    store<f32>(counts + ((<usize>to) << 2), <f32>count);
  }
  memory.fill(places, 0, ((<usize>most) + 1) << 2);
  return min(limit, place);
}

/**
 * The rows of lanes, `limit` cells each: what a lane visited is counted into an empty table, ranked without
 * its seed and L1-normalised; cells left over are zero.
 */
export function pool(
  from: usize,
  visits: u32,
  stride: usize,
  lanes: u32,
  seeds: usize,
  limit: u32,
  slots: usize,
  bits: u32,
  used: usize,
  places: usize,
  neighbours: usize,
  weights: usize,
): void {
  const rowBytes = (<usize>limit) << 2;
  for (let lane: u32 = 0; lane < lanes; lane++) {
    const size = countLane(from, visits, stride, slots, bits, used, 0);
    const kept = (<usize>drain(used, size, load<u32>(seeds), limit, places, neighbours, weights)) << 2;
    let sum: f64 = 0;
    for (let at: usize = 0; at < kept; at += 4) sum += <f64>load<f32>(weights + at);
    for (let at: usize = 0; at < kept; at += 4)
      store<f32>(weights + at, <f32>(<f64>load<f32>(weights + at) / sum));
    memory.fill(neighbours + kept, 0, rowBytes - kept);
    memory.fill(weights + kept, 0, rowBytes - kept);
    from += 4;
    seeds += 4;
    neighbours += rowBytes;
    weights += rowBytes;
  }
}
