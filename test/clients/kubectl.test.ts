import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/fluentd-elasticsearch.yaml', import.meta.url));
const DS = 'fluentd-elasticsearch';

/** What people do with kubectl and DaemonSets, in the order in which they might. Each test goes on where the one before ended. */
describe('kubectl 1.35', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster();
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args.split(' '));
  /** Node → name of its daemon pod. */
  const placed = async (): Promise<Record<string, string>> => {
    const out = await kubectl.ok([
      '-n',
      'kube-system',
      'get',
      'pods',
      '-l',
      `name=${DS}`,
      '-o',
      'jsonpath={range .items[*]}{.spec.nodeName}={.metadata.name} {end}',
    ]);
    return Object.fromEntries(
      out
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(pair => pair.split('=') as [string, string]),
    );
  };
  const rollout = (verb: string) => k(`-n kube-system rollout ${verb} ds/${DS}`);

  it('tells versions and resources', async () => {
    expect(await k('version')).toContain('Server Version: v1.35.');
    const names = (await k('api-resources --no-headers -o name')).trim().split('\n');
    expect(names).toEqual(
      expect.arrayContaining(['nodes', 'pods', 'namespaces', 'daemonsets.apps', 'controllerrevisions.apps']),
    );
    expect(await k('cluster-info')).toContain('is running at');
  });

  it('apply, and apply again', async () => {
    expect(await k(`apply -f ${EXAMPLE}`)).toBe(`daemonset.apps/${DS} created\n`);
    expect(await k(`apply -f ${EXAMPLE}`)).toBe(`daemonset.apps/${DS} unchanged\n`);
    expect(await rollout('status')).toContain(`daemon set "${DS}" successfully rolled out`);
    expect(Object.keys(await placed()).sort()).toEqual(['worker-1', 'worker-2', 'worker-3']);
    expect((await kubectl.run(['diff', '-f', EXAMPLE])).code).toBe(0);
  });

  it('says which kinds there are not', async () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'web' } };
    const { code, stderr } = await kubectl.run(['apply', '-f', '-'], { input: JSON.stringify(widget) });
    expect(code).toBe(1);
    expect(stderr).toContain('no matches for kind "Widget" in version "example.com/v1"');
  });

  it('get nodes,ds,pods -A -o wide', async () => {
    const out = await k('get nodes,ds,pods -A -o wide');
    expect(out).toMatch(
      /NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP +EXTERNAL-IP +OS-IMAGE +KERNEL-VERSION +CONTAINER-RUNTIME/,
    );
    expect(out).toMatch(/node\/control-plane +Ready +control-plane /);
    expect(out).toMatch(
      /NAMESPACE +NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE +CONTAINERS +IMAGES +SELECTOR/,
    );
    expect(out).toMatch(
      new RegExp(`kube-system +daemonset.apps/${DS} +3 +3 +3 +3 +3 +<none> +\\d+s +${DS} +quay.io/\\S+ +name=${DS}`),
    );
    expect(out).toMatch(/NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES/);
    expect(
      out.match(
        /pod\/fluentd-elasticsearch-[a-z0-9]{5} +1\/1 +Running +0 +\d+s +10\.\d+\.\d+\.\d+ +worker-\d +<none> +<none>/g,
      ),
    ).toHaveLength(3);
  });

  it('get in other forms', async () => {
    expect(await k(`-n kube-system get ds ${DS} -o name`)).toBe(`daemonset.apps/${DS}\n`);
    expect(await k(`-n kube-system get ds ${DS} -o yaml`)).toMatch(
      /^apiVersion: apps\/v1\nkind: DaemonSet\nmetadata:\n/,
    );
    expect(await k('get nodes -o custom-columns=N:.metadata.name --no-headers --sort-by=.metadata.name')).toBe(
      'control-plane\nworker-1\nworker-2\nworker-3\n',
    );
    expect(await k('get pods -A --field-selector=spec.nodeName=worker-2 --no-headers --chunk-size=1')).toMatch(
      /^kube-system +fluentd/,
    );
    expect((await kubectl.run(['get', 'pods', 'none'])).stderr).toBe(
      'Error from server (NotFound): pods "none" not found\n',
    );
  });

  it('get -w', async () => {
    const child = kubectl.start(['get', 'nodes', '-w', '--no-headers', '-l', 'watched']);
    let out = '';
    child.stdout!.setEncoding('utf8').on('data', text => {
      out += text;
    });
    await k('label node worker-1 watched=yes');
    await expect.poll(() => out).toMatch(/^worker-1 +Ready/);
    await k('label node worker-1 watched-');
    child.kill();
  });

  it.each([
    [
      `-n kube-system describe ds ${DS}`,
      [
        'Selector:       name=fluentd-elasticsearch',
        'Desired Number of Nodes Scheduled: 3',
        'Pods Status:  3 Running / 0 Waiting',
        'SuccessfulCreate',
      ],
    ],
    [
      'describe node worker-1',
      [
        'Name:               worker-1',
        'Allocated resources:',
        'cpu                100m (2%)',
        'Non-terminated Pods:          (1 in total)',
      ],
    ],
    [
      `-n kube-system describe pod -l name=${DS}`,
      [
        'Controlled By:  DaemonSet/fluentd-elasticsearch',
        'node.kubernetes.io/not-ready:NoExecute op=Exists',
        '/var/log from varlog (rw)',
        'Successfully assigned',
      ],
    ],
    [
      'explain ds.spec.updateStrategy',
      [
        'KIND:       DaemonSet',
        'FIELD: updateStrategy <DaemonSetUpdateStrategy>',
        'rollingUpdate\t<RollingUpdateDaemonSet>',
        'Can be "RollingUpdate" or "OnDelete"',
      ],
    ],
    ['explain node --recursive', ['KIND:       Node', 'unschedulable\t<boolean>']],
  ])('%s', async (args, parts) => {
    const out = await k(args);
    for (const part of parts) expect(out).toContain(part);
  });

  it('label and annotate', async () => {
    await k('label node worker-1 disk=ssd');
    expect(await k('get nodes -l disk=ssd -o name')).toBe('node/worker-1\n');
    await k('label node worker-1 disk-');
    expect(await k('get nodes -l disk -o name')).toBe('');
    await k('annotate node worker-1 note=here');
    expect(await kubectl.ok(['get', 'node', 'worker-1', '-o', 'jsonpath={.metadata.annotations.note}'])).toBe('here');
  });

  it('taint moves pods away, and lets them back', async () => {
    await k('taint node worker-1 maintenance=yes:NoExecute');
    await expect.poll(async () => Object.keys(await placed()).sort()).toEqual(['worker-2', 'worker-3']);
    await k('taint node worker-1 maintenance-');
    await expect.poll(async () => Object.keys(await placed()).length).toBe(3);
  });

  it('TNT-12, T60: cordon and uncordon', async () => {
    expect(await k('cordon worker-2')).toBe('node/worker-2 cordoned\n');
    expect(await k('get node worker-2')).toContain('Ready,SchedulingDisabled');
    expect(Object.keys(await placed())).toContain('worker-2'); // daemons tolerate that
    expect(await k('uncordon worker-2')).toBe('node/worker-2 uncordoned\n');
  });

  it('TNT-12, T60: drain --ignore-daemonsets', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'guest' },
      spec: { nodeName: 'worker-3', containers: [{ name: 'main', image: 'guest' }], terminationGracePeriodSeconds: 1 },
    };
    await kubectl.ok(['create', '-f', '-'], { input: JSON.stringify(pod) });
    expect((await kubectl.run(['drain', 'worker-3'])).stderr).toContain('cannot delete DaemonSet-managed Pods');
    const out = await k('drain worker-3 --ignore-daemonsets --force --timeout=30s');
    expect(out).toContain('pod/guest evicted');
    expect(out).toContain('node/worker-3 drained');
    expect(Object.keys(await placed())).toContain('worker-3');
    expect((await kubectl.run(['get', 'pod', 'guest'])).code).toBe(1);
    await k('uncordon worker-3');
  });

  it('set image, rollout status, history, undo, restart', async () => {
    const before = await placed();
    await k(`-n kube-system set image ds/${DS} ${DS}=fluentd:v3`);
    expect(await rollout('status --timeout=60s')).toContain('successfully rolled out');
    const after = await placed();
    for (const node of Object.keys(before)) expect(after[node]).not.toBe(before[node]);
    expect(await rollout('history')).toMatch(/REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n/);
    expect(await rollout('history --revision=2')).toContain('fluentd:v3');
    expect(await rollout('undo')).toContain('rolled back');
    await rollout('status --timeout=60s');
    expect(await k(`-n kube-system get ds ${DS} -o wide`)).toContain('fluentd:v2.5.2');
    expect(await rollout('history')).toMatch(/\n2 +<none>\n3 +<none>\n/);
    expect(await rollout('restart')).toContain('restarted');
    expect(await rollout('status --timeout=60s')).toContain('successfully rolled out');
  });

  it('edit', async () => {
    const editor = join(mkdtempSync(join(tmpdir(), 'kubette-editor-')), 'editor');
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/revisionHistoryLimit: 10/revisionHistoryLimit: 5/" "$1"\n');
    chmodSync(editor, 0o755);
    const out = await kubectl.ok(['-n', 'kube-system', 'edit', 'ds', DS], { env: { KUBE_EDITOR: editor } });
    expect(out).toBe(`daemonset.apps/${DS} edited\n`);
    expect(
      await kubectl.ok(['-n', 'kube-system', 'get', 'ds', DS, '-o', 'jsonpath={.spec.revisionHistoryLimit}']),
    ).toBe('5');
  });

  it('patch, replace, apply --server-side', async () => {
    await kubectl.ok(['-n', 'kube-system', 'patch', 'ds', DS, '-p', '{"metadata":{"labels":{"patched":"yes"}}}']);
    const json = await k(`-n kube-system get ds ${DS} -o json`);
    expect(JSON.parse(json).metadata.labels).toMatchObject({ patched: 'yes' });
    expect(await kubectl.ok(['replace', '-f', '-'], { input: json })).toContain('replaced');
    const other = ['apply', '--server-side', '--field-manager=other', '-f', '-'];
    const change = `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: ${DS}, namespace: kube-system}\nspec: {minReadySeconds: 1, revisionHistoryLimit: 7}\n`;
    const clash = await kubectl.run(other, { input: change });
    expect(clash.code).toBe(1);
    expect(clash.stderr).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.revisionHistoryLimit',
    );
    expect(await k(`apply --server-side --force-conflicts -f ${EXAMPLE}`)).toBe(
      `daemonset.apps/${DS} serverside-applied\n`,
    );
    const wrong = await kubectl.run(['apply', '--validate=strict', '-f', '-'], {
      input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndato: {}\n',
    });
    expect(wrong.stderr).toContain('unknown field "dato"');
  });

  it('creates by protobuf', async () => {
    expect(await k('create namespace team')).toBe('namespace/team created\n');
    expect(await k('create configmap settings --from-literal=a=1 -n team')).toBe('configmap/settings created\n');
    expect(await kubectl.ok(['get', 'configmap', 'settings', '-n', 'team', '-o', 'jsonpath={.data.a}'])).toBe('1');
    expect(await k('delete namespace team')).toContain('namespace "team" deleted');
  });

  it('delete pod brings another one', async () => {
    const before = await placed();
    expect(await k(`-n kube-system delete pod ${before['worker-1']}`)).toContain('deleted');
    await expect.poll(async () => (await placed())['worker-1']).toMatch(new RegExp(`^(?!${before['worker-1']})${DS}-`));
  });

  it('create -f of a node, wait --for', async () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'worker-4', labels: { 'kubernetes.io/hostname': 'worker-4' } },
    };
    expect(await kubectl.ok(['create', '-f', '-'], { input: JSON.stringify(node) })).toBe('node/worker-4 created\n');
    expect(await k('wait --for=condition=Ready node/worker-4 --timeout=30s')).toBe('node/worker-4 condition met\n');
    await expect.poll(async () => Object.keys(await placed()).length).toBe(4);
    const pod = (await placed())['worker-4'];
    expect(await k(`-n kube-system wait --for=condition=Ready pod/${pod} --timeout=30s`)).toContain('condition met');
    await k('delete node worker-4');
    // The pod garbage collector would do it, in a minute.
    await k(`-n kube-system delete pod ${pod} --force --grace-period=0 --wait=false`);
    await k(`-n kube-system wait --for=delete pod/${pod} --timeout=30s`);
    expect(Object.keys(await placed()).sort()).toEqual(['worker-1', 'worker-2', 'worker-3']);
  });

  it('delete ds --cascade=orphan leaves the pods, and a new one adopts them', async () => {
    const before = await placed();
    expect(await k(`-n kube-system delete ds ${DS} --cascade=orphan`)).toContain('deleted');
    expect(await placed()).toEqual(before);
    expect(
      await kubectl.ok([
        '-n',
        'kube-system',
        'get',
        'pod',
        before['worker-1']!,
        '-o',
        'jsonpath={.metadata.ownerReferences}',
      ]),
    ).toBe('');
    await k(`apply -f ${EXAMPLE}`);
    await rollout('status --timeout=60s');
    await expect
      .poll(() =>
        kubectl.ok([
          '-n',
          'kube-system',
          'get',
          'pods',
          '-l',
          `name=${DS}`,
          '-o',
          'jsonpath={.items[*].metadata.ownerReferences[0].name}',
        ]),
      )
      .toBe(`${DS} ${DS} ${DS}`);
  });

  it('delete ds', async () => {
    expect(await k(`delete -f ${EXAMPLE}`)).toContain(`daemonset.apps "${DS}" deleted`);
    await expect.poll(placed).toEqual({});
    expect(await k('-n kube-system get ds,controllerrevisions')).toBe('');
  });
});
