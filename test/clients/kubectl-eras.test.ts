import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

const AT = '/apis/extensions/v1beta1/namespaces/default/daemonsets';

/** As manifests were written up to 1.8. */
const fluentd = (app: string, more = '') => `
apiVersion: extensions/v1beta1
kind: DaemonSet
metadata:
  name: fluentd
spec:
  ${more}
  template:
    metadata:
      labels: {app: ${app}}
    spec:
      containers:
      - {name: fluentd, image: 'fluentd:1'}
`;

/** Each test goes on where the one before ended. Nothing schedules. */
describe('kubectl 1.35 and the DaemonSets of 1.11', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ nodes: 2, era: '1.11', controllers: ['*', '-scheduler'] });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args.split(' '));
  const apply = (input: string) => kubectl.ok(['apply', '-f', '-'], { input });
  const jsonPath = (of: string, path: string) => kubectl.ok(['get', ...of.split(' '), '-o', `jsonpath=${path}`]);
  const ready = (count: number, of = 'ds/fluentd') =>
    k(`wait --for=jsonpath={.status.numberReady}=${count} ${of} --timeout=30s`);

  it('DEF-02: takes an old manifest, whose pods run without a scheduler', async () => {
    expect(await apply(fluentd('fluentd'))).toBe('daemonset.extensions/fluentd created\n');
    await ready(2);
    expect(await k('get daemonsets.v1beta1.extensions')).toMatch(/fluentd +2 +2 +2 +2 +2 +<none>/);
    const spec =
      '{.spec.updateStrategy.type} {.spec.selector.matchLabels.app} {.spec.templateGeneration} {.metadata.labels.app}';
    expect(await jsonPath('daemonsets.v1beta1.extensions fluentd', spec)).toBe('OnDelete fluentd 1 fluentd');
    expect(await jsonPath('daemonsets.v1.apps fluentd', spec)).toBe('OnDelete fluentd  fluentd');
    expect(await apply(fluentd('fluentd'))).toBe('daemonset.extensions/fluentd unchanged\n');
  });

  it('finds the old group first, as then, and explains it', async () => {
    expect(await k('get ds -o name')).toBe('daemonset.extensions/fluentd\n');
    expect(await k('get daemonsets.v1beta2.apps -o name')).toBe('daemonset.apps/fluentd\n');
    expect(await k('api-resources --api-group=extensions')).toMatch(
      /daemonsets +ds +extensions\/v1beta1 +true +DaemonSet/,
    );
    expect(await k('explain daemonsets.spec.templateGeneration --api-version=extensions/v1beta1')).toContain(
      '<integer>',
    );
  });

  it('OND-01, OND-02: changes the image, which reaches pods that are deleted', async () => {
    await k('set image ds/fluentd fluentd=fluentd:2');
    const status = await kubectl.run(['rollout', 'status', 'ds/fluentd']);
    expect(status.stderr).toContain('rollout status is only available for RollingUpdate strategy type');
    const images = () => jsonPath('pods -l app=fluentd', '{.items[*].spec.containers[0].image}');
    expect(await images()).toBe('fluentd:1 fluentd:1');
    await k('delete pods -l app=fluentd --field-selector spec.nodeName=node-1');
    await ready(2);
    expect((await images()).split(' ').sort()).toEqual(['fluentd:1', 'fluentd:2']);
    expect(await jsonPath('ds fluentd', '{.spec.templateGeneration}')).toBe('2');
  });

  it('rolls out and back once it is told to', async () => {
    await kubectl.ok(['patch', 'ds', 'fluentd', '-p', '{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}']);
    expect(await k('rollout status ds/fluentd --timeout=30s')).toContain('successfully rolled out');
    expect(await k('rollout history ds/fluentd')).toMatch(/1 .*\n2 /);
    expect(await k('rollout undo ds/fluentd')).toBe('daemonset.extensions/fluentd rolled back\n');
    expect(await k('rollout status ds/fluentd --timeout=30s')).toContain('successfully rolled out');
    expect(await jsonPath('pods -l app=fluentd', '{.items[*].spec.containers[0].image}')).toBe('fluentd:1 fluentd:1');
  });

  it('REF-03: changes the selector, and leaves orphans', async () => {
    const selected = fluentd('new', 'selector: {matchLabels: {app: new}}');
    const refused = await kubectl.run(['apply', '-f', '-'], { input: fluentd('new') });
    expect(refused.stderr).toContain('`selector` does not match template `labels`');
    const today = selected.replace('extensions/v1beta1', 'apps/v1');
    expect((await kubectl.run(['apply', '-f', '-'], { input: today })).stderr).toContain('field is immutable');
    expect(await apply(selected)).toBe('daemonset.extensions/fluentd configured\n');
    await ready(2);
    const owners = (app: string) => jsonPath(`pods -l app=${app}`, '{.items[*].metadata.ownerReferences[*].name}');
    expect([await owners('fluentd'), await owners('new')]).toEqual(['', 'fluentd fluentd']);
    expect(await k('get pods -l app=fluentd')).toMatch(/(fluentd-\w+ +1\/1 +Running .*\n){2}/);
  });

  it('API-11: keeps the pods of what is deleted without a word, and deletes them where it says so', async () => {
    await kubectl.ok(['delete', '--raw', `${AT}/fluentd`]);
    await k('wait --for=delete daemonsets.v1.apps/fluentd --timeout=30s');
    expect(await k('get pods -l app=new')).toMatch(/(fluentd-\w+ +1\/1 +Running .*\n){2}/);
    await apply(fluentd('new'));
    await ready(2);
    expect(await jsonPath('pods -l app=new', '{.items[*].metadata.ownerReferences[*].kind}')).toBe(
      'DaemonSet DaemonSet',
    );
    await k('delete daemonsets.v1beta1.extensions fluentd');
    await k('wait --for=delete pods -l app=new --timeout=30s');
  });

  it('HIS-03: tells why there is no pod', async () => {
    const big = fluentd('big').replaceAll('fluentd', 'big').replace("'big:1'", "a, resources: {requests: {cpu: '64'}}");
    await apply(big);
    await k('wait --for=jsonpath={.status.desiredNumberScheduled}=2 ds/big --timeout=30s');
    expect(await k('get pods -l app=big')).toBe('');
    const told = `failed to place pod on "node-1": Node didn't have enough resource: cpu, requested: 64000, used: 0, capacity: 4000`;
    await k('wait --for=create events --field-selector reason=FailedPlacement --timeout=30s');
    expect(await k('describe daemonsets.v1beta2.apps big')).toContain(told);
  });
});
