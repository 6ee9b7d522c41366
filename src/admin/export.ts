import { YAML_TYPE } from '../api/http.js';
import { toYaml } from '../registry/yaml.js';
import { LINES_TYPE } from './control.js';
import { TEXT_TYPES } from './openapi.js';
import type { AdminRoute } from './rest.js';
import { schemaOf } from './schemas.js';

/** Objects put into text before others get their turn. */
const PIECE = 200;

/** `GET /_kubette/v1/export`: all that is in the cluster, as YAML, or an object of JSON a line for those who accept that. */
export function exportRoute(exported: () => Iterable<object>): AdminRoute {
  return {
    method: 'GET',
    path: ['export'],
    doc: {
      summary: 'Tells all that is in the cluster, for another one to begin with',
      answers: {
        200: {
          description: 'Objects, but for what every cluster makes for itself',
          schema: schemaOf('Manifests'),
          types: TEXT_TYPES,
        },
      },
    },
    async answer(exchange): Promise<'answered'> {
      const inLines = exchange.req.headers.accept?.includes(LINES_TYPE) ?? false;
      const objects = [...exported()];
      const stream = exchange.stream(inLines ? LINES_TYPE : YAML_TYPE, false);
      let goOn = () => {};
      stream.onDrain(() => goOn());
      stream.onClose(() => goOn());
      for (let at = 0; at < objects.length && !stream.closed; at += PIECE) {
        const piece = objects.slice(at, at + PIECE);
        const text = inLines
          ? piece.map(object => `${JSON.stringify(object)}\n`).join('')
          : piece.map((object, i) => (at + i > 0 ? `---\n${toYaml(object)}` : toYaml(object))).join('');
        await new Promise<void>(resolve => {
          goOn = resolve;
          if (stream.write(Buffer.from(text)) || stream.closed) setImmediate(resolve);
        });
      }
      stream.end();
      return 'answered';
    },
  };
}
