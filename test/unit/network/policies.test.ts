import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { Pod } from '../../../src/resources/types.js';
import { LOOPBACK } from '../../support/loopback.js';
import { get, send, whoAnswers } from './calls.js';

let cluster: Cluster;

const pod = (namespace: string, name: string, labels: Record<string, string>, node: string, hostNetwork = false) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels },
  spec: {
    nodeName: node,
    hostNetwork,
    containers: [
      {
        name: 'main',
        image: 'a:1',
        ports: [
          { name: 'http', containerPort: hostNetwork ? 8081 : 8080 },
          { name: 'admin', containerPort: hostNetwork ? 9091 : 9090 },
          { name: 'stats', containerPort: hostNetwork ? 8126 : 8125, protocol: 'UDP' },
        ],
      },
    ],
  },
});

const policy = (spec: object, name = 'policy', namespace = 'shop') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: { podSelector: {}, ...spec },
});

beforeEach(async () => {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual' });
  await cluster.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'shop' } } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ops', labels: { team: 'ops' } } },
    pod('shop', 'db', { app: 'db' }, 'worker-1'),
    pod('shop', 'web', { app: 'web' }, 'worker-2'),
    pod('ops', 'agent', { app: 'agent' }, 'worker-2'),
    pod('shop', 'host', { app: 'host' }, 'worker-2', true),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace: 'shop' },
      spec: { selector: { app: 'db' }, ports: [{ port: 80, targetPort: 'http' }] },
    },
  ]);
  await cluster.settled();
});
afterEach(() => cluster.close());

const addressOf = (name: string, namespace = name === 'agent' ? 'ops' : 'shop') =>
  (cluster.object(`pod/${name}`, namespace).current as Pod).status.podIP!;
const nodeAddress = (name: string) =>
  cluster.object<`node/${string}`>(`node/${name}`).current!.status.addresses![0]!.address;

/** Who gets through to the database: at port 8080, but for those that say another. */
async function who(policies: object[]): Promise<string[]> {
  await cluster.apply(policies);
  await cluster.settled();
  const db = { address: addressOf('db'), port: 8080 };
  const tried: [string, string, typeof db][] = [
    ['web', addressOf('web'), db],
    ['web:9090', addressOf('web'), { ...db, port: 9090 }],
    ['agent', addressOf('agent'), db],
    ['outside', '127.0.0.1', db],
    ['its node', nodeAddress('worker-1'), db],
    ['another node', nodeAddress('worker-2'), db],
    ['itself', addressOf('db'), db],
  ];
  const through: string[] = [];
  for (const [name, from, to] of tried) {
    const answer = await whoAnswers(to, from);
    if (answer === 'db') through.push(name);
    else expect(answer).toBe('ECONNRESET');
  }
  return through;
}

const EVERYBODY = ['web', 'web:9090', 'agent', 'outside', 'its node', 'another node', 'itself'];
const AT_HOME = ['its node', 'itself'];
const toDb = (ingress: object[]) => policy({ podSelector: { matchLabels: { app: 'db' } }, ingress });

describe('network policies', () => {
  it.each([
    ['without any, everybody gets through', [], EVERYBODY],
    ['about others, they change nothing', [policy({ podSelector: { matchLabels: { app: 'web' } } })], EVERYBODY],
    ['of another namespace, neither', [policy({}, 'policy', 'ops')], EVERYBODY],
    ['without a rule, nobody gets in but from home', [policy({})], AT_HOME],
    ['an empty rule lets everybody in', [toDb([{}])], EVERYBODY],
    [
      'pods of the same namespace, by labels',
      [toDb([{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }])],
      ['web', 'web:9090', ...AT_HOME],
    ],
    [
      'all pods of a namespace',
      [toDb([{ from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }] }])],
      ['agent', ...AT_HOME],
    ],
    [
      'both of one and the same pod',
      [toDb([{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'agent' } } }] }])],
      ['agent', ...AT_HOME],
    ],
    ['an address', [toDb([{ from: [{ ipBlock: { cidr: '127.0.0.0/24' } }] }])], ['outside', ...AT_HOME]],
    [
      'a range but for a part of it',
      [toDb([{ from: [{ ipBlock: { cidr: '127.0.0.0/8', except: [LOOPBACK.nodes, '127.0.0.0/24'] } }] }])],
      ['web', 'web:9090', 'agent', ...AT_HOME],
    ],
    ['a port by its name', [toDb([{ ports: [{ port: 'admin' }] }])], ['web:9090', ...AT_HOME]],
    ['a range of ports', [toDb([{ ports: [{ port: 8000, endPort: 8999 }] }])], EVERYBODY.filter(n => n !== 'web:9090')],
    ['a protocol', [toDb([{ ports: [{ protocol: 'UDP' }] }])], AT_HOME],
    [
      'what one of several allows',
      [
        toDb([{ ports: [{ port: 9090 }] }]),
        policy({ ingress: [{ from: [{ ipBlock: { cidr: '127.0.0.1/32' } }] }] }, 'second'),
      ],
      ['web:9090', 'outside', ...AT_HOME],
    ],
    [
      'what keeps pods from getting out',
      [policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] })],
      EVERYBODY.filter(n => !n.startsWith('web')),
    ],
    [
      'where a pod may go',
      [
        policy({
          podSelector: { matchLabels: { app: 'web' } },
          policyTypes: ['Egress'],
          egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 'admin' }] }],
        }),
      ],
      EVERYBODY.filter(n => n !== 'web'),
    ],
  ])('%s', async (_, policies, through) => {
    expect(await who(policies)).toEqual(through);
  });

  it('go for Services and for datagrams, and not for pods on the host network', async () => {
    await cluster.apply(policy({ ingress: [{ from: [{ ipBlock: { cidr: '127.0.1.0/24' } }] }] }));
    await cluster.settled();
    const service = cluster.addresses.find(a => a.kind === 'Service' && a.name === 'db')!;
    expect(await whoAnswers(service, '127.0.1.1')).toBe('db');
    expect(await whoAnswers(service)).toBe('ECONNRESET');
    expect(await send({ address: addressOf('db'), port: 8125 }, 'x')).toBeUndefined();
    expect(await whoAnswers({ address: nodeAddress('worker-2'), port: 8081 })).toBe('host');
  });

  it('are gone with their objects', async () => {
    expect(await who([policy({})])).toEqual(AT_HOME);
    await cluster.object('netpol/policy', 'shop').delete();
    await cluster.settled();
    expect(await who([])).toEqual(EVERYBODY);
  });
});

