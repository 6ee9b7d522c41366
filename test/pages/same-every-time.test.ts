import { expect, onTestFinished, test } from 'vitest';
import * as kubette from '../../src/index.js';
import { type Cluster, createCluster } from '../../src/index.js';
import { Page, runCode } from '../support/page.js';

const page = new Page('same-every-time.md');

const agent = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
  },
};
const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'main', image: 'a:1' }] } };

test('what docs/same-every-time.md waits for comes true', async () => {
  const cluster = await createCluster({ clock: 'virtual', kubelet: 'simulated' });
  onTestFinished(() => cluster.close());
  await cluster.apply([agent, { apiVersion: 'v1', kind: 'Pod', ...pod }]);
  const { registry } = cluster;
  const down = { metadata: { annotations: { 'kubette.dev/behavior': 'down' } } };
  const ask = async (url: string, body: string) => {
    const response = await fetch(url, { method: 'POST', body });
    return (await response.json()) as { met?: boolean };
  };
  const { url } = await cluster.listen();
  const commands = [...page.text.matchAll(/^curl -X POST localhost:8001(\S+) -d '(.*)'$/gm)];
  expect(commands).toHaveLength(4);
  for (const [, path, body] of commands) {
    if (body!.includes('condition=Ready=Unknown'))
      await registry.patch(registry.kinds.byKind('v1', 'Node')!, '', 'worker-1', { type: 'merge', body: down });
    expect(await ask(url + path, body!)).toMatchObject({ met: true });
  }
});

test.each(page.code)('docs/same-every-time.md: %s', async (_, code) => {
  const { cluster } = await runCode(code, { modules: { kubette }, wanted: ['cluster'] });
  await (cluster as Cluster).close();
});
