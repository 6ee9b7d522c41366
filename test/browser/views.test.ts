import { readFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, executablePath, type Surfer, surf } from './browser.js';

/** All views, and the panel: what of the URL leads there, and what is to be waited for. */
const VIEWS: readonly (readonly [query: string, shown: string])[] = [
  ['', '.sets button'],
  ['view=matrix', '.sets button'],
  ['view=rollouts', '.card'],
  ['view=rollouts&of=Deployment/default/web', '.pods'],
  ['view=rollouts&of=StatefulSet/default/db', '.pods'],
  ['view=network', '.address'],
  ['view=try', '.change-list'],
  ['view=tour', 'main h2'],
  ['sel=node/worker-1', '.detail .rows'],
  ['sel=ds/kube-system/fluentd-elasticsearch', '.detail .figures'],
  ['sel=ds/kube-system/fluentd-elasticsearch/control-plane', '.detail h2'],
];

const LOOKS = [
  ['en-US', 'light'],
  ['en-US', 'dark'],
  ['zh-TW', 'light'],
  ['zh-TW', 'dark'],
] as const;

const workload = (kind: string, name: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: default}
spec:
  replicas: 3
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${name}:1"}]}
`;

describe.skipIf(!executablePath).each(LOOKS)('in %s and %s', (locale, colorScheme) => {
  let cluster: Cluster;
  let surfer: Surfer;
  let url: string;

  beforeAll(async () => {
    surfer = await surf({ locale, colorScheme });
    cluster = await createCluster({ clock: 'virtual' });
    await cluster.openNetwork();
    await cluster.apply(readFileSync(at('examples/fluentd-elasticsearch.yaml'), 'utf8'));
    await cluster.apply(`${workload('Deployment', 'web')}---\n${workload('StatefulSet', 'db')}`);
    await cluster.settled();
    await cluster.apply(workload('Deployment', 'web').replace('web:1', 'web:2'));
    ({ url } = await cluster.listen());
  }, 60_000);

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  it.each(VIEWS)('nothing of /?%s keeps anybody out', async (query, shown) => {
    await surfer.page.goto(`${url}/?${query}`);
    await surfer.page.locator(shown).first().waitFor();
    await surfer.screenshot(`${locale}-${colorScheme}-${query.replace(/\W+/g, '-') || 'map'}`);
    expect(await surfer.barriers()).toEqual([]);
  });

  it('and nothing was complained of', () => {
    expect(surfer.foreign).toEqual([]);
    expect(surfer.complaints).toEqual([]);
  });
});
