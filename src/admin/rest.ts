import { methodNotAllowed } from '../api/errors.js';
import { type Exchange, JSON_TYPE, mediaTypeOf, YAML_TYPE } from '../api/http.js';
import type { Faults } from '../faults/faults.js';
import type { Journal } from '../faults/journal.js';
import { StatusError } from '../registry/status.js';
import { type Deed, failed } from '../registry/turns.js';
import { fromYaml } from '../registry/yaml.js';
import { isObject, type JsonObject } from '../resources/json.js';
import { addressesRoute } from './addresses.js';
import { behaviorRoutes } from './behaviors.js';
import { type ClockRoutesOptions, clockRoutes } from './clock.js';
import type { Importer, NetworkInfo } from './control.js';
import { exportRoute } from './export.js';
import { faultRoutes } from './faults.js';
import { forkRoutes } from './forks.js';
import { type HealthOptions, healthRoutes } from './health.js';
import { importRoute } from './import.js';
import { journalRoutes } from './journal.js';
import { openApi, type RouteDoc } from './openapi.js';
import { snapshotRoutes } from './snapshots.js';
import { stageRoutes } from './stages.js';

/** What one request comes to: a code, and what is told in JSON. */
interface Outcome {
  readonly code: number;
  readonly body: object;
}

/** What may be asked for at a path. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments behind `/_kubette/v1`; `*` stands for any one. */
  readonly path: readonly string[];
  readonly doc: RouteDoc;
  /** Whether it reads the body itself, and is given an empty one. */
  readonly readsItself?: boolean;
  /** Whether it is answered at once, though it is no GET: it changes nothing, or takes its turn itself. */
  readonly atOnce?: boolean;
  /** `answered` if it has answered itself. @param values what stands in place of each `*`. @throws StatusError */
  answer(exchange: Exchange, values: readonly string[], body: JsonObject): Outcome | Promise<Outcome | 'answered'>;
}

/** What the admin API is about. */
export interface AdminOptions extends ClockRoutesOptions, HealthOptions {
  readonly faults: Faults;
  readonly journal: Journal;
  readonly importObjects: Importer;
  readonly network: () => NetworkInfo;
  readonly exported: () => Iterable<object>;
  /** What the paths of the cluster stand behind, if it is a fork. */
  readonly path: string;
}

/** Answers a request for `/_kubette/…`; false where there is no such path. Who asks, and whether they may, is known already. */
export type Admin = (exchange: Exchange, segments: readonly string[]) => boolean;

/** The API that is about worlds as a whole: JSON (or YAML) in, JSON out, errors as `Status`. */
export function createAdmin(options: AdminOptions): Admin {
  let routes: readonly AdminRoute[] | undefined;
  return (exchange, [, version, ...rest]) => {
    routes ??= adminRoutes(options);
    const there = version === 'v1' ? routes.filter(({ path }) => fits(path, rest)) : [];
    if (there.length === 0) return false;
    const route = there.find(({ method }) => method === exchange.req.method);
    if (!route) throw methodNotAllowed();
    const values = rest.filter((_, i) => route.path[i] === '*');
    const body: Promise<JsonObject> = route.readsItself ? Promise.resolve({}) : bodyOf(exchange);
    body
      .then(async given => {
        const answer = async () => route.answer(exchange, values, given);
        if (route.method === 'GET' || route.atOnce) return answer();
        return options.registry.turns.take(answer, await deedOf(exchange));
      })
      .then(outcome => {
        if (outcome !== 'answered') exchange.json(outcome.code, outcome.body);
      })
      .catch(error => exchange.fail(error));
    return true;
  };
}

/** All that may be asked for. */
function adminRoutes(options: AdminOptions): readonly AdminRoute[] {
  const routes: readonly AdminRoute[] = [
    ...forkRoutes(options.forks),
    ...snapshotRoutes(options.snapshots),
    ...stageRoutes(options.stages),
    ...behaviorRoutes(options.behaviors),
    ...clockRoutes(options),
    addressesRoute(options.network),
    ...faultRoutes(options.faults),
    ...journalRoutes(options.journal),
    importRoute(options),
    exportRoute(options.exported),
    ...healthRoutes(options),
    {
      method: 'GET',
      path: ['openapi.json'],
      doc: {
        summary: 'This document',
        answers: { 200: { description: 'OpenAPI 3.1', schema: { type: 'object' } } },
      },
      answer: () => ({ code: 200, body: openApi(routes, options.version(), options.path) }),
    },
  ];
  return routes;
}

const fits = (path: readonly string[], segments: readonly string[]): boolean =>
  path.length === segments.length && path.every((part, i) => part === '*' || part === segments[i]);

/** What came of it is told once it is answered. */
async function deedOf(exchange: Exchange): Promise<Deed> {
  const outcome: Deed['outcome'] = (failure, result) =>
    failure ? failed(failure) : { code: (result as Outcome).code };
  return { ...(await exchange.deed()), outcome };
}

/** The object that came with a request; empty if nothing did. */
async function bodyOf(exchange: Exchange): Promise<JsonObject> {
  const { req } = exchange;
  if (req.method === 'GET') return {};
  const text = (await exchange.body()).toString();
  if (text.trim() === '') return {};
  const type = mediaTypeOf(req);
  let value: unknown;
  try {
    value = type === YAML_TYPE ? fromYaml(text).value : JSON.parse(text);
  } catch (error) {
    throw StatusError.badRequest(`the body cannot be read as ${type || JSON_TYPE}: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw StatusError.badRequest('the body must be an object');
  return value;
}

/**
 * Looks through the fields of a body, so that none is overlooked for being spelt wrongly.
 * @param known name → whether a value will do, and what would
 * @throws StatusError 400
 */
export function checkFields(
  body: JsonObject,
  known: Readonly<Record<string, readonly [(value: unknown) => boolean, string]>>,
): void {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(known, name))
      throw StatusError.badRequest(
        `there is no field ${JSON.stringify(name)}; there are ${Object.keys(known).join(', ')}`,
      );
    const [check, wanted] = known[name]!;
    if (value !== null && !check(value))
      throw StatusError.badRequest(`${name} must be ${wanted}, not ${JSON.stringify(value)}`);
  }
}