describe('why', () => {
  const explain = async (from: object, to: object, port: number, more: object = {}) => {
    const { url } = await cluster.listen();
    const query = `query($from: TrafficSourceInput!, $to: TrafficTargetInput!, $port: Int!, $protocol: TrafficProtocol! = TCP) {
      explainTraffic(from: $from, to: $to, port: $port, protocol: $protocol) {
        allowed reason pods { pod { name } port allowed egress { allowed policies policy rule reason } ingress { allowed policies policy rule reason } }
      }
    }`;
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { from, to, port, ...more } }),
    });
    const { data, errors } = (await answer.json()) as {
      data?: { explainTraffic: object };
      errors?: { message: string }[];
    };
    return data?.explainTraffic ?? errors!.map(({ message }) => message).join();
  };
  const web = { pod: { namespace: 'shop', name: 'web' } };
  const db = { pod: { namespace: 'shop', name: 'db' } };

  it('somebody gets through: the policy and the rule, also by way of a Service', async () => {
    await cluster.apply(
      toDb([{ ports: [{ port: 'admin' }] }, { from: [{ podSelector: { matchLabels: { app: 'web' } } }] }]),
    );
    await cluster.settled();
    const ingress = {
      allowed: true,
      policies: ['policy'],
      policy: 'policy',
      rule: 1,
      reason: 'rule 1 of policy policy lets it through',
    };
    const egress = { allowed: true, policies: [], policy: null, rule: null, reason: 'no policy is about pod shop/web' };
    const told = {
      allowed: true,
      reason: 'it gets through: no policy is about pod shop/web; rule 1 of policy policy lets it through',
      pods: [{ pod: { name: 'db' }, port: 8080, allowed: true, egress, ingress }],
    };
    expect(await explain(web, db, 8080)).toEqual(told);
    expect(await explain(web, { service: { namespace: 'shop', name: 'db' } }, 80)).toEqual(told);
  });

  it('somebody does not: at which end, and whose policies', async () => {
    await cluster.apply([
      policy({ podSelector: { matchLabels: { app: 'db' } } }, 'closed'),
      policy({ podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] }, 'quiet'),
    ]);
    await cluster.settled();
    expect(await explain(web, db, 8080)).toMatchObject({
      allowed: false,
      reason: 'it may not leave pod shop/web: no rule lets it through, of policy quiet',
    });
    for (const from of [{ address: '192.0.2.1' }, { node: 'worker-2' }, { pod: { namespace: 'ops', name: 'agent' } }])
      expect(await explain(from, db, 8080)).toMatchObject({
        allowed: false,
        reason: 'it may not come in at pod shop/db: no rule lets it through, of policy closed',
      });
    expect(await explain({ address: nodeAddress('worker-1') }, db, 8080)).toMatchObject({ allowed: true });
    expect(await explain(web, { pod: { namespace: 'shop', name: 'host' } }, 8081)).toMatchObject({ allowed: false });
  });

  it('somebody gets to the API server, whatever policies say, where it answers', async () => {
    const kubernetes = { service: { namespace: 'default', name: 'kubernetes' } };
    await cluster.apply(policy({ podSelector: {}, policyTypes: ['Egress'] }, 'quiet'));
    await cluster.listen();
    await cluster.settled();
    const yes = {
      allowed: true,
      reason: 'it gets through: the cluster itself answers there, and policies keep nobody from it',
      pods: [],
    };
    expect(await explain(web, kubernetes, 443)).toEqual(yes);
    expect(await explain(web, kubernetes, 443, { protocol: 'UDP' })).toBe('Service kubernetes has no port 443 (UDP)');
    const api = cluster.addresses.find(({ name, port }) => name === 'kubernetes' && port === 443)!;
    const { podIP } = cluster.object('pod/web', 'shop').current!.status as Pod['status'];
    const [address = '', port] = api.at.split(':');
    expect(await get({ address, port: Number(port) }, '/version', podIP)).toMatchObject({ code: 200 });
  });

  it('nobody is behind a Service', async () => {
    await cluster.object('pod/db', 'shop').delete();
    await cluster.settled();
    expect(await explain(web, { service: { namespace: 'shop', name: 'db' } }, 80)).toEqual({
      allowed: false,
      reason: 'nobody is behind the Service at that port',
      pods: [],
    });
  });

  it.each([
    [{ address: 'here' }, db, '"here" is not an address'],
    [{ pod: { name: 'nobody' } }, db, 'pods "nobody" not found'],
    [{ node: 'worker-9' }, db, 'nodes "worker-9" not found'],
    [web, { service: { namespace: 'shop', name: 'db' } }, 'Service db has no port 8080 (TCP)'],
  ])('%j to %j: %s', async (from, to, message) => {
    expect(await explain(from, to, 8080)).toBe(message);
  });
});
