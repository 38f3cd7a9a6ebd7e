/** Arguments as a shell reads them back: quoted where they hold more than plain letters. */
export function shellWords(args: readonly string[]): string {
  return args
    .map((argument) =>
      /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`,
    )
    .join(' ');
}
