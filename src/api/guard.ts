import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { StatusError } from '../registry/status.js';

export interface GuardOptions {
  /**
   * Wanted of every request, as a bearer token or as the password of basic authentication (under any name). Without one,
   * only requests to a loopback name are served.
   */
  readonly token?: string | undefined;
  /** Names and addresses besides the loopback ones that an open server may be called by (`Host` header, without port). */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** Says what is wrong with a request, or nothing. */
export type Guard = (req: IncomingMessage) => StatusError | undefined;

/**
 * Who may talk to the server: with a token, whoever knows it; without, whoever names it by a loopback name. The latter
 * stops web pages that point a name of their own at 127.0.0.1 (DNS rebinding). Writes from other sites' pages are
 * refused either way.
 */
export function createGuard(options: GuardOptions): Guard {
  const allowed = new Set((options.allowedHosts ?? []).map(host => host.toLowerCase()));
  const wanted = options.token ? digest(options.token) : undefined;
  return req => {
    const crossSite = refuseForeignPage(req);
    if (crossSite) return crossSite;
    if (wanted)
      return timingSafeEqual(digest(credential(req.headers.authorization ?? '')), wanted)
        ? undefined
        : StatusError.unauthorized();
    const host = hostName(req.headers.host ?? '');
    if (isLoopback(host) || allowed.has(host)) return undefined;
    return forbidden(
      `the host name ${JSON.stringify(host)} is not known to this server: call it by localhost, or start it with a token`,
    );
  };
}

/** A write that a browser sends on behalf of another site's page, or a WebSocket, which the page could read as well. */
function refuseForeignPage(req: IncomingMessage): StatusError | undefined {
  const reads = req.headers.upgrade === undefined;
  if (reads && (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS')) return undefined;
  const { origin, host } = req.headers;
  if (origin === undefined && req.headers['sec-fetch-site'] !== 'cross-site') return undefined;
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return undefined;
  return forbidden('requests from other sites are not allowed');
}

function forbidden(message: string): StatusError {
  return new StatusError(403, 'Forbidden', message, {});
}

/** The `Host` header without its port, in lower case; IPv6 without brackets. */
function hostName(header: string): string {
  if (header.startsWith('[')) return header.slice(1, header.indexOf(']')).toLowerCase();
  const colon = header.indexOf(':');
  return (colon < 0 ? header : header.slice(0, colon)).toLowerCase();
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '127.0.0.1' ||
    host === '::1' ||
    host.endsWith('.localhost') ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/**
 * The token or password of an `Authorization` header. kubectl and all that is built on client-go send no bearer token
 * unless the connection is encrypted, but the password of a server's address (`http://kubette:TOKEN@host`) they do.
 */
function credential(header: string): string {
  const space = header.indexOf(' ');
  const value = header.slice(space + 1).trim();
  switch (header.slice(0, space).toLowerCase()) {
    case 'bearer':
      return value;
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString();
      return pair.slice(pair.indexOf(':') + 1);
    }
    default:
      return '';
  }
}

/** Digests have one length, as the comparison in constant time wants it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
