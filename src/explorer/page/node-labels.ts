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

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const longest = 22;

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Names under their nodes, with a halo of the background so that edges do not strike them through. Names
 * come in order of importance; one that would cover another, or a node, is left out until its own node is
 * pointed at.
 */
export class NodeLabels {
  #taken: Box[] = [];
  #ink = '';
  #halo = '';
  #ring = '';

  /** Call before each frame, with the places that names must keep clear of. */
  readonly begin = (nodes: Box[]): void => {
    this.#taken = nodes;
    this.#ink = colour('ink');
    this.#halo = colour('surface-drawing');
    this.#ring = colour('accent');
  };

  readonly draw = (context: CanvasRenderingContext2D, node: NodeToDraw, settings: LabelSettings): void => {
    this.#write(context, node, settings, false);
  };

  readonly drawHover = (context: CanvasRenderingContext2D, node: NodeToDraw, settings: LabelSettings): void => {
    context.beginPath();
    context.arc(node.x, node.y, node.size + 3, 0, Math.PI * 2);
    context.lineWidth = 2;
    context.strokeStyle = this.#ring;
    context.stroke();
    this.#write(context, node, settings, true);
  };

  #write(context: CanvasRenderingContext2D, node: NodeToDraw, settings: LabelSettings, always: boolean): void {
    if (!node.label) return;
    const text = node.label.length > longest ? `${node.label.slice(0, longest - 1)}…` : node.label;
    context.font = `${settings.labelWeight} ${settings.labelSize}px ${settings.labelFont}`;
    const half = context.measureText(text).width / 2 + 4;
    const width = context.canvas.clientWidth;
    const x = Math.min(Math.max(node.x, half), Math.max(width - half, half));
    const top = node.y + node.size + 3;
    const box = { left: x - half, right: x + half, top, bottom: top + settings.labelSize + 3 };
    if (!always && this.#taken.some((other) => overlap(box, other))) return;
    this.#taken.push(box);
    context.textAlign = 'center';
    context.textBaseline = 'top';
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = this.#halo;
    context.fillStyle = this.#ink;
    context.strokeText(text, x, top);
    context.fillText(text, x, top);
  }
}
