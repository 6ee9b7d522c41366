import { define } from './define.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { ServiceAccount } from './types.js';

const MOUNTABLE_SECRETS = 'kubernetes.io/enforce-mountable-secrets';

const namesMountable = ({ metadata: { annotations = {} } }: ServiceAccount) => MOUNTABLE_SECRETS in annotations;

export const serviceAccounts = define<ServiceAccount>({
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  subresources: [
    { name: 'token', kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] },
  ],
  strategy: {
    warnings: (object, old) =>
      namesMountable(object) && !(old && namesMountable(old))
        ? [
            `metadata.annotations[${MOUNTABLE_SECRETS}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
          ]
        : [],
  },
  printer: printer<ServiceAccount>(
    NAME,
    column('Secrets', 'How many secrets the account names.', o => o.secrets?.length ?? 0),
    AGE,
  ),
});
