import { Command } from 'commander';

interface Flags {
  json?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const list = new Command('list')
  .description(
    'List the model directories inside a folder, the newest first. What is wrong with one that cannot be read goes to\n' +
      'standard error, and the exit status is 1.',
  )
  .argument('<dir>', 'folder that holds model directories')
  .option('--json', 'print one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk models list models')
  .action(async (directory: string, flags: Flags) => {
    const [{ modelsIn }, { modelJson }] = await Promise.all([
      import('../registry/list-models.js'),
      import('../registry/show-model.js'),
    ]);
    const { models, faults } = modelsIn(directory);
    for (const { message } of faults) console.error(`boardwalk: ${message}`);
    if (faults.length > 0) process.exitCode = 1;
    if (flags.json) return print(JSON.stringify({ models: models.map(modelJson) }));
    for (const { id, directory: path, spec, metrics } of models)
      print(
        [
          id,
          spec.provenance.created_at,
          `recall@20 ${metrics.methods.recommender['recall@20']?.toFixed(4) ?? 'none'}`,
          path,
        ].join('  '),
      );
  });

const show = new Command('show')
  .description('Show what a model is, how it was made and what it reached on validation boards.')
  .argument('<dir>', 'model directory')
  .option('--json', 'print one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk models show model')
  .action(async (directory: string, flags: Flags) => {
    const { modelText, modelJson, readWhole } = await import('../registry/show-model.js');
    const model = readWhole(directory);
    print(flags.json ? JSON.stringify({ ...modelJson(model), spec: model.spec }) : modelText(model));
  });

const diff = new Command('diff')
  .description('Show in which settings and figures two models differ.')
  .argument('<a>', 'model directory')
  .argument('<b>', 'model directory')
  .option('--json', 'print one JSON object')
  .addHelpText('after', '\nExample:\n  boardwalk models diff model-a model-b')
  .action(async (a: string, b: string, flags: Flags) => {
    const [{ readSummary }, { differences }] = await Promise.all([
      import('../registry/model.js'),
      import('../registry/diff-models.js'),
    ]);
    const found = differences(readSummary(a), readSummary(b));
    if (flags.json) return print(JSON.stringify({ differences: found }));
    if (found.length === 0) print('The models are the same.');
    for (const { field, a: one, b: other } of found)
      print(`${field}: ${JSON.stringify(one)} -> ${JSON.stringify(other)}`);
  });

export const command = new Command('models')
  .description('Look at model directories.')
  .addCommand(list)
  .addCommand(show)
  .addCommand(diff);
