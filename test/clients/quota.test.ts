import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

let cluster: Cluster;
let kubectl: Client;
beforeAll(async () => {
  cluster = await createCluster();
  kubectl = new Client('kubectl', (await cluster.listen()).url);
});
afterAll(() => cluster.close());

const k = (args: string) => kubectl.ok(args.split(' '));
const create = (manifest: object) => kubectl.run(['create', '-f', '-'], { input: JSON.stringify(manifest) });

it('create, get and describe quota, which binds', async () => {
  expect(await k('create quota small --hard=pods=1,requests.cpu=1,limits.cpu=2,count/configmaps=5')).toBe(
    'resourcequota/small created\n',
  );
  await k('wait quota/small --for=jsonpath={.status.used.pods}=0 --timeout=20s');
  const pod = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      containers: [{ name: 'main', image: 'web', resources: { requests: { cpu: '600m' }, limits: { cpu: '1' } } }],
    },
  });
  expect((await create(pod('one'))).code).toBe(0);
  expect((await create(pod('two'))).stderr).toBe(
    'Error from server (Forbidden): error when creating "STDIN": pods "two" is forbidden: exceeded quota: small, requested: pods=1,requests.cpu=600m, used: pods=1,requests.cpu=600m, limited: pods=1,requests.cpu=1\n',
  );
  expect((await kubectl.run(['run', 'silent', '--image=web'])).stderr).toBe(
    'Error from server (Forbidden): pods "silent" is forbidden: failed quota: small: must specify limits.cpu for: silent; requests.cpu for: silent\n',
  );
  expect(await k('get quota')).toMatch(
    /^NAME +REQUEST +LIMIT +AGE\nsmall +count\/configmaps: 1\/5, pods: 1\/1, requests\.cpu: 600m\/1 +limits\.cpu: 1\/2 +\d+s\n$/,
  );
  expect(await k('describe quota small')).toMatch(
    /Resource +Used +Hard\n-+ +-+ +-+\ncount\/configmaps +1 +5\nlimits\.cpu +1 +2\npods +1 +1\nrequests\.cpu +600m +1\n/,
  );
  await k('delete pod one --grace-period=0 --force');
  await k('wait quota/small --for=jsonpath={.status.used.pods}=0 --timeout=20s');
});

it('create quota with scopes', async () => {
  await k('create quota lazy --hard=pods=0 --scopes=BestEffort');
  expect(await k('describe quota lazy')).toContain('Scopes:     BestEffort\n * Matches all pods that do not have');
});

it('describe limits, which give and bind', async () => {
  const limits = [
    {
      type: 'Container',
      min: { cpu: '50m' },
      max: { cpu: '800m' },
      default: { cpu: '200m' },
      defaultRequest: { cpu: '100m' },
    },
  ];
  const range = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'limits' }, spec: { limits } };
  expect((await create(range)).code).toBe(0);
  expect(await k('describe limits limits')).toMatch(
    /Type +Resource +Min +Max +Default Request +Default Limit +Max Limit\/Request Ratio\n-+ .*\nContainer +cpu +50m +800m +100m +200m +-\n/,
  );
  await k('run silent --image=web');
  expect(await k('get pod silent -o jsonpath={.spec.containers[0].resources}{.metadata.annotations}')).toBe(
    '{"limits":{"cpu":"200m"},"requests":{"cpu":"100m"}}{"kubernetes.io/limit-ranger":"LimitRanger plugin set: cpu request for container silent; cpu limit for container silent"}',
  );
  expect(await k('describe ns default')).toMatch(
    /Resource Quotas\n[\s\S]+Name: +small[\s\S]+Resource Limits\n[\s\S]+Container +cpu/,
  );
});
