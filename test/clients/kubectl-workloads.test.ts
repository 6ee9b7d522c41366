import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

/** Workloads in a cluster without nodes, whose pods wait: what kubectl makes, shows, scales and changes. Each test goes on where the one before ended. */
describe('kubectl 1.35 and workloads', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 0 });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args.split(' '));

  it.each<[string, RegExp]>([
    ['create deployment web --image=web:1 --replicas=2', /created/],
    ['get deploy -o wide', /web +0\/2 +\d +0 +\d+s +web +web:1 +app=web/],
    ['scale deployment web --replicas=4', /scaled/],
    ['scale deployment web --current-replicas=4 --replicas=3', /scaled/],
    ['get deployment web --subresource=scale', /NAME +DESIRED +AVAILABLE +AGE\nweb +3 +\d/],
    ['patch deployment web --subresource=scale --type=merge -p {"spec":{"replicas":5}}', /patched/],
    ['get deployment web -o jsonpath={.spec.replicas},{.metadata.generation}', /^5,4$/],
    ['autoscale deployment web --min=2 --max=5 --cpu=60%', /autoscaled/],
    ['get hpa', /web +Deployment\/web +cpu: <unknown>\/60% +2 +5 +0/],
    ['get horizontalpodautoscalers.v1.autoscaling web -o jsonpath={.spec.targetCPUUtilizationPercentage}', /^60$/],
    ['describe hpa web', /resource cpu on pods .*<unknown> \/ 60%/],
    ['set image deployment/web web=web:2', /image updated/],
    ['rollout pause deployment/web', /paused/],
    ['rollout resume deployment/web', /resumed/],
    ['rollout restart deployment/web', /restarted/],
    [
      'describe deployment web',
      /Replicas: +5 desired \| \d updated .*\nStrategyType: +RollingUpdate[\s\S]*25% max unavailable, 25% max surge/,
    ],
    ['expose deployment web --port=80', /exposed/],
    ['create job pi --image=pi:1', /created/],
    ['get job pi -o wide', /pi +Running +0\/1 +\d+s +\d+s +pi +pi:1 +batch.kubernetes.io\/controller-uid=/],
    ['describe job pi', /Completion Mode: +NonIndexed\nSuspend: +false\nBackoff Limit: +6/],
    ['get jobs --field-selector=status.successful=0 -o name', /^job.batch\/pi\n$/],
  ])('%s', async (command, prints) => {
    expect(await k(command)).toMatch(prints);
  });

  it('makes jobs of cron jobs', async () => {
    const create = ['create', 'cronjob', 'often', '--image=often:1'];
    const { stderr } = await kubectl.run([...create, '--schedule=61 * * * *']);
    expect(stderr).toContain('end of range (61) above maximum (59): 61');
    await kubectl.ok([...create, '--schedule=*/5 * * * *']);
    expect(await k('get cronjobs')).toMatch(/often +\*\/5 \* \* \* \* +<none> +False +0 +<none>/);
    expect(await k('create job now --from=cronjob/often')).toContain('created');
  });

  it('tells what is wrong with a rollout, and waits for one', async () => {
    const { stderr } = await kubectl.run(['rollout', 'status', 'deployment/web', '--timeout=1s']);
    expect(stderr).toContain('timed out waiting for the condition');
    const patch = { spec: { selector: { matchLabels: { app: 'other' } } } };
    const refused = await kubectl.run(['patch', 'deployment', 'web', '-p', JSON.stringify(patch)]);
    expect(refused.stderr).toContain('field is immutable');
  });

  it('reads events in their newer version', async () => {
    const event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'e' },
      regarding: { kind: 'Deployment', namespace: 'default', name: 'web' },
      reason: 'Because',
      note: 'So it is.',
      action: 'Do',
      type: 'Normal',
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/c',
      reportingInstance: 'i',
    };
    await kubectl.ok(['create', '-f', '-'], { input: JSON.stringify(event) });
    expect(await k('get events.events.k8s.io')).toMatch(/Normal +Because +deployment\/web +So it is\./);
    expect(await k('get events.v1.events.k8s.io e -o jsonpath={.apiVersion},{.note}')).toBe(
      'events.k8s.io/v1,So it is.',
    );
    expect(await k('get event e -o jsonpath={.apiVersion},{.message}')).toBe('v1,So it is.');
  });
});
