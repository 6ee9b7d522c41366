import { afterEach, describe, expect, it } from 'vitest';
import type { Answered } from '../../conformance/normalise.js';
import { DaemonSetClient, daemonSet, imageOf } from '../../support/daemon-set-client.js';

const SURGE = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

let client: DaemonSetClient;
afterEach(() => client.close());

/** How many pods there are of each image. */
const images = async () => {
  const counts: Record<string, number> = {};
  for (const pod of await client.livePods()) counts[imageOf(pod)] = (counts[imageOf(pod)] ?? 0) + 1;
  return counts;
};

describe('a surge that needs a port of the node', () => {
  const app = (image: string, port: object) => ({ containers: [{ name: 'app', image, ports: [port] }] });

  it.each([
    { of: 'a hostPort', pod: {}, port: { containerPort: 80, hostPort: 8080 } },
    { of: "the node's network", pod: { hostNetwork: true }, port: { containerPort: 80 } },
  ])(
    'SUR-12, T29: $of: nobody objects, the new pod waits for the old one, and so nothing moves',
    async ({ pod, port }) => {
      client = await DaemonSetClient.start({ nodes: 2 });
      await client.create(daemonSet({ updateStrategy: SURGE }, { ...pod, ...app('webserver:1', port) }));
      expect(await client.running()).toEqual(client.oneOn('node-1', 'node-2'));
      await client.patchTemplate(app('webserver:2', port));
      await client.cluster.advance('1h');
      expect(await images()).toEqual({ 'webserver:1': 2, 'webserver:2': 1 });
      const waiting = (await client.livePods()).find((pod: Answered) => imageOf(pod) === 'webserver:2');
      expect(waiting.spec.nodeName).toBeUndefined();
      expect(waiting.status.phase).toBe('Pending');
      expect(waiting.status.conditions[0].message).toBe(
        "0/2 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
      );
      expect(await client.status()).toMatchObject({ desiredNumberScheduled: 2, numberAvailable: 2 });
      expect((await client.status()).updatedNumberScheduled).toBeUndefined();
    },
  );
});

it('SUR-09, T58: a node that goes in the middle of a surge holds it up until its pod is collected', async () => {
  const errors: string[] = [];
  client = await DaemonSetClient.start({
    nodes: 4,
    kubelet: { pods: { readyDelay: '10s' } },
    onError: (where, error) => void errors.push(`${where}: ${(error as Error).message}`),
  });
  await client.create(daemonSet({ updateStrategy: SURGE }));
  await client.cluster.advance('1m');
  await client.setImage('webserver:2');
  expect(await images()).toEqual({ 'webserver:1': 4, 'webserver:2': 1 });
  await client.do('DELETE', '/api/v1/nodes/node-4');
  // The new pod gets ready, so its old one goes; but no other node has its turn.
  await client.cluster.advance('35s');
  expect(await images()).toEqual({ 'webserver:1': 3, 'webserver:2': 1 });
  expect(errors).toEqual([
    `daemonset default/daemon-set: couldn't get node for nodeName "node-4": node "node-4" not found`,
  ]);
  await client.cluster.advance('2m');
  expect(await images()).toEqual({ 'webserver:2': 3 });
  expect(await client.status()).toMatchObject({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 3 });
});
