import type { Registry } from '../registry/registry.js';
import { parseSelectors, select } from '../registry/selection.js';
import { StatusError } from '../registry/status.js';
import type { AnyDefinition } from '../registry/types.js';
import { componentStatuses } from '../resources/component-status.js';
import { type AnyDraft, qualifiedName } from '../resources/definition.js';
import { reviews } from '../resources/reviews.js';
import type { KubeObject } from '../resources/types.js';
import { nodeMetrics, podMetrics } from '../resources/usage.js';
import type { Entry } from '../store/entry.js';
import { StoredJson } from '../store/stored-json.js';
import type { ApiAccess } from './access.js';
import { sendList, sendObject } from './answers.js';
import { decodeDraft } from './body.js';
import { componentHealth } from './component-statuses.js';
import { type Exchange, mediaTypeOf } from './http.js';
import { readParameters, writeParameters } from './parameters.js';
import { REVIEWS } from './reviews.js';
import type { Target } from './routes.js';
import { nodeUsage, podUsage } from './usage.js';

/** A request for something that is not stored. */
export interface VirtualRequest {
  readonly registry: Registry;
  readonly access: ApiAccess;
  readonly exchange: Exchange;
  readonly target: Target;
}

/** How a kind answers of which nothing is stored. What it has no function for is not in its verbs either. */
export interface VirtualKind {
  /** Answers what was posted. @throws StatusError */
  create?(request: VirtualRequest, posted: AnyDraft): KubeObject;
  /** The object of the path's name; undefined if there is none. */
  get?(request: VirtualRequest): KubeObject | undefined;
  /** Those of the path's namespace, or of all; labels and fields are looked at by whoever asks. */
  list?(request: VirtualRequest): readonly KubeObject[];
}

const KINDS: ReadonlyMap<string, VirtualKind> = new Map<string, VirtualKind>([
  ...reviews.map(kind => [qualifiedName(kind), { create: REVIEWS[kind.kind]! }] as const),
  [qualifiedName(componentStatuses), componentHealth],
  [qualifiedName(nodeMetrics), nodeUsage],
  [qualifiedName(podMetrics), podUsage],
]);

/**
 * Answers a request to a kind of which nothing is stored.
 * @throws StatusError 400, 404, 415, 422
 */
export async function answerVirtual(
  registry: Registry,
  exchange: Exchange,
  target: Target,
  access: ApiAccess,
): Promise<void> {
  const { definition, name } = target;
  const request = { registry, exchange, target, access };
  const kind = KINDS.get(qualifiedName(definition));
  if (!kind) throw new Error(`nobody answers for ${qualifiedName(definition)}`);
  if (exchange.verb === 'create') exchange.forms = 'whole';
  exchange.accepted(); // what cannot be answered is not asked either
  switch (exchange.verb) {
    case 'create': {
      const { req, query, warn } = exchange;
      const options = { ...writeParameters('CreateOptions', query, req.headers['user-agent']), warn };
      const posted = decodeDraft(definition, await exchange.body(), mediaTypeOf(req), options);
      sendTransient(exchange, 201, definition, kind.create!(request, posted), registry);
      return;
    }
    case 'get': {
      const object = kind.get!(request);
      if (!object) throw StatusError.notFound(definition, name);
      sendTransient(exchange, 200, definition, object, registry);
      return;
    }
    case 'list': {
      const selection = select(definition, parseSelectors(readParameters(exchange.query, false)));
      const entries = kind.list!(request).map(object => transient(definition, object, registry));
      const result = { entries: entries.filter(selection.matches), revision: registry.revision };
      sendList(exchange, definition, result, registry.clock.now());
    }
  }
}

/** Answers with an object that is not stored. */
export function sendTransient(
  exchange: Exchange,
  code: number,
  definition: AnyDefinition,
  object: KubeObject,
  registry: Registry,
): void {
  sendObject(exchange, code, definition, transient(definition, object, registry), registry.clock.now());
}

function transient(definition: AnyDefinition, object: KubeObject, registry: Registry): Entry {
  const { name = '', namespace = '', uid = '', ...metadata } = object.metadata;
  const own = { ...(name ? { name } : {}), ...(namespace ? { namespace } : {}), ...metadata };
  const { kind, apiVersion, metadata: _, ...rest } = object;
  return {
    resource: qualifiedName(definition),
    namespace,
    name,
    uid,
    revision: registry.revision,
    // Kind and version first: readers of an entry's bytes rely on it.
    bytes: StoredJson.of({ kind, apiVersion, metadata: own, ...rest } as KubeObject).bytes,
    object,
  };
}
