import { readFileSync } from 'node:fs';

const AsyncFunction = (async () => {}).constructor as new (
  ...source: string[]
) => (...args: unknown[]) => Promise<Record<string, unknown>>;
const IMPORT = /^import (?:\{ ([^}]+) \}|(\w+)) from '([^']+)';$/gm;

/** What code of a page is given. */
export interface Given {
  /** What it may import. */
  readonly modules?: Readonly<Record<string, object>>;
  /** What it finds there; what it declares itself counts more. */
  readonly scope?: Readonly<Record<string, unknown>>;
  /** Names of its own whose values are answered. */
  readonly wanted?: readonly string[];
}

/** A page of docs/, and the code on it, as a reader would run it who copies it. */
export class Page {
  readonly text: string;

  /** @param name within docs/ */
  constructor(readonly name: string) {
    this.text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  }

  /** The blocks in a language, in order, without what they are indented by. */
  blocks(language: string): string[] {
    const found = this.text.matchAll(new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\``, 'gm'));
    return [...found].map(([, indent, code]) => code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
  }

  /** Blocks of code, each named by its first line: for a table of tests. */
  get code(): [title: string, code: string][] {
    return ['ts', 'js'].flatMap(language => this.blocks(language)).map(code => [code.split('\n', 1)[0]!, code]);
  }
}

/** Runs code of a page, which must be JavaScript. @throws whatever it throws */
export function runCode(
  code: string,
  { modules = {}, scope = {}, wanted = [] }: Given,
): Promise<Record<string, unknown>> {
  const body = code.replace(
    IMPORT,
    (_, names, whole, module) => `const { ${names ?? `default: ${whole}`} } = modules[${JSON.stringify(module)}];`,
  );
  const names = Object.keys(scope).filter(name => !new RegExp(`\\b(const|let) (\\{[^}]*\\b)?${name}\\b`).test(body));
  const run = new AsyncFunction('modules', ...names, `${body}\nreturn { ${wanted.join(', ')} };`);
  return run(modules, ...names.map(name => scope[name]));
}
