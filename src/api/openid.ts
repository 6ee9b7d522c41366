import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { type AccountTokens, ISSUER } from '../access/account-tokens.js';

/**
 * What others need to check service accounts' tokens by themselves: `/.well-known/openid-configuration`, `/openid/v1/jwks`.
 * Undefined for any other path.
 */
export function openIdDocument(
  req: IncomingMessage,
  segments: readonly string[],
  tokens: AccountTokens,
): object | undefined {
  switch (segments.join('/')) {
    case '.well-known/openid-configuration': {
      const scheme = req.socket instanceof TLSSocket ? 'https' : 'http';
      return {
        issuer: ISSUER,
        jwks_uri: `${scheme}://${req.headers.host ?? 'localhost'}/openid/v1/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: tokens.keys.map(key => key.alg),
      };
    }
    case 'openid/v1/jwks':
      return { keys: tokens.keys };
    default:
      return undefined;
  }
}
