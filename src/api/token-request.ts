import { ISSUER, type TokenClaims } from '../access/account-tokens.js';
import { formatTime } from '../clock/clock.js';
import type { Registry } from '../registry/registry.js';
import { StatusError } from '../registry/status.js';
import { invalid } from '../resources/field-error.js';
import { nodes, pods, secrets, serviceAccounts } from '../resources/index.js';
import { tokenRequests } from '../resources/reviews.js';
import type { KubeObject, ObjectMeta } from '../resources/types.js';
import type { ApiAccess } from './access.js';
import { decodeBody } from './body.js';
import { type Exchange, mediaTypeOf } from './http.js';
import { writeParameters } from './parameters.js';
import type { Target } from './routes.js';
import { sendTransient } from './virtual.js';

const DEFAULT_SECONDS = 3600;
const LEAST_SECONDS = 600;
const MOST_SECONDS = 2 ** 32;

/** What kubelets ask for, for pods: such a token lives for a year, and a warning is due when the hour is over. */
const POD_SECONDS = 3607;
const YEAR_SECONDS = 365 * 24 * 3600;

interface BoundReference {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

interface TokenRequest {
  readonly metadata: Partial<ObjectMeta>;
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: BoundReference;
  };
}

/** `serviceaccounts/NAME/token`: a new token, as `kubectl create token` asks for one. */
export async function requestToken(
  registry: Registry,
  exchange: Exchange,
  { namespace, name }: Target,
  { tokens }: ApiAccess,
): Promise<void> {
  const { req, query } = exchange;
  exchange.forms = 'whole';
  exchange.accepted();
  writeParameters('CreateOptions', query, req.headers['user-agent']);
  const { metadata, spec = {} } = decodeBody<TokenRequest>(tokenRequests, await exchange.body(), mediaTypeOf(req));
  const account = registry.get(serviceAccounts, namespace, name)?.object;
  if (!account) throw StatusError.notFound(serviceAccounts, name);
  if (metadata.name && metadata.name !== name)
    throw StatusError.badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  if (metadata.namespace && metadata.namespace !== namespace)
    throw StatusError.badRequest(
      `the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`,
    );

  const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
  const problem =
    seconds < LEAST_SECONDS
      ? 'may not specify a duration less than 10 minutes'
      : seconds > MOST_SECONDS
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (problem) throw StatusError.invalid(tokenRequests, name, [invalid('spec.expirationSeconds', seconds, problem)]);

  const audiences = spec.audiences?.length ? spec.audiences : [ISSUER];
  const bound = spec.boundObjectRef ? boundTo(registry, account, spec.boundObjectRef) : {};
  const lasting = seconds === POD_SECONDS && bound.pod !== undefined && audiences.includes(ISSUER);
  const { token, expires } = tokens.issue(account, {
    audiences,
    ...bound,
    ...(lasting ? { seconds: YEAR_SECONDS, warnAfter: seconds } : { seconds }),
  });
  // Whoever asked is told of the time that was asked for, so that it comes back for a new one in time.
  const told = lasting ? expires - (YEAR_SECONDS - seconds) * 1000 : expires;
  const answer = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { ...metadata, name, namespace, creationTimestamp: formatTime(registry.clock.now()) },
    spec: { ...spec, audiences, expirationSeconds: seconds },
    status: { token, expirationTimestamp: formatTime(told) },
  };
  sendTransient(exchange, 201, tokenRequests, answer as unknown as KubeObject, registry);
}

/**
 * What a token for `account` is bound to.
 * @throws StatusError 400 for a kind that tokens cannot be bound to, or a pod of another account; 404; 409 for another uid
 */
function boundTo(
  registry: Registry,
  account: KubeObject,
  reference: BoundReference,
): Pick<TokenClaims, 'pod' | 'node' | 'secret'> {
  const { kind = '', apiVersion = '', name = '' } = reference;
  const { namespace = '' } = account.metadata;
  const found = <T extends KubeObject>(definition: { group: string; plural: string }, object: T | undefined): T => {
    if (!object) throw StatusError.notFound(definition, name);
    const { uid } = object.metadata;
    if (reference.uid && reference.uid !== uid) {
      throw StatusError.conflict(
        definition,
        name,
        `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    }
    return object;
  };
  const identity = ({ metadata: { name, uid } }: KubeObject) => ({ name, uid });
  switch (`${apiVersion}/${kind}`) {
    case 'v1/Pod': {
      const pod = found(pods, registry.get(pods, namespace, name)?.object);
      if ((pod.spec.serviceAccountName || 'default') !== account.metadata.name) {
        throw StatusError.badRequest(
          `cannot bind token for serviceaccount ${JSON.stringify(account.metadata.name)} to pod running with different serviceaccount name.`,
        );
      }
      const node = pod.spec.nodeName ? registry.get(nodes, '', pod.spec.nodeName)?.object : undefined;
      return { pod: identity(pod), ...(node ? { node: identity(node) } : {}) };
    }
    case 'v1/Node':
      return { node: identity(found(nodes, registry.get(nodes, '', name)?.object)) };
    case 'v1/Secret':
      return { secret: identity(found(secrets, registry.get(secrets, namespace, name)?.object)) };
    default:
      throw StatusError.badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
  }
}
