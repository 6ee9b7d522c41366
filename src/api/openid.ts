import { TLSSocket } from 'node:tls';
import { type AccountTokens, ISSUER } from '../access/account-tokens.js';
import { methodNotAllowed } from './errors.js';
import { type Exchange, JSON_TYPE } from './http.js';

/**
 * Answers with what others need to check service accounts' tokens by themselves: `/.well-known/openid-configuration`,
 * `/openid/v1/jwks`.
 * @param prefix what the paths of this server begin with
 * @returns false for any other path
 * @throws StatusError 405
 */
export function sendOpenId(
  exchange: Exchange,
  segments: readonly string[],
  tokens: AccountTokens,
  prefix: string,
): boolean {
  const { req } = exchange;
  let document: object;
  let contentType = JSON_TYPE;
  switch (segments.join('/')) {
    case '.well-known/openid-configuration': {
      const scheme = req.socket instanceof TLSSocket ? 'https' : 'http';
      document = {
        issuer: ISSUER,
        jwks_uri: `${scheme}://${req.headers.host ?? 'localhost'}${prefix}/openid/v1/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: tokens.keys.map(key => key.alg),
      };
      break;
    }
    case 'openid/v1/jwks':
      document = { keys: tokens.keys };
      contentType = 'application/jwk-set+json';
      break;
    default:
      return false;
  }
  if (req.method !== 'GET') throw methodNotAllowed();
  exchange.cacheControl = 'public, max-age=3600';
  exchange.json(200, document, contentType);
  return true;
}
