import { ADMIN_ROOT, LINES_TYPE } from './control.js';
import type { AdminRoute } from './rest.js';
import { SCHEMAS, type Schema } from './schemas.js';

/** What is told of a route to those who write clients. */
export interface RouteDoc {
  readonly summary: string;
  /** What stands in place of each `*` in its path. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What may stand in the query of its URL. */
  readonly query?: Readonly<Record<string, string>>;
  /** What it takes; absent: nothing. */
  readonly body?: Schema;
  /** Types that the body may have besides JSON and YAML of an object. */
  readonly bodyTypes?: readonly string[];
  /** What it answers, by code. */
  readonly answers: Readonly<Record<number, Answer>>;
}

interface Answer {
  readonly description: string;
  readonly schema: Schema;
  /** If not JSON. */
  readonly types?: readonly string[];
}

const JSON_TYPE = 'application/json';
const YAML_TYPE = 'application/yaml';

/** Media types of lines and of YAML text, for bodies and answers. */
export const TEXT_TYPES = [YAML_TYPE, LINES_TYPE] as const;

const parameter = (name: string, place: 'path' | 'query', description: string): object => ({
  name,
  in: place,
  required: place === 'path',
  description,
  schema: { type: 'string' },
});

/** The OpenAPI document (3.1) of the routes below `/_kubette/v1`. @param server where they are, as the client sees it */
export function openApi(routes: readonly AdminRoute[], version: string, server: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const { method, path, doc } = route;
    const names = Object.entries(doc.parameters ?? {});
    const parameters = [
      ...names.map(([name, description]) => parameter(name, 'path', description)),
      ...Object.entries(doc.query ?? {}).map(([name, description]) => parameter(name, 'query', description)),
    ];
    let next = 0;
    const template = `/${path.map(part => (part === '*' ? `{${names[next++]![0]}}` : part)).join('/')}`;
    paths[template] ??= {};
    paths[template][method.toLowerCase()] = {
      operationId: operationId(route),
      tags: [path[0]],
      summary: doc.summary,
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(doc.body
        ? { requestBody: { content: content([JSON_TYPE, YAML_TYPE, ...(doc.bodyTypes ?? [])], doc.body) } }
        : {}),
      responses: {
        ...Object.fromEntries(
          Object.entries(doc.answers).map(([code, { description, schema, types = [JSON_TYPE] }]) => [
            code,
            { description, content: content(types, schema) },
          ]),
        ),
        default: {
          description: 'What is wrong',
          content: content([JSON_TYPE], { $ref: '#/components/schemas/Status' }),
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kubette',
      version,
      description:
        'What is done with a cluster as a whole, beside the API of Kubernetes: its clock, snapshots, forks, failures.',
    },
    servers: [{ url: `${server}/${ADMIN_ROOT}/v1` }],
    security: [{}, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Needed where the server was given one, and always beyond loopback.',
        },
      },
      schemas: SCHEMAS,
    },
  };
}

const content = (types: readonly string[], schema: Schema) => Object.fromEntries(types.map(type => [type, { schema }]));

/** `postForks`, `getSnapshotsByName`. */
function operationId({ method, path, doc }: AdminRoute): string {
  const names = Object.keys(doc.parameters ?? {});
  let next = 0;
  const words = path.map(part => (part === '*' ? `By${capital(names[next++]!)}` : capital(part)));
  return method.toLowerCase() + words.join('');
}

const capital = (word: string) =>
  word.charAt(0).toUpperCase() + word.slice(1).replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());
