import { Command, InvalidArgumentError } from 'commander';

interface Shared {
  out: string;
  force?: boolean;
  json?: boolean;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

function importer(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption('--out <folder>', 'where the Parquet files go; the folder appears only when it is whole')
    .option('--force', 'replace OUT')
    .option('--json', 'print the counts as one JSON object')
    .addHelpText('after', `\nExample:\n  boardwalk import ${example}`);
}

function report(counts: object, { out, json }: Shared): void {
  if (json) console.log(JSON.stringify({ out, ...counts }));
  else {
    const parts = Object.entries(counts).map(([name, value]) => `${Number(value).toLocaleString('en-US')} ${name}`);
    console.log(`${out}: ${parts.join(', ')}`);
  }
}

interface NpmFlags extends Shared {
  packages: number;
  concurrency: number;
  cache?: string;
  registry?: string;
}

const npm = importer(
  'npm',
  'Reads the latest manifests of well-used npm packages: a board is a package, its pins are its dependencies.\n' +
    'Stop it with Ctrl-C and run it again at any time: what has been read is kept in the cache.',
  'npm --packages 2000 --out npm-data',
)
  .option('--packages <count>', 'packages to read, most used first', count, 2000)
  .option('--concurrency <count>', 'requests in flight at once', count, 12)
  .option('--cache <folder>', 'keeps what has been read (default: OUT with -cache added)')
  .option('--registry <address>', 'a registry (default: the one that npm uses)')
  .action(async (flags: NpmFlags) => {
    const [{ importNpm }, { streamProgress }, { interruptible }] = await Promise.all([
      import('../data/import-npm.js'),
      import('../progress.js'),
      import('./interruptible.js'),
    ]);
    const { registry, packages, concurrency, out, cache = `${out.replace(/[\\/]+$/, '')}-cache` } = flags;
    const counts = await interruptible((signal) =>
      importNpm({
        packages,
        concurrency,
        out,
        cache,
        registry,
        force: flags.force === true,
        signal,
        progress: streamProgress(),
      }),
    );
    report(counts, flags);
  });

interface DebianFlags extends Shared {
  packages: string;
  minimumPins: number;
}

const debian = importer(
  'debian',
  'Reads a Debian package index: a board is a source package, its pins are the packages of others that it needs.',
  'debian --packages Packages.gz --out debian-data\n  apt-cache dumpavail | boardwalk import debian --packages - --out debian-data',
)
  .requiredOption('--packages <file>', 'a Packages file, plain or .gz; - reads standard input')
  .option('--minimum-pins <count>', 'boards with fewer pins are left out', count, 2)
  .action(async (flags: DebianFlags) => {
    const [{ importDebian }, { streamProgress }] = await Promise.all([
      import('../data/import-debian.js'),
      import('../progress.js'),
    ]);
    const { packages, minimumPins, out } = flags;
    report(
      await importDebian({ packages, minimumPins, out, force: flags.force === true, progress: streamProgress() }),
      flags,
    );
  });

const lightgcn = importer(
  'lightgcn',
  'Converts train and test files of one line a user (user item item …) to edges.parquet and test.parquet.',
  'lightgcn --train train.txt --test test.txt --out gowalla',
)
  .requiredOption('--train <file>', 'plain or .gz')
  .requiredOption('--test <file>', 'plain or .gz')
  .action(async (flags: Shared & { train: string; test: string }) => {
    const { importLightgcn } = await import('../data/import-lightgcn.js');
    const { train, test, out } = flags;
    report(await importLightgcn({ train, test, out, force: flags.force === true }), flags);
  });

const movielens = importer(
  'movielens',
  'Converts a MovieLens folder (ratings.csv, ratings.dat or u.data) to edges.parquet: a user is a board of the films\n' +
    'they liked. Titles and genres (movies.csv, movies.dat or u.item) go to pins.parquet.',
  'movielens --folder ml-latest-small --out movielens',
)
  .requiredOption('--folder <folder>', 'holds ratings.csv, ratings.dat or u.data')
  .option('--minimum-rating <stars>', 'ratings from this one up are edges', Number, 4)
  .action(async (flags: Shared & { folder: string; minimumRating: number }) => {
    const { importMovielens } = await import('../data/import-movielens.js');
    const { folder, minimumRating, out } = flags;
    report(await importMovielens({ folder, minimumRating, out, force: flags.force === true }), flags);
  });

export const command = new Command('import')
  .description('Fetches or converts a public data set into the files that `boardwalk build` reads.')
  .addCommand(npm)
  .addCommand(debian)
  .addCommand(lightgcn)
  .addCommand(movielens);
