import type { IncomingMessage } from 'node:http';
import { mediaTypeOf, readBody } from '../api/http.js';
import { parseManifests } from '../registry/manifests.js';
import type { Registry } from '../registry/registry.js';
import { messageOf, StatusError } from '../registry/status.js';
import { failed } from '../registry/turns.js';
import { isObject } from '../resources/json.js';
import { type Importer, LINES_TYPE } from './control.js';
import type { AdminRoute } from './rest.js';
import { schemaOf } from './schemas.js';

/** The largest body of lines, and of anything else, which has to be there as a whole to be read. */
const MAX_LINES_BYTES = 2 ** 30;
const MAX_TEXT_BYTES = 64 * 2 ** 20;

/** What the route is made of. */
export interface ImportRouteOptions {
  readonly registry: Registry;
  readonly importObjects: Importer;
}

/** `POST /_kubette/v1/import`: takes in the objects of another cluster, as they stood there. */
export function importRoute({ registry, importObjects }: ImportRouteOptions): AdminRoute {
  return {
    method: 'POST',
    path: ['import'],
    doc: {
      summary: 'Takes in the objects of another cluster, as they stood there',
      body: schemaOf('Manifests'),
      bodyTypes: [LINES_TYPE],
      answers: { 200: { description: 'What came of it', schema: schemaOf('ImportReport') } },
    },
    readsItself: true,
    atOnce: true,
    async answer(exchange) {
      const { req } = exchange;
      const objects = mediaTypeOf(req) === LINES_TYPE ? await readLines(req) : await readText(req);
      const places = new Map(objects.map((object, index) => [object, index]));
      const { taken, left, changed } = await registry.turns.take(() => importObjects(objects), {
        method: 'POST',
        path: req.url!,
        user: exchange.user,
        headers: { 'content-type': LINES_TYPE },
        body: Buffer.from(objects.map(object => JSON.stringify(object)).join('\n')),
        outcome: failure => (failure ? failed(failure) : { code: 200 }),
      });
      const told = (notes: typeof left) =>
        notes.map(({ object, kind, name, why }) => ({ index: places.get(object), kind, name, why }));
      return {
        code: 200,
        body: { taken: Object.fromEntries(taken), left: told(left), changed: told(changed) },
      };
    },
  };
}

async function readText(req: IncomingMessage): Promise<object[]> {
  return parseManifests((await readBody(req, MAX_TEXT_BYTES)).toString());
}

/** @throws StatusError 400 for a line that is no object, 413 */
async function readLines(req: IncomingMessage): Promise<object[]> {
  const objects: object[] = [];
  let begun: Buffer[] = [];
  let length = 0;
  const take = (line: string) => {
    if (line.trim() !== '') objects.push(objectIn(line, objects.length + 1));
  };
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_LINES_BYTES) throw StatusError.tooLarge(`Request entity too large: limit is ${MAX_LINES_BYTES}`);
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      begun.push(chunk.subarray(from, end));
      take(Buffer.concat(begun).toString());
      begun = [];
      from = end + 1;
    }
    begun.push(chunk.subarray(from));
  }
  take(Buffer.concat(begun).toString());
  return objects;
}

function objectIn(line: string, number: number): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw StatusError.badRequest(`object ${number} cannot be read as JSON: ${messageOf(error)}`);
  }
  if (!isObject(value)) throw StatusError.badRequest(`line ${number} must be an object`);
  return value;
}
