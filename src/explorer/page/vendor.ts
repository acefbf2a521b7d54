import type Graph from 'graphology';
import type * as Plot from '@observablehq/plot';
import type { Sigma } from 'sigma';

/** The libraries' browser builds set these globals. */
declare global {
  interface Window {
    graphology?: { UndirectedGraph: typeof Graph };
    Sigma?: typeof Sigma;
    Plot?: typeof Plot;
  }
}

const scripts = new Map<string, Promise<void>>();

function script(name: string): Promise<void> {
  let loading = scripts.get(name);
  if (!loading) {
    loading = new Promise((resolve, reject) => {
      const tag = document.createElement('script');
      tag.src = `/assets/vendor/${name}.js`;
      tag.addEventListener('load', () => resolve());
      tag.addEventListener('error', () => {
        scripts.delete(name);
        reject(new Error(`Could not load ${name}.`));
      });
      document.head.append(tag);
    });
    scripts.set(name, loading);
  }
  return loading;
}

/** Loaded only when a drawing is wanted: the rest of the page needs no library. */
export async function loadSigma(): Promise<{ UndirectedGraph: typeof Graph; Renderer: typeof Sigma }> {
  await Promise.all([script('graphology'), script('sigma')]);
  if (!window.graphology || !window.Sigma) throw new Error('The drawing library did not start.');
  return { UndirectedGraph: window.graphology.UndirectedGraph, Renderer: window.Sigma };
}

/** Plot's browser build takes d3 from the window, so d3 comes first. */
export async function loadPlot(): Promise<typeof Plot> {
  await script('d3');
  await script('plot');
  if (!window.Plot) throw new Error('The chart library did not start.');
  return window.Plot;
}
