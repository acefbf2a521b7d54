import type { GraphEstimate } from '../pipeline/graphs/estimate-graph.js';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

function size(bytes: number): string {
  return bytes < 1e9 ? `${number(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function time(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${number(seconds)} s` : `${number(seconds / 60)} min`;
}

/** An estimate for people, in lines of plain text. */
export function estimateText({ size: counts, build, graph, open, walk }: GraphEstimate): string {
  const { pins, boards, edges } = counts;
  return [
    `${number(pins.count)} pins, ${number(boards.count)} boards, ${number(edges)} edges, repeats included`,
    `build  ${time(build.seconds)} (${time(build.cpuSeconds)} of all cores together), ${size(build.memory)} of memory, ${size(build.disk)} of disk on the way` +
      ` (edges are sorted ${build.onDisk ? 'on the disk' : 'in memory'}); the graph takes ${size(graph)}`,
    `open   ${time(open.seconds)}, ${size(open.memory)} of memory`,
    `walk   ${size(walk.memory)} shared by all threads, within what an opened graph takes; ${number(walk.seedsPerSecond)} neighbourhoods a second` +
      ` on ${walk.threads} threads, ${time(walk.secondsForAllPins)} for every pin`,
  ].join('\n');
}
