import { Marked, type Tokens } from 'marked';

/** One accent, the system's own type, light and dark as the system is. */
const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d9dce1, #3a3f47); --dim: light-dark(#5b6470, #a3acb8); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; } h3 { margin-top: 2.5rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: 0.3rem 0.8rem 0.3rem 0; text-align: left; border-bottom: 1px solid var(--line); }
table { font-size: 0.875rem; } [align='right'] { text-align: right; } td[align='right'] { white-space: nowrap; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.8rem; border: 1px solid var(--line); border-radius: 6px; font-size: 0.8rem; }
img { max-width: min(100%, 60rem); background: white; border-radius: 6px; } em { color: var(--dim); }
.table { overflow-x: auto; }
`;

/**
 * A report of Markdown as one HTML file that needs no other once its pictures are within it. Markup in the text is shown
 * as text.
 * @param addressOf of a picture by the name that the Markdown has; undefined where there is none.
 */
export function htmlReport(markdown: string, addressOf: (file: string) => string | undefined): string {
  const renderer = new Marked({
    async: false,
    renderer: {
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
      image({ href, text }: Tokens.Image) {
        const address = addressOf(href);
        if (address === undefined) return escaped(text);
        return `<img alt="${escaped(text)}" src="${escaped(address)}">`;
      },
    },
  });
  const body = renderer
    .parse(markdown, { async: false })
    .replaceAll('<table>', '<div class="table"><table>')
    .replaceAll('</table>', '</table></div>');
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? 'Report';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}</body>
</html>
`;
}

/** A PNG file as the address of a picture within a file. */
export function pngAddress(picture: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(picture).toString('base64')}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
