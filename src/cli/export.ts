import { EXPORT_PATH } from '../admin/control.js';
import { ask } from './http.js';
import { type Asked, askServerOrFile } from './server-or-file.js';

/**
 * Prints all that is in a cluster as YAML.
 * @throws Error if the server cannot be asked, or refuses
 */
export async function exportObjects(asked: Asked): Promise<void> {
  await askServerOrFile(asked, async ({ server, token, ca }) => {
    const { status, text } = await ask({ server, token, ca }, EXPORT_PATH, { into: process.stdout });
    if (status !== 200) throw new Error(`${server} answered ${status}: ${text.trim()}`);
  });
}
