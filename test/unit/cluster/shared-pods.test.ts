import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import type { Patch } from '../../../src/registry/types.js';
import { pods } from '../../../src/resources/index.js';
import type { Pod } from '../../../src/resources/types.js';

const DAEMON_SET = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent }, annotations: { note: a } }
    spec:
      containers:
        - { name: main, image: agent:1, resources: { limits: { cpu: 100m } }, ports: [{ containerPort: 80 }] }
      volumes: [{ name: etc, hostPath: { path: /etc } }]
`;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual' });
  await cluster.apply(DAEMON_SET);
  await cluster.settled();
});
afterEach(() => cluster.close());

const all = () => cluster.registry.all(pods, 'default');

describe('the pods of a set', () => {
  it('share what their template says, and are written as whole objects all the same', () => {
    const [a, b] = all().map(entry => entry.object);
    expect(a!.spec.containers).toBe(b!.spec.containers);
    for (const entry of all()) expect(JSON.parse(entry.bytes.toString())).toEqual(entry.object);
    expect(all()[0]!.bytes.toString()).toMatch(/^\{"kind":"Pod","apiVersion":"v1",/);
  });

  it.each<[string, Patch, (pod: Pod) => unknown]>([
    [
      'a JSON patch',
      { type: 'json', body: [{ op: 'replace', path: '/spec/containers/0/image', value: 'agent:2' }] },
      pod => pod.spec.containers[0]!.image,
    ],
    [
      'a merge patch',
      { type: 'merge', body: { metadata: { annotations: { note: 'agent:2' } } } },
      pod => pod.metadata.annotations!.note,
    ],
    [
      'a strategic merge patch',
      { type: 'strategic', body: { spec: { containers: [{ name: 'main', image: 'agent:2' }] } } },
      pod => pod.spec.containers[0]!.image,
    ],
  ])('take %s each for itself', async (_what, patch, changed) => {
    const [first, second] = all();
    await cluster.registry.patch(pods, first!.namespace, first!.name, patch);
    expect(changed(one(first!.name))).toBe('agent:2');
    expect(one(second!.name)).toBe(second!.object);
  });

  it.each<[string, Patch]>([
    [
      'a limit of one container',
      {
        type: 'strategic',
        body: { spec: { containers: [{ name: 'main', resources: { limits: { memory: '1Gi' } } }] } },
      },
    ],
    [
      'a limit by path',
      { type: 'json', body: [{ op: 'add', path: '/spec/containers/0/resources/limits/memory', value: '1Gi' }] },
    ],
    [
      'the network and an image',
      {
        type: 'json',
        body: [
          { op: 'add', path: '/spec/hostNetwork', value: true },
          { op: 'replace', path: '/spec/containers/0/image', value: 'agent:2' },
        ],
      },
    ],
  ])('refuse to have changed %s, as any pod does', async (_what, patch) => {
    const [first] = all();
    const refusal = cluster.registry.patch(pods, first!.namespace, first!.name, patch);
    await expect(refusal).rejects.toMatchObject({ code: 422, reason: 'Invalid' });
  });

  it('get back a default that a client takes away', async () => {
    const [first] = all();
    const patch: Patch = { type: 'json', body: [{ op: 'remove', path: '/spec/dnsPolicy' }] };
    await cluster.registry.patch(pods, first!.namespace, first!.name, patch);
    expect(one(first!.name).spec.dnsPolicy).toBe('ClusterFirst');
  });
});

function one(name: string) {
  return cluster.registry.get(pods, 'default', name)!.object;
}
