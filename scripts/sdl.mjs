// The SDL of the GraphQL API, all topics in one text.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../schema/', import.meta.url));

/** As the server reads it (`src/graphql/schema.ts`). */
export function sdl() {
  return readdirSync(folder)
    .filter(file => file.endsWith('.graphql'))
    .sort()
    .map(file => readFileSync(`${folder}${file}`, 'utf8'))
    .join('\n');
}
