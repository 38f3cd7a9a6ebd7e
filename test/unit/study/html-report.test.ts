import { expect, test } from 'vitest';
import { htmlReport, pngAddress } from '../../../src-main/study/html-report.ts';

test('a report is one file, its pictures within it, and markup in its text is shown as text', () => {
  const markdown =
    '# A < B\n\n| a | b |\n| --- | --- |\n| 1 | <img onerror=alert(1)> |\n\n![Accuracy](K.png)\n\n![gone](absent.png)\n\n<script>x</script>\n';
  const html = htmlReport(markdown, (file) =>
    file === 'K.png' ? pngAddress(Uint8Array.of(1, 2, 3)) : undefined,
  );
  expect(html).toContain('<title>A &lt; B</title>');
  expect(html).toContain('<img alt="Accuracy" src="data:image/png;base64,AQID">');
  expect(html.match(/<img/g)).toHaveLength(1);
  expect(html).not.toMatch(/<script|src="[^d]/);
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('<td>1</td>');
});
