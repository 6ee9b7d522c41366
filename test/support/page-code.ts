import { readFileSync } from 'node:fs';

const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<unknown>;
const IMPORT = /^import \{ ([^}]+) \} from '([^']+)';$/gm;

/**
 * Runs the code of a page of docs/, all of its `ts` blocks as one, as a reader would who copies them (they must be JavaScript as well).
 * @param modules what is imported on the page
 * @param wanted names of the page's own whose values are answered
 */
export async function runPage(
  page: string,
  modules: Readonly<Record<string, object>>,
  wanted: readonly string[],
): Promise<Record<string, unknown>> {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const code = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
  const body = code.replace(IMPORT, (_, names, module) => `const { ${names} } = modules[${JSON.stringify(module)}];`);
  const run = new AsyncFunction('modules', `${body}\nreturn { ${wanted.join(', ')} };`);
  return (await run(modules)) as Record<string, unknown>;
}
