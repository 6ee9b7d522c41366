import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { printAddresses } from '../../../src/cli/addresses.js';
import { explainTraffic } from '../../../src/cli/explain-traffic.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import { startProgram } from '../../support/server.js';

const example = readFileSync(new URL('../../../examples/node-exporter.yaml', import.meta.url), 'utf8');

let cluster: Cluster;
let server: string;
let printed: string;
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await cluster.close();
});

async function open(network: 'off' | 'loopback') {
  cluster = await createCluster({
    network: network === 'off' ? network : LOOPBACK,
    clock: 'virtual',
    manifests: example,
  });
  await cluster.settled();
  ({ url: server } = await cluster.listen());
  await cluster.settled();
}

describe('kubette addresses', () => {
  it('prints what answers, and where', async () => {
    await open('loopback');
    await printAddresses({ server, port: 0, output: 'table' });
    const rows = printed
      .trimEnd()
      .split('\n')
      .map(line => line.split(/ {2,}/));
    const [pod] = cluster.object('node/worker-1').pods();
    const at = pod!.status.hostIP;
    expect(rows[0]).toEqual(['ADDRESS', 'KIND', 'NAMESPACE', 'NAME', 'NODE', 'CAME']);
    expect(rows).toContainEqual([`${at}:9100/TCP`, 'Pod', 'default', pod!.metadata.name, 'worker-1', '0']);
    expect(rows.filter(([, kind]) => kind === 'Service').map(row => row[3])).toEqual([
      'kubernetes',
      'kubernetes',
      'node-exporter',
    ]);
    printed = '';
    await printAddresses({ server, port: 0, output: 'json' });
    expect(JSON.parse(printed)).toEqual({ network: 'loopback', addresses: cluster.addresses });
  });

  it('says where there is no network', async () => {
    await open('off');
    await expect(printAddresses({ server, port: 0, output: 'table' })).rejects.toThrow('--network loopback or ports');
  });
});

describe('kubette explain traffic', () => {
  it('says who gets through, and exits by that', async () => {
    await open('off');
    const ask = (from: string, to: string) => explainTraffic({ from, to, namespace: 'default', server, port: 0 });
    const [pod] = cluster.object('node/worker-1').pods();
    const name = pod!.metadata.name;
    expect(await ask('192.0.2.1', 'svc/node-exporter:9100')).toBe(0);
    expect(printed.split('\n')[0]).toMatch(/^yes: it gets through: no policy is about 192\.0\.2\.1; /);
    expect(printed).toContain(`default/${name}:9100`);
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'closed' },
      spec: { podSelector: {} },
    });
    printed = '';
    expect(await ask('node/worker-2', `default/pod/${name}:9100`)).toBe(1);
    expect(printed.split('\n')[0]).toBe(
      `no: it may not come in at pod default/${name}: no rule lets it through, of policy closed`,
    );
    expect(await ask('node/worker-1', `pod/${name}:9100`)).toBe(0);
    for (const [from, to] of [
      ['web', 'svc/a:80'],
      ['pod/web', 'svc/a'],
      ['pod/web', 'web:80'],
    ] as const)
      await expect(ask(from, to)).rejects.toThrow('it must be');
    await expect(ask('pod/web', 'svc/node-exporter:9100')).rejects.toThrow('pods "web" not found');
  });

  it.each([
    ['no --from', ['--to', 'svc/db:80']],
    ['no option of that name', ['--from', 'pod/web', '--to', 'svc/db:80', '--tcp']],
    ['no port', ['--from', 'pod/web', '--to', 'svc/db:80', '--port', 'x']],
    ['no pod of that name', ['--from', 'pod/nobody', '--to', 'svc/node-exporter:9100']],
    ['no end', ['--from', 'web', '--to', 'svc/db:80']],
  ])('exits with 2 for a mistake: %s', async (_, options) => {
    await open('off');
    const child = await startProgram(['explain', 'traffic', '--server', server, ...options]);
    expect(await once(child, 'close')).toEqual([2, null]);
  });
});
