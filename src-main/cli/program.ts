import { Command } from 'commander';
import type { Context } from './context.ts';
import { trainHelp } from './option-reader.ts';

/** Columns of help where the output is no terminal, and the most anywhere. */
const HELP_COLUMNS = 100;
const MOST_HELP_COLUMNS = 120;

const FIGURE =
  'the figure they are held against each other by: dev.accuracy (the default), dev.loss, training.accuracy, training.loss, bias, variance or test.accuracy';

const RUN = 'a run: its id, the beginning of one, a name (the newest run of it), or last';

/**
 * The terminal door: every command, none of it loaded before it is asked for.
 * @throws (from parseAsync) CommanderError for a command line that it cannot read, UserError for what a command refuses.
 */
export function createProgram(context: Context): Command {
  const { out } = context.terminal;
  const helpWidth = Math.min(out.columns ?? HELP_COLUMNS, MOST_HELP_COLUMNS);
  const program = new Command('layerbench')
    .description('Train small image classifiers on your own machine, keep all of it, and compare.')
    .version(context.appVersion, '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [command]', 'Show the help of a command.')
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ helpWidth })
    // Mistakes are told in one place, whoever finds them.
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      `
RUN is ${RUN}.
Data lives in one folder: LAYERBENCH_HOME names it, doctor shows it. LAYERBENCH_CACHE_MAX bounds prepared images.
Exit code: 0 done, 1 something failed, 2 something to be mended, 130 ended with Ctrl-C.`,
    );

  program
    .command('train')
    .summary('Train one run or several.')
    .usage('[options] [--experiment [options]]...')
    .argument('[options...]')
    .allowUnknownOption()
    .passThroughOptions()
    .configureHelp({ formatHelp: () => trainHelp(helpWidth) })
    .action(async (args: string[]) => {
      const { train } = await import('./train.ts');
      await train(args, context);
    });

  program
    .command('runs')
    .summary('List runs.')
    .description('List runs, the newest first.')
    .option('--status <STATUS...>', 'only these: queued, running, finished, stopped, failed, interrupted')
    .option('--name <TEXT>', 'only those with this in their name')
    .option('--dataset <NAME>', 'only those on this data set')
    .option('--tag <TAG>', 'only those with this tag')
    .option('--starred', 'only those with a star')
    .option('--trashed', 'those in the trash')
    .option(
      '--sort <COLUMN>',
      'created, name, status, dataset, parameters, epochs, training-accuracy, dev-accuracy, best-dev-accuracy',
    )
    .option('--reverse', 'the other way round')
    .option('--limit <N>', 'at most so many')
    .option('--by-experiment', 'one row an experiment: mean ± standard deviation over its seeds')
    .option('--json', 'one JSON object a line and run, or experiment')
    .action(async (given: unknown) => {
      const { listRuns } = await import('./runs.ts');
      await listRuns(given, context);
    });

  program
    .command('show')
    .summary('Show all that is known of a run.')
    .description('Show all that is known of a run, and the command line that gives its configuration.')
    .argument('<RUN>', RUN)
    .option('--json', 'as one JSON object')
    .action(async (reference: string, given: unknown) => {
      const { showRun } = await import('./show.ts');
      await showRun(reference, given, context);
    });

  program
    .command('diagnose')
    .summary('Say what holds a run back, and what to try next.')
    .description(
      'Say what holds a run back, or each experiment of several runs, with the figures that it rests on, and what to try next.',
    )
    .argument('<RUN...>', RUN)
    .action(async (references: string[]) => {
      const { diagnoseRuns } = await import('./diagnose.ts');
      await diagnoseRuns(references, context);
    });

  program
    .command('compare')
    .summary('Put runs side by side.')
    .description(
      'Put runs side by side: their figures, seeds of one experiment in one row with mean ± standard deviation, what differs between their configurations, and what the differences say.',
    )
    .argument('<RUN...>', RUN)
    .option('--figure <NAME>', FIGURE)
    .option('--baseline <RUN>', 'the run whose experiment the others are held against (default: the best)')
    .option('--each-run', 'one row a run')
    .option('--json', 'as one JSON object: runs, differences, what they say, and what holds each back')
    .action(async (references: string[], given: unknown) => {
      const { compareRuns } = await import('./compare.ts');
      await compareRuns(references, given, context);
    });

  program
    .command('export')
    .summary('Write a chart of runs into a file.')
    .description(
      'Write a chart of runs as a picture, or its figures as CSV. Curves of one experiment are drawn as their mean with its 95 % interval.',
    )
    .argument('<RUN...>', RUN)
    .requiredOption(
      '--chart <NAME>',
      'loss, accuracy, confusion or weights (of units tracked with --track-layer)',
    )
    .requiredOption('--out <FILE>', 'the file; its ending says what is written: .png, .svg or .csv')
    .option('--theme <NAME>', 'light or dark (default: light)')
    .option('--width <PIXELS>', 'from 300 to 8192 (default: 1200)')
    .option('--height <PIXELS>', 'from 300 to 8192 (default: 750, of several matrices 450)')
    .option('--epoch <N>', 'of confusion and weights: as they were in this epoch (default: as the run ended)')
    .option('--log-scale', 'of loss: a logarithmic axis')
    .option('--each-run', 'of curves: every run by itself')
    .action(async (references: string[], given: unknown) => {
      const { exportChart } = await import('./export.ts');
      await exportChart(references, given, context);
    });

  addDatasets(program, context);

  program
    .command('tag')
    .summary('Name, tag, star or note runs.')
    .description('Say something of runs: what is not given stays.')
    .argument('<RUN...>', RUN)
    .option('--add <TAG...>', 'give them tags')
    .option('--remove <TAG...>', 'take tags away')
    .option('--name <NAME>', 'give them another name')
    .option('--note <TEXT>', 'write a note in place of the one before')
    .option('--star', 'star them')
    .option('--no-star', 'take the star away')
    .action(async (references: string[], given: unknown) => {
      const { tagRuns } = await import('./organize.ts');
      await tagRuns(references, given, context);
    });

  program
    .command('trash')
    .summary('Put runs that have ended into the trash.')
    .description('Put runs that have ended into the trash; with --empty, remove what is in it for good.')
    .argument('[RUN...]', RUN)
    .option('--empty', 'remove what is in the trash, with its files')
    .action(async (references: string[], given: unknown) => {
      const { trashRuns } = await import('./organize.ts');
      await trashRuns(references, given, context);
    });

  program
    .command('restore')
    .summary('Take runs out of the trash.')
    .argument('<RUN...>', 'ids of runs in the trash')
    .action(async (references: string[]) => {
      const { restoreRuns } = await import('./organize.ts');
      await restoreRuns(references, context);
    });

  program
    .command('rerun')
    .summary('Train a run again.')
    .description('Train a run again as it was: configuration, seeds and backend.')
    .argument('<RUN>', RUN)
    .option('--verify', 'say whether the final weights came out the same, bit for bit, or what differs')
    .option('--json', 'print the new run as a line of JSON, everything else on standard error')
    .action(async (reference: string, given: unknown) => {
      const { rerun } = await import('./rerun.ts');
      await rerun(reference, given, context);
    });

  program
    .command('continue')
    .summary('Let a run that has ended go on.')
    .description(
      'Let a run that was stopped, interrupted or has finished go on from what was kept of it: in the same row, to the same figures as if it had never ended.',
    )
    .argument('[RUN]', RUN)
    .option('--all', 'every run that was interrupted, and those that wait for a process which has died')
    .option('--epochs <N>', 'epochs in all; as many as it was to have where nothing is said')
    .option('--jobs <N>', 'runs at once (default: 1)')
    .option('--json', 'print each run as a line of JSON, everything else on standard error')
    .action(async (reference: string | undefined, given: unknown) => {
      const { continueRun } = await import('./continue.ts');
      await continueRun(reference, given, context);
    });

  const further = [
    ['--seeds <N>', 'seeds of each (default: 3)'],
    ['--jobs <N>', 'runs at once (default: 2)'],
    ['--json', 'print each run as a line of JSON, everything else on standard error'],
  ] as const;
  function withFurther(command: Command): Command {
    for (const [flags, help] of further) command.option(flags, help);
    return command;
  }
  withFurther(
    program
      .command('learning-curve')
      .summary('Tell whether more images would help.')
      .description(
        'Train a run again with all, half, a quarter and so on of its training images, and tell where more of them would lead.',
      )
      .argument('<RUN>', RUN)
      .option('--sizes <N>', 'sizes of the training set, each half of the next (default: 5)'),
  ).action(async (reference: string, given: unknown) => {
    const { learnCurve } = await import('./further-runs.ts');
    await learnCurve(reference, given, context);
  });

  withFurther(
    program
      .command('ablate')
      .summary('Tell what each piece of a run contributes.')
      .description(
        'Train a run again whole, and once without each of its preparation steps, augmentations and regularizers; what each contributes is a table.',
      )
      .argument('<RUN>', RUN)
      .option('--figure <NAME>', FIGURE),
  ).action(async (reference: string, given: unknown) => {
    const { ablate } = await import('./further-runs.ts');
    await ablate(reference, given, context);
  });

  withFurther(
    program
      .command('best')
      .summary('Measure the best of several again, with fresh seeds.')
      .description(
        'Pick the best experiment of three or more, and measure it again with seeds that it was not picked for: these alone count from then on. Where another is ahead of them, it is measured next.',
      )
      .argument('<RUN...>', RUN)
      .option('--figure <NAME>', FIGURE),
  ).action(async (references: string[], given: unknown) => {
    const { measureBest } = await import('./further-runs.ts');
    await measureBest(references, given, context);
  });

  program
    .command('study')
    .summary('Redo the reference study.')
    .description(
      'Redo the study of an N-layer network on the numbers: every experiment, table and finding, with a verdict on each. Runs that are in the store already are taken as they are.',
    )
    .option('--only <PARTS>', 'only these parts, separated by commas, such as trim,K')
    .option('--seeds <N>', 'runs of each experiment (default: 1)')
    .option('--epochs <N>', 'epochs of every run (default: those of the study)')
    .option('--jobs <N>', 'runs at once (default: 2)')
    .option('--no-resume', 'train everything anew')
    .option('--resume', 'take what an earlier study has trained (the default)')
    .option('--out <FOLDER>', 'where the report is written (default: study, in the data folder)')
    .action(async (given: unknown) => {
      const { study } = await import('./study.ts');
      await study(given, context);
    });

  program
    .command('serve')
    .summary('Serve the workbench to a browser.')
    .description(
      'Serve the workbench to browsers, and print the link that lets them in. Runs go on while it is open, whether or not a page looks at them.',
    )
    .option('--port <N>', 'port to listen on, 0 for any that is free (default: 7470, else any)')
    .option(
      '--host <ADDRESS>',
      'address to listen on; others than 127.0.0.1 can be reached from other machines',
    )
    .option('--open', 'open it in the browser')
    .action(async (given: unknown) => {
      const { servePage } = await import('./serve.ts');
      await servePage(given, context);
    });

  program
    .command('doctor')
    .summary('Tell what this machine can train with.')
    .description('Tell what this machine can train with, and why. Exit code 1 when nothing can train.')
    .option('--json', 'as one JSON object')
    .action(async (given: unknown) => {
      const { doctor } = await import('./doctor.ts');
      await doctor(given, context);
    });

  program
    .command('example')
    .summary('Train an example on drawn digits.')
    .description('Train an example on drawn digits, and draw its curves into the data folder.')
    .action(async () => {
      const { example } = await import('./example.ts');
      await example(context);
    });

  return program;
}

