import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type AccountTokens, ISSUER, isAccountToken, TokenError, type Verified } from '../access/account-tokens.js';
import { ADMIN, type User } from '../access/user.js';
import { StatusError } from '../registry/status.js';
import { API_NAMES } from '../resources/address-ranges.js';
import { certificateUser } from './client-certificate.js';

export interface GuardOptions {
  /**
   * Wanted of every request, as a bearer token or as the password of basic authentication (under any name). Without one,
   * only requests to a loopback name are served.
   */
  readonly token?: string | undefined;
  /** Names and addresses besides the loopback ones that an open server may be called by (`Host` header, without port). */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** Connections that came by the Service of the API server. */
const byService = new WeakSet<Socket>();

/** Lets a connection call the server by the names of its Service, which it came by. */
export function noteCameByService(socket: Socket): void {
  byService.add(socket);
}

/** Knows people by what they show. */
export interface Guard {
  /**
   * Who makes a request.
   * @throws StatusError 401 for whoever is not known, 403 for requests that come from another site
   */
  who(req: IncomingMessage): User;
  /**
   * Whom a bearer token stands for: the server's own, or a service account's.
   * @throws TokenError
   */
  review(token: string, audiences: readonly string[]): Verified;
}

/**
 * Who may talk to the server: with a token, whoever knows it, has a service account's token, or a client certificate of the
 * cluster's authority; without, whoever names the server by a loopback name. The latter stops web pages that point a name of
 * their own at 127.0.0.1 (DNS rebinding). Writes from other sites' pages are refused either way.
 *
 * Whoever shows a credential of their own is who it says; all others that are let in are the cluster's administrator.
 */
export function createGuard(options: GuardOptions, tokens: AccountTokens): Guard {
  const allowed = new Set((options.allowedHosts ?? []).map(host => host.toLowerCase()));
  const wanted = options.token ? digest(options.token) : undefined;
  const isWanted = (shown: string) => wanted !== undefined && timingSafeEqual(digest(shown), wanted);
  return {
    who(req) {
      refuseForeignPage(req);
      const known = certificateUser(req.socket);
      if (known) return known;
      const shown = credential(req);
      if (isWanted(shown)) return ADMIN;
      if (isAccountToken(shown)) return accountUser(tokens, shown);
      if (wanted) throw StatusError.unauthorized();
      const host = hostName(req.headers.host ?? '');
      if (isLoopback(host) || allowed.has(host) || isNameOfService(host, req.socket)) return ADMIN;
      throw forbidden(
        `the host name ${JSON.stringify(host)} is not known to this server: call it by localhost, or start it with a token`,
      );
    },
    review(token, audiences) {
      if (!isWanted(token)) return tokens.verify(token, audiences);
      return { user: ADMIN, audiences: audiences.filter(audience => audience === ISSUER) };
    },
  };
}

function accountUser(tokens: AccountTokens, token: string): User {
  try {
    return tokens.verify(token).user;
  } catch (error) {
    throw error instanceof TokenError ? StatusError.unauthorized() : error;
  }
}

/** A write that a browser sends on behalf of another site's page, or a WebSocket, which the page could read as well. */
function refuseForeignPage(req: IncomingMessage): void {
  const reads = req.headers.upgrade === undefined;
  if (reads && (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS')) return;
  const { origin, host } = req.headers;
  if (origin === undefined && req.headers['sec-fetch-site'] !== 'cross-site') return;
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return;
  throw forbidden('requests from other sites are not allowed');
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
 * Whether that is a name of the Service `kubernetes`, used where nobody but the cluster's own answers by it: at the Service itself, or with TLS, where a
 * page by that name would need a certificate for it. At the server's own address a network that lies about names could lead a page there.
 */
function isNameOfService(host: string, socket: Socket): boolean {
  return API_NAMES.includes(host) && (socket instanceof TLSSocket || byService.has(socket));
}

/**
 * The token or password of an `Authorization` header. kubectl and all that is built on client-go send no bearer token
 * unless the connection is encrypted, but the password of a server's address (`http://kubette:TOKEN@host`) they do.
 */
function credential({ headers }: IncomingMessage): string {
  const header = headers.authorization ?? '';
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
      return fromProtocols(headers['sec-websocket-protocol']);
  }
}

/** A page can give a WebSocket no header but its protocols: the token comes as one of them. */
function fromProtocols(offered = ''): string {
  const [, encoded = ''] = /(?:^|,)\s*base64url\.bearer\.authorization\.k8s\.io\.([\w-]+)/.exec(offered) ?? [];
  return Buffer.from(encoded, 'base64url').toString();
}

/** Digests have one length, as the comparison in constant time wants it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
