import { type Cluster, createCluster } from 'kubette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askGraph } from '../../support/graph.js';

const db = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'default' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'db' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'main', image }] } },
  },
});

describe('the revisions of a StatefulSet', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await createCluster({ clock: 'virtual' });
  });
  afterAll(() => cluster?.close());

  it('are there with the pods that were made from each, the newest first', async () => {
    for (const image of ['db:1', 'db:2']) {
      await cluster.apply(db(image));
      await cluster.advance('2m');
    }
    const { object } = await askGraph(
      cluster.registry,
      `{
        object(kind: "StatefulSet", name: "db") {
          ... on Workload { revisions { name revision hash daemonSet { name } json pods { nodes { name } } } }
        }
      }`,
    );
    type Revision = { json: { data: ReturnType<typeof db> }; pods: { nodes: { name: string }[] } };
    const revisions: (Revision & Record<string, unknown>)[] = object.revisions;
    expect(
      revisions.map(({ name, revision, hash, daemonSet, json, pods }) => ({
        revision,
        isName: hash === name,
        daemonSet,
        image: json.data.spec.template.spec.containers[0]!.image,
        pods: pods.nodes.map(pod => pod.name),
      })),
    ).toEqual([
      { revision: 2, isName: true, daemonSet: null, image: 'db:2', pods: ['db-1', 'db-2'] },
      { revision: 1, isName: true, daemonSet: null, image: 'db:1', pods: ['db-0'] },
    ]);
  });
});
