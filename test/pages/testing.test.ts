import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PAGES = fileURLToPath(new URL('../../docs/testing', import.meta.url));
const pages = readdirSync(PAGES);
/** A file, named by a link, and all of it. */
const QUOTED = /\[examples\/([^\]]+)\]\(\.\.\/\.\.\/examples\/\1\):\n\n```\w+\n([\s\S]*?)```\n/g;

describe('the pages on testing', () => {
  it.each(pages)('%s shows files of examples/ as they are, and leads nowhere but to what is there', page => {
    const text = readFileSync(join(PAGES, page), 'utf8');
    for (const [, name, code] of text.matchAll(QUOTED))
      expect(code, name).toBe(readFileSync(join(PAGES, '../../examples', name!), 'utf8'));
    // What is typed at a prompt needs no file.
    const others = [...text.replaceAll(QUOTED, '').matchAll(/```(\w+)/g)].map(([, language]) => language);
    expect(others.filter(language => language !== 'sh')).toEqual([]);
    // What the code reads is where a reader finds it.
    const read = text.includes('../fluentd-elasticsearch.yaml');
    expect(text.includes('](../../examples/fluentd-elasticsearch.yaml)')).toBe(read);
    const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
    expect(links.filter(link => !link.includes('://') && !existsSync(join(PAGES, link)))).toEqual([]);
  });

  it('are all in the table, and show each of the examples that are tests', () => {
    const index = readFileSync(join(PAGES, 'README.md'), 'utf8');
    expect(pages.filter(page => page !== 'README.md' && !index.includes(`](${page})`))).toEqual([]);
    const shown = pages.flatMap(page =>
      [...readFileSync(join(PAGES, page), 'utf8').matchAll(QUOTED)].map(([, name]) => name),
    );
    const tests = (readdirSync(join(PAGES, '../../examples'), { recursive: true }) as string[]).filter(
      name => name.includes('/') && /\.test\.\w+$/.test(name),
    );
    expect(tests).not.toEqual([]);
    expect(tests.filter(name => !shown.includes(name))).toEqual([]);
  });

  it('are the only ones with code, but for those whose code is run as well', () => {
    const docs = join(PAGES, '..');
    const run = readdirSync(new URL('.', import.meta.url)).map(name => name.replace('.test.ts', '.md'));
    const withCode = readdirSync(docs).filter(
      name => name.endsWith('.md') && /^ *```(ts|js)$/m.test(readFileSync(join(docs, name), 'utf8')),
    );
    expect(withCode.filter(name => !run.includes(name))).toEqual([]);
  });
});
