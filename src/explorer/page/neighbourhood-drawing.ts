import type { Neighbourhood } from './api-types.js';
import { element } from './dom.js';
import { message } from './messages.js';
import { type Box, NodeLabels } from './node-labels.js';
import { addressOf } from './routes.js';
import { colour, onThemeChange } from './theme.js';
import { loadSigma } from './vendor.js';

type NodeKind = Neighbourhood['nodes'][number]['kind'];

function palette(): Record<NodeKind | 'saved' | 'similar' | 'faded', string> {
  return {
    centre: colour('graph-centre'),
    pin: colour('graph-pin'),
    board: colour('graph-board'),
    saved: colour('graph-edge'),
    similar: colour('graph-edge'),
    faded: colour('graph-faded'),
  };
}

function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  // Browsers allow few contexts at a time: the probe's is given back at once.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

/** Draws a neighbourhood into the frame; a click on a node goes there. The cards say the same in words. */
export async function drawNeighbourhood(frame: HTMLElement, data: Neighbourhood, signal: AbortSignal): Promise<void> {
  if (!hasWebGl()) {
    frame.replaceChildren(message('No drawing here', 'This browser has no WebGL. The cards show the same pins.'));
    return;
  }
  const { UndirectedGraph, Renderer } = await loadSigma();
  if (signal.aborted) return;
  const graph = new UndirectedGraph();
  for (const { key, ...node } of data.nodes) graph.addNode(key, node);
  for (const { source, target, kind } of data.edges) graph.addEdge(source, target, { kind });

  let colours = palette();
  let hovered: string | null = null;
  const near = (node: string): boolean => hovered === null || node === hovered || graph.areNeighbors(node, hovered);
  const canvas = element('div', { className: 'drawing-canvas' });
  frame.replaceChildren(canvas);

  const labels = new NodeLabels();
  labels.begin([]);
  const renderer = new Renderer(graph, canvas, {
    allowInvalidContainer: true,
    enableCameraZooming: false,
    enableCameraPanning: false,
    labelFont: getComputedStyle(document.body).fontFamily,
    labelSize: 12,
    labelWeight: '500',
    labelDensity: 0,
    labelRenderedSizeThreshold: 0,
    stagePadding: 30,
    zIndex: true,
    defaultDrawNodeLabel: labels.draw,
    defaultDrawNodeHover: labels.drawHover,
    nodeReducer: (node, attributes) => {
      const kind = attributes.kind as NodeKind;
      const inView = near(node);
      return {
        ...attributes,
        color: inView ? colours[kind] : colours.faded,
        label: inView && (kind !== 'board' || hovered !== null) ? attributes.label : null,
        forceLabel: true,
        zIndex: kind === 'centre' ? 2 : kind === 'pin' ? 1 : 0,
      };
    },
    edgeReducer: (edge, attributes) => {
      const inView = hovered === null || graph.hasExtremity(edge, hovered);
      return { ...attributes, size: 1, hidden: !inView, color: colours[attributes.kind as 'saved' | 'similar'] };
    },
  });

  // Sigma's own touch handling would keep a finger from scrolling the page; taps come as clicks without it.
  renderer.getTouchCaptor().enabled = false;
  // The centre of the data is the middle of the drawing, whatever the farthest nodes are.
  const reach = Math.max(...data.nodes.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]), 1);
  renderer.setCustomBBox({ x: [-reach, reach], y: [-reach, reach] });
  const pinBoxes = (): Box[] =>
    data.nodes
      .filter(({ kind }) => kind !== 'board')
      .map((node) => {
        const { x, y } = renderer.graphToViewport(node);
        const half = node.size * 0.8;
        return { left: x - half, right: x + half, top: y - half, bottom: y + half };
      });
  renderer.on('beforeRender', () => labels.begin(pinBoxes()));
  renderer.refresh();
  const hover = (node: string | null): void => {
    hovered = node;
    canvas.classList.toggle('over-node', node !== null);
    renderer.refresh({ skipIndexation: true });
  };
  renderer.on('enterNode', ({ node }) => hover(node));
  renderer.on('leaveNode', () => hover(null));
  renderer.on('clickNode', ({ node }) => {
    const { kind, id } = graph.getNodeAttributes(node);
    location.hash = addressOf({ name: kind === 'board' ? 'board' : 'pin', id });
  });
  onThemeChange(() => {
    colours = palette();
    renderer.refresh();
  }, signal);
  signal.addEventListener('abort', () => renderer.kill());
}