function addDatasets(program: Command, context: Context): void {
  const datasets = program.command('datasets').description('List, look at and create data sets.');
  const splitting = [
    ['--datasets-path <FOLDER>', 'where data sets are looked up by name'],
    ['--partitions <T,D,E>', 'shares of the training, dev and test part (default: 0.7,0.15,0.15)'],
    ['--dataset-seed <N>', 'seed of the split (default: 0)'],
    ['--json', 'as JSON'],
  ] as const;
  function withSplitting(command: Command): Command {
    for (const [flags, help] of splitting) command.option(flags, help);
    return command;
  }
  withSplitting(datasets.command('list').description('List the data sets that are found by name.')).action(
    async (given: unknown) => {
      const { listDatasets } = await import('./datasets.ts');
      await listDatasets(given, context);
    },
  );
  withSplitting(
    datasets
      .command('show')
      .description('Show the classes of a data set, and how it would be split.')
      .argument('<SET>', 'its name, or the path of a folder with one sub-folder a class'),
  ).action(async (name: string, given: unknown) => {
    const { showDataset } = await import('./datasets.ts');
    await showDataset(name, given, context);
  });
  withSplitting(
    datasets
      .command('check')
      .description(
        'Tell what may spoil a training on a data set: duplicates, leaks, unreadable images and more.',
      )
      .argument('<SET>', 'its name, or the path of a folder with one sub-folder a class'),
  ).action(async (name: string, given: unknown) => {
    const { checkDataset } = await import('./datasets.ts');
    await checkDataset(name, given, context);
  });
  datasets
    .command('create')
    .description('Draw a data set of its own into the data folder.')
    .argument('<KIND>', 'numbers or colors')
    .option('--name <NAME>', 'its name (default: made from the kind and the options)')
    .option('--seed <N>', 'seed that it is drawn with (default: 0)')
    .option('--per-class <N>', 'images of each class (default: as the built-in set has)')
    .option('--json', 'as one JSON object')
    .action(async (kind: string, given: unknown) => {
      const { createDataset } = await import('./datasets.ts');
      await createDataset(kind, given, context);
    });
}
