/** What was found out when the native library was last looked for; undefined where it never was. */
export function readReport(folder?: string): unknown;
