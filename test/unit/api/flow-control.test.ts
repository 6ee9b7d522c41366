import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RbacAuthorizer } from '../../../src/access/rbac.js';
import { type Answer, TestServer } from './serve.js';

/** By which flow schema and at which level a request is served is told in the headers of its answer. */

const GROUP = '/apis/flowcontrol.apiserver.k8s.io/v1';

let server: TestServer;
const uids = new Map<string, string>();
afterEach(() => server.close());

/** The names of the flow schema and the level that an answer tells of. */
const told = ({ headers }: Pick<Answer, 'headers'>) =>
  ['flowschema', 'prioritylevel'].map(what => uids.get(String(headers[`x-kubernetes-pf-${what}-uid`])));

async function create(plural: string, kind: string, name: string, spec: object): Promise<void> {
  const { body } = await server.post(`${GROUP}/${plural}`, {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind,
    metadata: { name },
    spec,
  });
  uids.set(body.metadata.uid, name);
}

const level = (name: string) =>
  create('prioritylevelconfigurations', 'PriorityLevelConfiguration', name, { type: 'Exempt', exempt: {} });

const schema = (name: string, to: string, matchingPrecedence: number, ...rules: object[]) =>
  create('flowschemas', 'FlowSchema', name, { priorityLevelConfiguration: { name: to }, matchingPrecedence, rules });

const user = (name: string) => ({ kind: 'User', user: { name } });
const group = (name: string) => ({ kind: 'Group', group: { name } });
const account = (namespace: string, name: string) => ({ kind: 'ServiceAccount', serviceAccount: { namespace, name } });
const anything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }];
const as = (name: string, groups = '') => ({
  'impersonate-user': name,
  ...(groups ? { 'impersonate-group': groups } : {}),
});

beforeEach(async () => {
  server = await TestServer.start();
  uids.clear();
  await level('one');
  await level('two');
});

describe('flow control', () => {
  it('goes by precedence, then by name', async () => {
    const rule = { subjects: [group('system:authenticated')], resourceRules: anything };
    await schema('c', 'one', 20, rule);
    await schema('b', 'two', 10, rule);
    await schema('a', 'one', 20, rule);
    expect(told(await server.get('/api/v1/pods'))).toEqual(['b', 'two']);
    await server.ask('DELETE', `${GROUP}/flowschemas/b`);
    expect(told(await server.get('/api/v1/pods'))).toEqual(['a', 'one']);
  });

  it('goes by who asks, in whosever name', async () => {
    await schema('named', 'one', 1, { subjects: [user('jane')], resourceRules: anything });
    await schema('grouped', 'one', 2, { subjects: [group('devs')], resourceRules: anything });
    await schema('robot', 'one', 3, { subjects: [account('ci', 'bot')], resourceRules: anything });
    await schema('robots', 'two', 4, { subjects: [account('ci', '*')], resourceRules: anything });
    await schema('anybody', 'two', 5, { subjects: [user('*')], resourceRules: anything });
    const schemaFor = async (name: string, groups?: string) =>
      told(await server.get('/api/v1/nodes', as(name, groups)))[0];
    expect(await schemaFor('jane')).toBe('named');
    expect(await schemaFor('joe', 'devs')).toBe('grouped');
    expect(await schemaFor('system:serviceaccount:ci:bot')).toBe('robot');
    expect(await schemaFor('system:serviceaccount:ci:other')).toBe('robots');
    expect(await schemaFor('system:serviceaccount:cic:bot')).toBe('anybody');
  });

  it.each([
    ['/api/v1/namespaces/a/pods', 'pods-in-a'],
    ['/api/v1/namespaces/a/pods?watch=1', 'watches'],
    ['/api/v1/namespaces/a/pods/p/status', 'parts-of-pods'],
    ['/api/v1/namespaces/b/pods', undefined],
    ['/api/v1/pods', undefined],
    ['/api/v1/namespaces/a', 'namespaces'],
    ['/api/v1/namespaces', undefined],
    ['/api/v1/nodes', 'nodes'],
    ['/version', 'paths'],
    ['/api/v1', 'paths'],
    ['/livez', undefined],
    ['/api/v1/namespaces/a/pods/p/log', undefined],
  ])('of %s is %s', async (path, expected) => {
    const subjects = [group('system:authenticated')];
    const rule = (resources: string, more: object) => ({
      subjects,
      resourceRules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: [resources], ...more }],
    });
    const inA = { namespaces: ['a'] };
    await schema('pods-in-a', 'one', 1, rule('pods', inA));
    await schema('watches', 'one', 2, rule('pods', { ...inA, verbs: ['watch'] }));
    await schema('parts-of-pods', 'one', 3, rule('pods/status', inA), rule('pods/log', inA));
    await schema('namespaces', 'one', 4, rule('namespaces', inA));
    await schema('nodes', 'one', 5, rule('nodes', { clusterScope: true }));
    await schema('paths', 'one', 6, {
      subjects,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version', '/api/*'] }],
    });
    const answer = path.includes('watch') ? await server.watch(path) : await server.get(path);
    expect(told(answer)[0]).toBe(expected);
  });

  it('tells nothing of a schema without its level, and of who may not come in', async () => {
    await schema('lost', 'nowhere', 1, { subjects: [user('*')], resourceRules: anything });
    expect(told(await server.get('/api/v1/pods'))).toEqual([undefined, undefined]);
    await level('nowhere');
    expect(told(await server.get('/api/v1/pods'))).toEqual(['lost', 'nowhere']);
    expect(told(await server.get('/api/v1/pods', { host: 'example.com' }))).toEqual([undefined, undefined]);
  });

  it('tells of who is refused by rules', async () => {
    await schema('all', 'one', 1, { subjects: [user('*')], resourceRules: anything });
    const { access, registry } = server;
    await server.close();
    server = await TestServer.start({ registry, access: { ...access, authorizer: new RbacAuthorizer(registry) } });
    const answer = await server.get('/api/v1/pods', as('jane'));
    expect([answer.code, ...told(answer)]).toEqual([403, 'all', 'one']);
  });
});

describe('audit ids', () => {
  it('are those of the request, or made for it', async () => {
    const id = async (headers?: Record<string, string>) =>
      (await server.get('/api/v1/nodes', headers)).headers['audit-id'] as string;
    expect(await id({ 'audit-id': 'mine' })).toBe('mine');
    const made = await id();
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await id()).not.toBe(made);
  });
});
