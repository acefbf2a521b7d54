import { api } from '../api.js';
import { comparison } from '../comparison.js';
import { element } from '../dom.js';
import { message } from '../messages.js';
import { firstWholeEpoch, trainingCurves } from '../training-curves.js';
import type { View } from './view.js';

export const modelView: View = async ({ main, signal, arrived }) => {
  const { model_id, epochs, evaluation } = await api.training(signal);
  const facts = element('p', { className: 'facts' }, element('span', {}, 'model ', element('code', {}, model_id)));
  const curves = element('div', { className: 'curves' });
  const whole = firstWholeEpoch(epochs);
  const table = element('div', { className: 'comparison' });
  main.replaceChildren(
    element(
      'header',
      { className: 'heading plain' },
      element(
        'div',
        { className: 'heading-words' },
        element('h1', { tabIndex: -1 }, 'How the model came to be'),
        facts,
      ),
    ),
    element('section', { className: 'section' }, element('h2', {}, 'Against the baselines'), table),
    element(
      'section',
      { className: 'section' },
      element('h2', {}, 'Training of PinSage'),
      ...(whole === undefined ? [] : [element('p', { className: 'note' }, wholeText(whole))]),
      curves,
    ),
  );
  arrived('Model');
  table.append(
    evaluation
      ? comparison(evaluation)
      : message('Not evaluated yet', 'boardwalk evaluate compares a model with its baselines on held-out data.'),
  );
  if (epochs.length > 0) await trainingCurves(curves, epochs, signal);
  else curves.append(message('No training log', 'This model directory has no log of its epochs.'));
};

function wholeText(epoch: number): string {
  return `From epoch ${epoch} on, right of the dashed line, it trains over the whole graph, with the edges that were hidden to judge the epochs before: these have no hit rate.`;
}
