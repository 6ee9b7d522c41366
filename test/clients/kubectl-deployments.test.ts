import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

/** Deployments and what keeps their pods, as kubectl makes, rolls out, scales and deletes them. Each step goes on where the one before ended. */
describe('kubectl 1.35 and Deployments', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 3 });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args);

  it.each<[string, RegExp]>([
    ['create deployment web --image=web:1 --replicas=3', /created/],
    ['rollout status deployment/web', /^deployment "web" successfully rolled out\n$/m],
    ['get deployment web', /web +3\/3 +3 +3 /],
    ['get replicasets -l app=web', /web-\w+ +3 +3 +3 /],
    ['get pods -l app=web --field-selector=status.phase=Running -o name', /^(pod\/web-\w+-\w{5}\n){3}$/],
    ['events --for deployment/web', /ScalingReplicaSet +Deployment\/web +Scaled up replica set web-\w+ from 0 to 3/],
    ['annotate deployment web kubernetes.io/change-cause=first', /annotated/],
    ['set image deployment/web web=web:2', /image updated/],
    ['annotate deployment web --overwrite kubernetes.io/change-cause=second', /annotated/],
    ['rollout status deployment/web', /successfully rolled out/],
    ['rollout history deployment/web', /REVISION +CHANGE-CAUSE\n1 +first\n2 +second\n/],
    ['rollout history deployment/web --revision=1', /revision #1\nPod Template:[\s\S]*Image:\s+web:1/],
    ['rollout undo deployment/web', /rolled back/],
    ['rollout status deployment/web', /successfully rolled out/],
    ['get deployment web -o jsonpath={.spec.template.spec.containers[0].image}', /^web:1$/],
    ['rollout history deployment/web', /REVISION +CHANGE-CAUSE\n2 +second\n3 +\w+\n/],
    ['rollout undo deployment/web --to-revision=2', /rolled back/],
    ['rollout status deployment/web', /successfully rolled out/],
    [
      'describe deployment web',
      /3 desired \| 3 updated \| 3 total \| 3 available \| 0 unavailable[\s\S]*NewReplicaSetAvailable/,
    ],
    ['scale deployment web --replicas=5', /scaled/],
    ['rollout status deployment/web', /successfully rolled out/],
    ['get deployment web', /web +5\/5 +5 +5 /],
    ['rollout pause deployment/web', /paused/],
    ['set image deployment/web web=web:3', /image updated/],
    ['get deployment web', /web +5\/5 +0 +5 /],
    ['rollout resume deployment/web', /resumed/],
    ['rollout status deployment/web', /successfully rolled out/],
    ['rollout restart deployment/web', /restarted/],
    ['rollout status deployment/web', /successfully rolled out/],
    ['get pods -l app=web -o jsonpath={.items[*].spec.containers[0].image}', /web:3( web:3){4}/],
    ['wait deployment/web --for=condition=Available', /condition met/],
    ['expose deployment web --port=80', /exposed/],
    ['get endpointslices -l kubernetes.io/service-name=web', /web-\w{5} +IPv4 +80 +(\d+\.){3}\d+,(\d+\.){3}\d+,/],
    ['autoscale deployment web --min=2 --max=5 --cpu=60%', /autoscaled/],
  ])('%s', async (command, prints) => {
    await cluster.settled();
    expect(await k(command)).toMatch(prints);
  });

  it('leaves what a Deployment made if told so, and a namesake adopts it', async () => {
    const names = async () => (await k('get replicasets,pods -l app=web -o name')).split('\n').sort();
    await k('rollout status deployment/web');
    await cluster.settled();
    const before = await names();
    const manifest = await k('get deployment web -o json');
    await k('delete deployment web --cascade=orphan');
    await cluster.settled();
    expect(await names()).toEqual(before);
    await kubectl.ok(['create', '-f', '-'], { input: withoutIdentity(manifest) });
    await k('rollout status deployment/web');
    await cluster.settled();
    expect(await names()).toEqual(before);
    expect(await k('get replicasets -o jsonpath={.items[*].metadata.ownerReferences[0].name}')).toMatch(/^web( web)*$/);
  });

  it('takes what a Deployment made with it', async () => {
    await k('delete deployment web --cascade=foreground');
    expect(await k('get deployments,replicasets,pods -l app=web -o name')).toBe('');
  });

  it('keeps the pods of ReplicationControllers', async () => {
    const labels = { app: 'old' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'old', image: 'old:1' }] } };
    const manifest = {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'old' },
      spec: { replicas: 2, template },
    };
    await kubectl.ok(['create', '-f', '-'], { input: JSON.stringify(manifest) });
    await k('wait rc/old --for=jsonpath={.status.availableReplicas}=2 --timeout=30s');
    expect(await k('get rc')).toMatch(/old +2 +2 +2 /);
    await k('scale rc old --replicas=1');
    await k('wait rc/old --for=jsonpath={.status.replicas}=1 --timeout=30s');
    await k('delete rc old');
    await cluster.settled();
    expect(await k('get pods -l app=old --field-selector=status.phase=Running -o name')).toBe('');
  });
});

/** An object as somebody would create it anew. */
function withoutIdentity(text: string): string {
  const { metadata, status: _, ...rest } = JSON.parse(text);
  const { name, labels, annotations } = metadata;
  return JSON.stringify({ ...rest, metadata: { name, labels, annotations } });
}
