import { readFileSync } from 'node:fs';

/**
 * A JSON object in data/ with one entry a line, in which each entry is parsed when it is first asked for: a cluster needs a
 * few dozen of a file's hundreds.
 */
export class DataTable<T> {
  readonly names: readonly string[];
  readonly #lines: readonly string[];
  readonly #indexes = new Map<string, number>();

  /** @param file name of the file in data/. */
  constructor(file: string) {
    const text = readFileSync(new URL(`../../data/${file}`, import.meta.url), 'utf8');
    this.#lines = text.split('\n').filter(line => line.startsWith('"'));
    this.names = this.#lines.map(line => line.slice(1, line.indexOf('"', 1)));
    for (const [index, name] of this.names.entries()) this.#indexes.set(name, index);
  }

  indexOf(name: string): number | undefined {
    return this.#indexes.get(name);
  }

  /** Parses the entry at `index`. */
  read(index: number): T {
    const line = this.#lines[index]!;
    return JSON.parse(line.slice(this.names[index]!.length + 3, line.endsWith(',') ? -1 : undefined)) as T;
  }
}
