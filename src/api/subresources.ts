import { evictPod } from '../registry/eviction.js';
import type { Registry } from '../registry/registry.js';
import { type Status, StatusError } from '../registry/status.js';
import { notSupported, required } from '../resources/field-error.js';
import type { ObjectMeta, ObjectReference } from '../resources/types.js';
import type { ApiAccess } from './access.js';
import { decodable, decodeBody } from './body.js';
import { unknownResource } from './errors.js';
import { type Exchange, mediaTypeOf } from './http.js';
import { deleteOptions, writeParameters } from './parameters.js';
import type { Target } from './routes.js';
import { requestToken } from './token-request.js';

/** Subresources that are done to an object rather than read or written, by name: each takes a body of its own kind. */
const ACTIONS: Readonly<
  Record<string, (registry: Registry, exchange: Exchange, target: Target, access: ApiAccess) => Promise<void>>
> = {
  binding: bind,
  eviction: evict,
  token: requestToken,
};

/**
 * `POST` to a subresource.
 * @throws StatusError 404 for one that cannot be posted to
 */
export function postSubresource(
  registry: Registry,
  exchange: Exchange,
  target: Target,
  access: ApiAccess,
): Promise<void> {
  const action = ACTIONS[target.subresource!.name];
  if (!action) throw unknownResource();
  return action(registry, exchange, target, access);
}

interface Binding {
  metadata: Partial<ObjectMeta>;
  target?: ObjectReference;
}

const BINDING = decodable({ group: '', version: 'v1', kind: 'Binding' });

/** `pods/NAME/binding`, and `bindings` with the pod's name in the body: how schedulers assign pods. */
async function bind(registry: Registry, exchange: Exchange, { namespace, name }: Target): Promise<void> {
  const { req, query, user, warn } = exchange;
  const { dryRun = false } = writeParameters('CreateOptions', query, req.headers['user-agent']);
  const { metadata, target } = decodeBody<Binding>(BINDING, await exchange.body(), mediaTypeOf(req));
  const pod = name || (metadata.name ?? '');
  const given = metadata.name ?? '';
  if (given !== pod) throw StatusError.badRequest(`name in URL does not match name in Binding object`);
  const errors = [
    ...(target?.kind && target.kind !== 'Node' ? [notSupported('target.kind', target.kind, ['Node', '<empty>'])] : []),
    ...(target?.name ? [] : [required('target.name')]),
  ];
  // Upstream hands these on as they are, which makes them an unknown error of the server.
  if (errors.length) throw new StatusError(500, '', errors.map(e => e.message).join(', '));
  await registry.bind(namespace, pod, target!.name!, {
    dryRun,
    user,
    warn,
    ...(metadata.uid ? { uid: metadata.uid } : {}),
  });
  succeed(exchange);
}

interface Eviction {
  metadata: Partial<ObjectMeta>;
  deleteOptions?: Record<string, unknown>;
}

const EVICTION = decodable({ group: 'policy', version: 'v1', kind: 'Eviction' });

/** `pods/NAME/eviction`: a deletion that the pod's disruption budget has a say in. */
async function evict(registry: Registry, exchange: Exchange, { namespace, name }: Target): Promise<void> {
  const { req, query, user, warn } = exchange;
  const { dryRun = false } = writeParameters('CreateOptions', query, req.headers['user-agent']);
  const eviction = decodeBody<Eviction>(EVICTION, await exchange.body(), mediaTypeOf(req));
  if ((eviction.metadata.name ?? '') !== name) {
    throw StatusError.badRequest('name in URL does not match name in Eviction object');
  }
  const wanted = deleteOptions(eviction.deleteOptions ?? {});
  await evictPod(registry, namespace, name, { ...wanted, user, warn, dryRun: dryRun || wanted.dryRun === true });
  succeed(exchange);
}

const SUCCESS: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

function succeed(exchange: Exchange): void {
  exchange.status(201, SUCCESS);
}
