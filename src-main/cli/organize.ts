import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { withWorkbench } from './open-workbench.ts';

const TagOptions = z.object({
  add: z.array(z.string().min(1, '--add takes tags.')).default([]),
  remove: z.array(z.string()).default([]),
  name: z.string().min(1, '--name takes a name.').max(200, '--name takes at most 200 characters.').optional(),
  note: z.string().optional(),
  star: z.boolean().optional(),
});

/** `layerbench tag RUN...`: says something of runs. @throws UserError where a text means no run. */
export async function tagRuns(
  references: readonly string[],
  given: unknown,
  context: Context,
): Promise<void> {
  const { add, remove, name, note, star } = checkedOptions(TagOptions, given);
  if (add.length + remove.length === 0 && name === undefined && note === undefined && star === undefined) {
    throw new UserError('Say what to change: --add, --remove, --name, --note, --star or --no-star.');
  }
  await withWorkbench(context, (workbench) => {
    const ids = references.map((reference) => workbench.run(reference).id);
    for (const run of workbench.organize(ids, {
      name,
      note,
      starred: star,
      addTags: add,
      removeTags: remove,
    })) {
      const words = [...(run.starred ? ['starred'] : []), ...run.tags];
      context.terminal.out.line(
        `${run.id}  ${run.name}${words.length === 0 ? '' : `  (${words.join(', ')})`}`,
      );
    }
  });
}

const TrashOptions = z.object({ empty: z.boolean().default(false) });

/** `layerbench trash RUN...` and `layerbench trash --empty`. @throws UserError where a run goes on. */
export async function trashRuns(
  references: readonly string[],
  given: unknown,
  context: Context,
): Promise<void> {
  const { empty } = checkedOptions(TrashOptions, given);
  if (references.length === 0 && !empty) throw new UserError('Name runs, or add --empty.');
  await withWorkbench(context, (workbench) => {
    const { out } = context.terminal;
    if (references.length > 0) {
      const trashed = workbench.trash(references.map((reference) => workbench.run(reference).id));
      out.line(`${counted(trashed.length, 'run')} moved to the trash.`);
    }
    if (empty) out.line(`${counted(workbench.emptyTrash(), 'run')} removed for good.`);
  });
}

/** `layerbench restore RUN...` */
export async function restoreRuns(references: readonly string[], context: Context): Promise<void> {
  await withWorkbench(context, (workbench) => {
    const restored = workbench.restore(references.map((reference) => workbench.run(reference).id));
    context.terminal.out.line(`${counted(restored.length, 'run')} restored.`);
  });
}
