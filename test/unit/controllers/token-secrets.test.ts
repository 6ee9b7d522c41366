import { afterEach, beforeEach, expect, it } from 'vitest';
import { AccountTokens } from '../../../src/access/account-tokens.js';
import { tokenSecretsController } from '../../../src/controllers/service-account/token-secrets.js';
import { secrets, serviceAccounts } from '../../../src/resources/index.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
let tokens: AccountTokens;
beforeEach(async () => {
  cluster = await ModelCluster.start(context => {
    tokens = new AccountTokens(context.registry);
    return tokenSecretsController(context, tokens, 'PEM');
  });
  await account();
});
afterEach(() => cluster.close());

const get = (name = 'held') => cluster.registry.get(secrets, 'default', name)?.object;
const text = (key: string) => Buffer.from(get()?.data?.[key] ?? '', 'base64').toString();
async function account(): Promise<void> {
  const metadata = { name: 'robot', namespace: 'default' };
  await cluster.registry.create(serviceAccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await cluster.settle();
}
async function secret(
  annotations: Record<string, string>,
  type = 'kubernetes.io/service-account-token',
): Promise<void> {
  const metadata = { name: 'held', namespace: 'default', annotations };
  await cluster.registry.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata, type });
  await cluster.settle();
}

it('fills a Secret that asks for a token', async () => {
  await secret({ 'kubernetes.io/service-account.name': 'robot' });
  const { uid } = cluster.registry.get(serviceAccounts, 'default', 'robot')!.object.metadata;
  expect(get()!.metadata.annotations!['kubernetes.io/service-account.uid']).toBe(uid);
  expect([text('ca.crt'), text('namespace')]).toEqual(['PEM', 'default']);
  expect(tokens.verify(text('token')).user).toMatchObject({ name: 'system:serviceaccount:default:robot', uid });
});

it('fills in again what was taken out, and leaves the rest', async () => {
  await secret({ 'kubernetes.io/service-account.name': 'robot' });
  const token = text('token');
  const { 'ca.crt': _, ...data } = get()!.data!;
  await cluster.registry.update(secrets, { ...get()!, data });
  await cluster.settle();
  expect([text('ca.crt'), text('token')]).toEqual(['PEM', token]);
});

it('removes it with the account', async () => {
  await secret({ 'kubernetes.io/service-account.name': 'robot' });
  await cluster.registry.delete(serviceAccounts, 'default', 'robot');
  await cluster.settle();
  expect(get()).toBeUndefined();
});

it.each<[string, Record<string, string>]>([
  ['nobody', { 'kubernetes.io/service-account.name': 'nobody' }],
  [
    'a former account',
    { 'kubernetes.io/service-account.name': 'robot', 'kubernetes.io/service-account.uid': 'former' },
  ],
])('removes one for %s', async (_, annotations) => {
  await secret(annotations);
  expect(get()).toBeUndefined();
});

it('leaves other Secrets alone', async () => {
  await secret({ 'kubernetes.io/service-account.name': 'robot' }, 'Opaque');
  expect(get()!.data).toBeUndefined();
});
