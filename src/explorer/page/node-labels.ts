import { colour } from './theme.js';

interface NodeToDraw {
  x: number;
  y: number;
  size: number;
  label?: string | null;
}

interface LabelSettings {
  labelFont: string;
  labelSize: number;
  labelWeight: string;
}

const longest = 24;

/** A name under its node, with a halo of the background so that edges do not strike it through. */
export function drawLabel(context: CanvasRenderingContext2D, node: NodeToDraw, settings: LabelSettings): void {
  if (!node.label) return;
  const text = node.label.length > longest ? `${node.label.slice(0, longest - 1)}…` : node.label;
  context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = colour('surface-drawing');
  context.fillStyle = colour('ink');
  const half = context.measureText(text).width / 2 + 4;
  const width = context.canvas.clientWidth;
  const x = Math.min(Math.max(node.x, half), Math.max(width - half, half));
  const y = node.y + node.size + 3;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

/** The node under the pointer gets a ring; its name is drawn like any other. */
export function drawHover(context: CanvasRenderingContext2D, node: NodeToDraw, settings: LabelSettings): void {
  context.beginPath();
  context.arc(node.x, node.y, node.size + 3, 0, Math.PI * 2);
  context.lineWidth = 2;
  context.strokeStyle = colour('accent');
  context.stroke();
  drawLabel(context, node, settings);
}
