import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

const indexed = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'parts' },
  spec: {
    completions: 3,
    parallelism: 3,
    completionMode: 'Indexed',
    backoffLimitPerIndex: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [
          { name: 'main', image: 'a:1', command: ['sh', '-c', 'cat /etc/hostname; exit $JOB_COMPLETION_INDEX'] },
        ],
      },
    },
  },
};

/** Each test goes on where the one before ended. */
describe('kubectl 1.35 and Jobs', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 2 });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args.split(' '));

  it('waits for a Job, and reads what it said', async () => {
    await kubectl.ok(['create', 'job', 'hello', '--image=a:1', '--', 'sh', '-c', 'echo hello; sleep 1; echo bye >&2']);
    expect(await k('wait --for=condition=complete job/hello --timeout=30s')).toContain('condition met');
    expect(await k('logs job/hello')).toBe('hello\nbye\n');
    expect(await k('get job hello')).toMatch(/hello +Complete +1\/1 +\ds/);
    expect(await k('get pods -l job-name=hello')).toMatch(/hello-\w+ +0\/1 +Completed +0/);
    expect(await k('describe job hello')).toMatch(
      /0 Active \(0 Ready\) \/ 1 Succeeded \/ 0 Failed[\s\S]*Job completed/,
    );
  });

  it('waits for one that fails, by index', async () => {
    await kubectl.ok(['create', '-f', '-'], { input: JSON.stringify(indexed) });
    expect(await k('wait --for=condition=failed job/parts --timeout=30s')).toContain('condition met');
    expect(await k('get job parts -o jsonpath={.status.completedIndexes}/{.status.failedIndexes}')).toBe('0/1,2');
    const logs = await k('logs -l job-name=parts,batch.kubernetes.io/job-completion-index=2');
    expect(logs).toBe('parts-2\n');
    expect(await k('describe job parts')).toMatch(
      /Completed Indexes: +0\n[\s\S]*FailedIndexes +.*Job has failed indexes/,
    );
  });

  it('makes Jobs by a schedule, and of one', async () => {
    await kubectl.ok(['create', 'cronjob', 'tick', '--image=a:1', '--schedule=@every 1s', '--', 'echo', 'tick']);
    await k('wait --for=jsonpath={.status.lastSuccessfulTime} cronjob/tick --timeout=30s');
    expect(await k('get cronjobs')).toMatch(/tick +@every 1s +<none> +False +[01] +\ds/);
    expect(await k('describe cronjob tick')).toMatch(/SuccessfulCreate +.*Created job tick-\d{8}/);
    expect(await k('create job now --from=cronjob/tick')).toContain('created');
    await k('wait --for=condition=complete job/now --timeout=30s');
    expect(await k('logs job/now')).toBe('tick\n');
    await k('delete cronjob tick');
    await k('wait --for=delete job/now --timeout=30s');
  });

  it('lets a Job go when its time is up', async () => {
    const spec = { ...indexed.spec, ttlSecondsAfterFinished: 1 };
    await kubectl.ok(['create', '-f', '-'], {
      input: JSON.stringify({ ...indexed, metadata: { name: 'brief' }, spec }),
    });
    await k('wait --for=delete job/brief --timeout=30s');
    expect(await k('get pods -l job-name=brief -o name')).toBe('');
  });

  it('deletes a Job with its pods', async () => {
    await k('delete job hello parts --cascade=foreground');
    expect(await k('get pods -o name')).toBe('');
  });
});

const set = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    replicas: 3,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'main', image: 'db:1' }] } },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  },
};

/** Each test goes on where the one before ended. */
describe('kubectl 1.35 and StatefulSets', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 2 });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args.split(' '));
  const images = 'get pods -l app=db -o jsonpath={.items[*].spec.containers[0].image}';

  it('waits for its pods, which come in their order', async () => {
    await kubectl.ok(['create', '-f', '-'], { input: JSON.stringify(set) });
    expect(await k('rollout status sts/db --timeout=30s')).toContain('partitioned roll out complete: 3 new pods');
    expect(await k('get sts db')).toMatch(/db +3\/3/);
    expect(await k('get pods -o name')).toBe('pod/db-0\npod/db-1\npod/db-2\n');
    expect(await k('get pvc -o name')).toBe([0, 1, 2].map(i => `persistentvolumeclaim/data-db-${i}\n`).join(''));
    expect(await k('exec db-1 -- hostname')).toBe('db-1\n');
  });

  it('rolls another image out, and back', async () => {
    await k('set image sts/db main=db:2');
    await k('rollout status sts/db --timeout=30s');
    expect(await k(images)).toBe('db:2 db:2 db:2');
    expect(await k('rollout history sts/db')).toMatch(/1 +<none>\n2 +<none>/);
    await k('rollout undo sts/db');
    await k('rollout status sts/db --timeout=30s');
    expect(await k(images)).toBe('db:1 db:1 db:1');
    expect(await k('rollout restart sts/db')).toContain('restarted');
    await k('rollout status sts/db --timeout=30s');
  });

  it('scales down from the end, and keeps the claims', async () => {
    await k('scale sts/db --replicas=1');
    await k('wait --for=delete pod/db-2 pod/db-1 --timeout=30s');
    expect(await k('get pods -o name')).toBe('pod/db-0\n');
    expect((await k('get pvc -o name')).split('\n')).toHaveLength(4);
    expect(await k('describe sts db')).toMatch(/delete Pod db-2 in StatefulSet db successful/);
  });
});
