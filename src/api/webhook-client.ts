import { lookup as resolveName } from 'node:dns';
import type { ClientRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import type { WebhookCaller } from '../registry/admission/webhooks/consultation.js';
import type { Registry } from '../registry/registry.js';
import { messageOf } from '../registry/status.js';
import type { WebhookClient } from '../resources/admission/configuration.js';
import { shownWebhook } from '../resources/admission/webhook-place.js';
import { jsonSyntaxError } from '../resources/go-json.js';
import { endpoints, services } from '../resources/index.js';
import { isObject } from '../resources/json.js';

/** Where a webhook is: as messages show it, and where that leads to. */
interface Place {
  readonly url: string;
  readonly path: string;
  /** By whose name the server must have a certificate. */
  readonly serverName: string;
  readonly host: string;
  readonly port: number;
}

const HTTPS = 443;
/** Longer answers are cut off. */
const MAX_ANSWER = 3 * 1024 * 1024;

/**
 * Calls webhooks over HTTPS: at loopback addresses, and at the hosts that the operator allows besides. Nothing is sent anywhere
 * else.
 * @param allowed names and addresses; `*` for all
 */
export function webhookClient(registry: Registry, allowed: readonly string[] = []): WebhookCaller {
  const agent = new Agent();
  const underWay = new Set<ClientRequest>();
  return {
    async call(client, body, timeoutSeconds) {
      const ca = trusted(client);
      const { url } = shownWebhook(client);
      const post = (why: string) =>
        new Error(`failed to call webhook: Post "${url}?timeout=${timeoutSeconds}s": ${why}`);
      let place: Place;
      try {
        place = placeOf(registry, client);
        checkAllowed(place.host, allowed);
      } catch (error) {
        throw post(messageOf(error));
      }
      return new Promise((resolve, reject) => {
        const call = request({
          agent,
          method: 'POST',
          host: place.host,
          port: place.port,
          path: `${place.path}?timeout=${timeoutSeconds}s`,
          // A server has no name that is an address.
          servername: isIP(place.serverName) ? '' : place.serverName,
          headers: {
            Host: place.port === HTTPS ? place.serverName : `${place.serverName}:${place.port}`,
            Accept: 'application/json, */*',
            'Content-Type': 'application/json',
            'User-Agent': 'kube-apiserver-admission',
          },
          lookup: guardedLookup(allowed),
          signal: AbortSignal.timeout(timeoutSeconds * 1000),
          ...(ca ? { ca } : {}),
        });
        underWay.add(call);
        call.on('close', () => underWay.delete(call));
        call.on('error', error => reject(post(describe(error, place))));
        call.on('response', response => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_ANSWER) call.destroy(new Error('http: response body too large'));
            else chunks.push(chunk);
          });
          response.on('error', error => reject(post(describe(error, place))));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            try {
              resolve(answerOf(response.statusCode!, response.headers['content-type'] ?? '', text));
            } catch (error) {
              reject(new Error(`failed to call webhook: ${messageOf(error)}`));
            }
          });
        });
        call.end(JSON.stringify(body));
      });
    },
    close() {
      for (const call of underWay) call.destroy(new Error('the cluster is closed'));
    },
  };
}

/** Whose certificates are trusted; everybody's that the machine trusts, if nothing is said. @throws Error */
function trusted({ caBundle }: WebhookClient): string | undefined {
  if (!caBundle) return undefined;
  const text = Buffer.from(caBundle, 'base64').toString();
  if (/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(text)) return text;
  const why = 'unable to load root certificates: unable to parse bytes as PEM block';
  throw new Error(`could not get REST client: ${why}`);
}

/** Where a webhook is reached. @throws Error why it cannot be */
function placeOf(registry: Registry, client: WebhookClient): Place {
  const shown = shownWebhook(client);
  const { service } = client;
  if (!service) return { ...shown, host: shown.serverName };
  const { name = '', namespace = '' } = service;
  const { port } = shown;
  const found = registry.get(services, namespace, name)?.object;
  const quoted = JSON.stringify(name);
  if (!found) throw new Error(`service ${quoted} not found`);
  const { type, externalName = '', clusterIP, ports = [] } = found.spec;
  if (type === 'ExternalName') return { ...shown, host: externalName };
  const servicePort = ports.find(one => one.port === port);
  if (!servicePort) throw new Error(`no service port ${port} found for service ${quoted}`);
  for (const subset of registry.get(endpoints, namespace, name)?.object.subsets ?? []) {
    const own = subset.ports?.find(one => (one.name ?? '') === (servicePort.name ?? ''));
    const [address] = subset.addresses ?? [];
    if (!own || !address) continue;
    // Nobody listens in pods that are simulated.
    if (address.targetRef?.kind === 'Pod') throw new Error(refused(clusterIP || address.ip, port));
    return { ...shown, host: address.ip, port: own.port };
  }
  throw new Error(`no endpoints available for service ${quoted}`);
}

