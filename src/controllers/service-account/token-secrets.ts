import type { AccountTokens } from '../../access/account-tokens.js';
import { StatusError } from '../../registry/status.js';
import { secrets, serviceAccounts } from '../../resources/index.js';
import type { Secret, ServiceAccount } from '../../resources/types.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';

const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT_NAME = 'kubernetes.io/service-account.name';
const ACCOUNT_UID = 'kubernetes.io/service-account.uid';

/** Which account a Secret has the token of; undefined for Secrets of other types. */
const accountOf = ({ type, metadata }: Secret): string | undefined =>
  type === TYPE ? metadata.annotations?.[ACCOUNT_NAME] : undefined;

/**
 * Fills Secrets that ask for a service account's token (they are made by hand since 1.24), and removes them when the account
 * is gone or was never there.
 * @param certificate of the authority, in PEM, as `kube-root-ca.crt` has it
 */
export function tokenSecretsController(
  { registry }: ControllerContext,
  tokens: AccountTokens,
  certificate: string,
): Controller {
  const byAccount = registry.index(secrets, 'token-of-account', secret => {
    const account = accountOf(secret);
    return account ? [`${secret.metadata.namespace}/${account}`] : [];
  });

  function accountKeys({ type, entry, previous }: Change<ServiceAccount>): string[] {
    const same = previous?.object.metadata.uid === entry.uid && type !== 'DELETED';
    return same ? [] : byAccount.get(keyOf(entry)).map(keyOf);
  }

  return {
    name: 'serviceaccount-token',
    workers: 5,
    watches: [
      source(secrets, ({ type, entry }) => (type !== 'DELETED' && accountOf(entry.object) ? [keyOf(entry)] : [])),
      source(serviceAccounts, accountKeys),
    ],
    async reconcile(key: string) {
      const { namespace, name } = splitKey(key);
      const secret = registry.get(secrets, namespace, name)?.object;
      const wanted = secret && accountOf(secret);
      if (!secret || !wanted || secret.metadata.deletionTimestamp !== undefined) return;
      const account = registry.get(serviceAccounts, namespace, wanted)?.object;
      const { uid, annotations = {} } = secret.metadata;
      const meant = annotations[ACCOUNT_UID];
      try {
        if (!account || (meant && meant !== account.metadata.uid)) {
          await registry.delete(secrets, namespace, name, { preconditions: { uid } });
          return;
        }
        const data: Record<string, string> = {
          'ca.crt': base64(certificate),
          namespace: base64(namespace),
          ...secret.data,
        };
        // Signatures differ each time: what is there stays.
        data.token ??= base64(tokens.issueForSecret(account, name));
        await registry.update(secrets, {
          ...secret,
          metadata: { ...secret.metadata, annotations: { ...annotations, [ACCOUNT_UID]: account.metadata.uid } },
          data,
        });
      } catch (error) {
        if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
      }
    },
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
