import type { Asked } from '../faults/matching.js';
import type { Registry } from '../registry/registry.js';
import type { Labels } from '../resources/selector.js';
import { decodeDraft } from './body.js';
import { type Exchange, mediaTypeOf } from './http.js';
import { bool } from './parameters.js';
import { attributesOf, type Target, verbOf } from './routes.js';

/**
 * A request as rules of faults look at it.
 * @param usual whether it is to the Kubernetes API proper: neither a probe nor the page
 */
export function askedOf(
  exchange: Exchange,
  target: Target | undefined,
  path: string,
  registry: Registry,
  usual: boolean,
): AskedOf {
  const { req, query } = exchange;
  const verb = (target && verbOf(req.method!, target)) ?? req.method!.toLowerCase();
  const resource = target && attributesOf(target, verb);
  return new AskedOf(exchange, registry, target, {
    verb: verb === 'list' && bool(query, 'watch') ? 'watch' : verb,
    path,
    resource: resource && { ...resource, plural: resource.resource },
    resumed: !isNone(query.get('resourceVersion')) || !isNone(query.get('continue')),
    usual,
  });
}

const isNone = (text: string | null): boolean => !text || text === '0';

/** What counts of an object that is sent. */
interface Sent {
  readonly name?: string | undefined;
  readonly labels?: Labels;
}

class AskedOf implements Asked {
  readonly verb: string;
  readonly path: string;
  resource: Asked['resource'];
  readonly resumed: boolean;
  readonly usual: boolean;
  readonly user: string;
  readonly userAgent: string;
  #labels: ReturnType<Asked['labels']> | undefined;
  #find: (() => ReturnType<Asked['labels']>) | undefined;

  constructor(
    exchange: Exchange,
    registry: Registry,
    target: Target | undefined,
    { verb, path, resource, resumed, usual }: Pick<Asked, 'verb' | 'path' | 'resource' | 'resumed' | 'usual'>,
  ) {
    this.verb = verb;
    this.path = path;
    this.resource = resource;
    this.resumed = resumed;
    this.usual = usual;
    this.user = exchange.user.name;
    this.userAgent = exchange.req.headers['user-agent'] ?? '';
    this.#find = () => {
      if (!target) return { labels: undefined };
      const { definition, namespace, name } = target;
      if (name === '') return { selector: exchange.query.get('labelSelector') ?? '' };
      return { labels: registry.get(definition, namespace, name)?.object.metadata.labels };
    };
  }

  labels(): ReturnType<Asked['labels']> {
    // Kept, since it is looked at again when somebody asks why a rule did not match.
    this.#labels ??= this.#find!();
    this.#find = undefined;
    return this.#labels;
  }

  /** Takes the name and the labels from the object that is sent. */
  async readSent(exchange: Exchange, { definition }: Target): Promise<void> {
    const sent = await metadataSent(exchange, definition);
    this.#labels = { labels: sent?.labels };
    if (this.resource) this.resource = { ...this.resource, name: sent?.name ?? '' };
  }
}

/** None, if it cannot be read: it will be refused for that. */
async function metadataSent(exchange: Exchange, definition: Target['definition']): Promise<Sent | undefined> {
  try {
    const body = await exchange.body();
    return decodeDraft(definition, body, mediaTypeOf(exchange.req), { fieldValidation: 'Ignore' }).metadata;
  } catch {
    return undefined;
  }
}