const refused = (host: string, port: number) =>
  `dial tcp ${host.includes(':') ? `[${host}]` : host}:${port}: connect: connection refused`;

const isLoopback = (address: string) => /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address) || address === '::1';

const notAllowed = (host: string) =>
  `${host} is no loopback address, and nothing is sent anywhere else unless it is allowed (--webhook-hosts)`;

/** @throws Error for an address that is not to be called; names are looked up first */
function checkAllowed(host: string, allowed: readonly string[]): void {
  if (isIP(host) && !isLoopback(host) && !allowed.includes(host) && !allowed.includes('*'))
    throw new Error(notAllowed(host));
}

/** Looks names up; those that lead elsewhere than they may are not found. */
function guardedLookup(allowed: readonly string[]): LookupFunction {
  return (host, options, done) => {
    resolveName(host, { ...options, all: true }, (error, addresses) => {
      const isOpen = allowed.includes(host) || allowed.includes('*');
      const usable = isOpen ? addresses : addresses?.filter(({ address }) => isLoopback(address));
      const [first] = usable ?? [];
      if (error) done(error, '', 0);
      else if (!first) done(new Error(notAllowed(host)), '', 0);
      else if (options.all) done(null, usable!);
      else done(null, first.address, first.family);
    });
  };
}

const UNKNOWN_AUTHORITY = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
];

/** What went wrong with a connection, in Go's words. */
function describe(error: Error & { code?: string; cert?: PeerCertificate; address?: string }, place: Place): string {
  const { code = '' } = error;
  const x509 = (why: string) => `tls: failed to verify certificate: x509: ${why}`;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'context deadline exceeded';
  if (code === 'ECONNREFUSED') return refused(error.address ?? place.host, place.port);
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${place.host}: no such host`;
  if (code === 'ECONNRESET') return 'EOF';
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return 'http: server gave HTTP response to HTTPS client';
  if (UNKNOWN_AUTHORITY.includes(code)) return x509('certificate signed by unknown authority');
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return x509('certificate has expired or is not yet valid');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return x509(wrongName(error.cert, place.serverName));
  return error.message;
}

function wrongName(certificate: PeerCertificate | undefined, wanted: string): string {
  const isAddress = isIP(wanted) !== 0;
  const names = (certificate?.subjectaltname ?? '')
    .split(', ')
    .flatMap(entry =>
      entry.startsWith(isAddress ? 'IP Address:' : 'DNS:') ? [entry.slice(entry.indexOf(':') + 1)] : [],
    );
  if (names.length > 0) return `certificate is valid for ${names.join(', ')}, not ${wanted}`;
  return isAddress
    ? `cannot validate certificate for ${wanted} because it doesn't contain any IP SANs`
    : `certificate is not valid for any names, but wanted to match ${wanted}`;
}

/** What Kubernetes' client says of an answer that is none. */
const FAILURES: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  415: 'the server was not able to process the request because it is of an unsupported media type',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** @throws Error if it is no answer */
function answerOf(code: number, contentType: string, text: string): unknown {
  const broken = jsonSyntaxError(text);
  const body: unknown = broken === undefined ? JSON.parse(text) : undefined;
  if (code < 200 || code > 206) {
    if (isObject(body) && body.kind === 'Status' && typeof body.message === 'string') throw new Error(body.message);
    const isText = contentType === '' || contentType.startsWith('text/');
    const said = isText ? text.trim() || 'unknown' : 'unknown';
    const server = `an error on the server (${JSON.stringify(said)}) has prevented the request from being completed`;
    throw new Error(
      FAILURES[code] ??
        (code >= 500
          ? server
          : `the server responded with the status code ${code} but did not return more information`),
    );
  }
  if (broken !== undefined) throw new Error(`couldn't get version/kind; json parse error: ${broken}`);
  if (!isObject(body) || !body.kind) throw new Error(`Object 'Kind' is missing in '${text}'`);
  return body;
}
