import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

/** The real kubectl with a fork as its server: `--server http://127.0.0.1:PORT/forks/<id>`. */
describe('kubectl behind the path of a fork', () => {
  let base: Cluster;
  let kubectl: Client;
  let url: string;
  beforeAll(async () => {
    base = await createCluster({ clock: 'virtual', nodes: 2 });
    ({ url } = await base.listen());
    const { path } = await base.forks.create({ name: 'lab' });
    kubectl = new Client('kubectl', url + path);
    await kubectl.ok(['apply', '-f', '-'], { input: JSON.stringify(agent) });
    const advance = { query: 'mutation { advance(by: "1m") { now } }' };
    const answer = await fetch(`${url}${path}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(advance),
    });
    expect(await answer.json()).toMatchObject({ data: { advance: {} } });
  });
  afterAll(() => base.close());

  const agent = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: {
          labels: { app: 'agent' },
          annotations: { 'kubette.dev/log': 'hello', 'kubette.dev/log-interval': '0' },
        },
        spec: { containers: [{ name: 'main', image: 'agent:1', ports: [{ containerPort: 80 }] }] },
      },
    },
  };
  const aPod = async () => (await kubectl.ok('get pods -o name')).split('\n')[0]!;

  it('reads and writes there alone', async () => {
    expect(await kubectl.ok('get ds agent')).toMatch(/agent +2 +2 +2 +2 +2/);
    await kubectl.ok('cordon node-1');
    expect(await kubectl.ok('get nodes')).toContain('Ready,SchedulingDisabled');
    expect(await kubectl.ok('rollout status ds/agent')).toContain('successfully rolled out');
    const outside = new Client('kubectl', url);
    expect(await outside.ok('get nodes')).not.toContain('SchedulingDisabled');
    expect((await outside.run(['get', 'ds', 'agent'])).stderr).toContain('NotFound');
  });

  it('finds its documents: discovery, explain, strict validation', async () => {
    expect(await kubectl.ok('api-resources --api-group=apps')).toContain('daemonsets');
    expect(await kubectl.ok('explain ds.spec.updateStrategy')).toContain('rollingUpdate');
    const wrong = { ...agent, metadata: { name: 'wrong' }, spec: { ...agent.spec, templates: 1 } };
    const { code, stderr } = await kubectl.run(['create', '-f', '-'], { input: JSON.stringify(wrong) });
    expect([code, stderr]).toEqual([1, expect.stringContaining('unknown field "spec.templates"')]);
  });

  it('talks to containers, and watches', async () => {
    const pod = await aPod();
    expect(await kubectl.ok(['logs', pod])).toContain('hello');
    expect(await kubectl.ok(['exec', pod, '--', 'echo', 'from inside'])).toBe('from inside\n');
    const forward = kubectl.start(['port-forward', '--address', '127.0.0.1', pod, ':80']);
    let said = '';
    forward.stdout!.on('data', text => {
      said += text;
    });
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(/Forwarding from 127\.0\.0\.1:\d+ -> 80/);
    const port = /127\.0\.0\.1:(\d+)/.exec(said)![1];
    expect(await (await fetch(`http://127.0.0.1:${port}/a`)).json()).toMatchObject({ pod: pod.slice('pod/'.length) });
    forward.kill();
    await once(forward, 'close');

    const watch = kubectl.start(['get', 'nodes', '--watch', '--output-watch-events', '--no-headers']);
    let seen = '';
    watch.stdout!.on('data', text => {
      seen += text;
    });
    await expect.poll(() => seen, { timeout: 20_000 }).toContain('node-2');
    const [fork] = base.forks.list();
    expect(fork!.idleSeconds).toBe(0);
    await base.forks.delete(fork!.id);
    await once(watch, 'close');
    expect((await kubectl.run(['get', 'nodes'])).stderr).toContain('forks "');
  });
});
