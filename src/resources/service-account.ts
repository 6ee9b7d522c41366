import { define } from './define.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { ServiceAccount } from './types.js';

export const serviceAccounts = define<ServiceAccount>({
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  subresources: [
    { name: 'token', kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] },
  ],
  printer: printer<ServiceAccount>(
    NAME,
    column('Secrets', 'How many secrets the account names.', o => o.secrets?.length ?? 0),
    AGE,
  ),
});
