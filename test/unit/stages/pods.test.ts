import { describe, expect, it } from 'vitest';
import { resources } from '../../../src/index.js';
import { create, END, exists, isIn, lacks, phases, pod, podOf, RUN, stage, toldOf, when, yaml } from './staged.js';

const { jobs, nodes, pods, stages } = resources;

describe('pods with stages', () => {
  it('live by them, and by nothing else, until the last of them goes', async () => {
    const cluster = await create();
    await cluster.apply(pod('before'));
    await cluster.settled();
    const started = podOf(cluster, 'before');
    await cluster.apply(RUN);
    await cluster.apply([pod('quick'), pod('slow', { annotations: { slow: '30s' } })]);
    await cluster.settled();
    expect(phases(cluster)).toEqual({ before: 'Running', quick: 'Running', slow: 'Pending' });
    expect(podOf(cluster, 'before')).toEqual(started);
    const { status, spec } = podOf(cluster, 'quick')!;
    const { object: node } = cluster.registry.get(nodes, '', spec.nodeName!)!;
    expect(status.podIP!.startsWith(node.spec.podCIDR!.replace(/\d+\/24/, ''))).toBe(true);
    expect(status.hostIP).toBe(node.status.addresses![0]!.address);
    await cluster.advance('29s');
    expect(phases(cluster)).toMatchObject({ slow: 'Pending' });
    await cluster.advance('1s');
    expect(phases(cluster)).toMatchObject({ slow: 'Running' });

    // Nobody removes what was deleted, but for another stage.
    await cluster.registry.delete(pods, 'default', 'quick');
    await cluster.advance('5m');
    expect(podOf(cluster, 'quick')!.metadata.deletionTimestamp).toBeDefined();
    await cluster.apply(END);
    await cluster.settled();
    expect(podOf(cluster, 'quick')).toBeUndefined();

    await cluster.registry.delete(stages, '', 'run');
    await cluster.apply(pod('later'));
    await cluster.settled();
    expect(phases(cluster)).toMatchObject({ later: 'Pending' });
    await cluster.registry.delete(stages, '', 'end');
    await cluster.settled();
    expect(phases(cluster)).toMatchObject({ later: 'Running' });
    await cluster.registry.delete(pods, 'default', 'before');
    await cluster.settled();
    expect(phases(cluster)).toEqual({ later: 'Running', slow: 'Running' });
  });

  it('crash again and again, and are at rest when that goes round', async () => {
    const cluster = await create({ manifests: [RUN] });
    const crash = stage('crash', {
      ...when(isIn('.metadata.labels.app', 'sick'), exists('.status.containerStatuses.[].state.running')),
      delay: { durationMilliseconds: 10_000 },
      next: {
        statusTemplate: yaml`
          containerStatuses:
          {{ range .status.containerStatuses }}
          - name: {{ .name }}
            image: {{ .image }}
            imageID: ""
            ready: false
            restartCount: {{ .restartCount }}
            state: { terminated: { exitCode: 1, reason: Error, finishedAt: {{ Now | Quote }} } }
          {{ end }}`,
      },
    });
    const restart = stage('restart', {
      ...when(exists('.status.containerStatuses.[].state.terminated')),
      delay: { durationMilliseconds: 5000 },
      next: {
        event: {
          type: 'Warning',
          reason: 'BackOff',
          message: 'restart {{ (index .status.containerStatuses 0).restartCount | add1 }}',
        },
        statusTemplate: yaml`
          containerStatuses:
          {{ range .status.containerStatuses }}
          - name: {{ .name }}
            image: {{ .image }}
            imageID: ""
            ready: true
            restartCount: {{ add1 .restartCount }}
            state: { running: { startedAt: {{ Now | Quote }} } }
          {{ end }}`,
      },
    });
    await cluster.apply([crash, restart, pod('sick', { labels: { app: 'sick' } }), pod('well')]);
    expect(await cluster.comeToRest()).toMatchObject({ atRest: true, passed: 15_000 });
    await cluster.advance('45s');
    expect(podOf(cluster, 'sick')!.status.containerStatuses![0]).toMatchObject({ restartCount: 4, ready: true });
    expect(podOf(cluster, 'well')!.status.containerStatuses![0]).toMatchObject({ restartCount: 0, ready: true });
    expect(toldOf(cluster)).toEqual([1, 2, 3, 4].map(n => `sick Warning BackOff restart ${n}`));
    expect(cluster.stages.list()).toMatchObject([
      { name: 'crash', apiVersion: 'v1', kind: 'Pod', served: true, matched: 1, fired: 4, failed: 0 },
      { name: 'restart', matched: 1, fired: 4 },
      { name: 'run', matched: 2, fired: 2 },
    ]);
  });

  it('end as those of a Job do', async () => {
    const cluster = await create({ manifests: [RUN] });
    const complete = stage('complete', {
      ...when(isIn('.metadata.ownerReferences.[].kind', 'Job'), isIn('.status.phase', 'Running')),
      delay: { durationMilliseconds: 3000 },
      next: {
        statusTemplate: yaml`
          phase: Succeeded
          containerStatuses:
          {{ range $i, $container := .spec.containers }}
          - name: {{ $container.name }}
            image: {{ $container.image }}
            imageID: ""
            ready: false
            restartCount: {{ (index $.status.containerStatuses $i).restartCount }}
            state: { terminated: { exitCode: 0, reason: Completed, finishedAt: {{ Now | Quote }} } }
          {{ end }}`,
      },
    });
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'task:1' }] } };
    await cluster.apply([
      complete,
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'task' }, spec: { template } },
    ]);
    await cluster.comeToRest();
    const { status } = cluster.registry.get(jobs, 'default', 'task')!.object;
    expect(status).toMatchObject({ succeeded: 1, conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete' }] });
  });

  it('are held by finalizers that one stage adds and another one removes', async () => {
    const cluster = await create({ manifests: [RUN, END] });
    const hold = stage('hold', {
      ...when(lacks('.metadata.deletionTimestamp'), exists('.status.podIP'), lacks('.metadata.finalizers')),
      next: { finalizers: { add: [{ value: 'example.com/a' }, { value: 'example.com/b' }] } },
    });
    await cluster.apply([hold, pod('web')]);
    await cluster.settled();
    expect(podOf(cluster, 'web')!.metadata.finalizers).toEqual(['example.com/a', 'example.com/b']);
    await cluster.registry.delete(pods, 'default', 'web');
    await cluster.advance('1m');
    expect(podOf(cluster, 'web')).toBeDefined();
    const release = stage('release', {
      ...when(exists('.metadata.deletionTimestamp'), isIn('.metadata.finalizers.[]', 'example.com/a')),
      weight: 1,
      next: { finalizers: { remove: [{ value: 'example.com/a' }, { value: 'example.com/b' }] } },
    });
    await cluster.apply(release);
    await cluster.settled();
    expect(podOf(cluster, 'web')).toBeUndefined();
  });

  it('are chosen among by weight, and by what they say themselves', async () => {
    const become = (name: string, weight: number) =>
      stage(name, {
        ...when(lacks('.status.reason')),
        weight,
        weightFrom: { expressionFrom: `.metadata.annotations["${name}"]` },
        next: { statusTemplate: `reason: ${name}` },
      });
    const cluster = await create({ manifests: [become('often', 3), become('seldom', 1), become('never', 0)] });
    const many = Array.from({ length: 200 }, (_, i) => pod(`pod-${i}`));
    await cluster.apply([...many, pod('odd', { annotations: { often: '0', seldom: '0', never: '5' } })]);
    await cluster.settled();
    const became = (reason: string) =>
      cluster.registry.all(pods).filter(({ object }) => object.status.reason === reason);
    expect(became('seldom').length).toBeGreaterThan(30);
    expect(became('seldom').length).toBeLessThan(70);
    expect(became('often').length + became('seldom').length).toBe(200);
    expect(became('never').map(({ name }) => name)).toEqual(['odd']);
  });

  it('wait for a time between two, or until a moment', async () => {
    const delay = {
      durationMilliseconds: 1000,
      jitterDurationMilliseconds: 5000,
      durationFrom: { jq: { expression: '.metadata.annotations["until"]' } },
      jitterDurationFrom: { jq: { expression: '.metadata.annotations["until"]' } },
    };
    const cluster = await create();
    const until = new Date(cluster.registry.clock.now() + 60_000).toISOString();
    await cluster.apply(
      stage('mark', { ...when(lacks('.status.message')), delay, next: { statusTemplate: 'message: {{ Now }}' } }),
    );
    await cluster.apply([
      ...Array.from({ length: 20 }, (_, i) => pod(`pod-${i}`)),
      pod('late', { annotations: { until } }),
    ]);
    await cluster.settled();
    const start = cluster.registry.clock.now();
    await cluster.advance('59s');
    const after = cluster.registry
      .all(pods)
      .flatMap(({ object: { status } }) => (status.message ? [Date.parse(status.message) - start] : []));
    expect(after).toHaveLength(20);
    expect(Math.min(...after)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...after)).toBeLessThan(5000);
    expect(new Set(after).size).toBeGreaterThan(10);
    expect(podOf(cluster, 'late')!.status.message).toBeUndefined();
    await cluster.advance('1s');
    expect(podOf(cluster, 'late')!.status.message).toBe(until.replace(/\.?0*Z$/, 'Z'));
  });

  it('change by several patches, of the object as it was', async () => {
    const cluster = await create();
    await cluster.apply(
      stage('mark', {
        ...when(lacks('.metadata.labels.marked')),
        steps: [
          { patch: { type: 'merge', root: 'metadata', template: 'labels: { marked: "{{ .status.phase }}" }' } },
          { patch: { subresource: 'status', root: 'status', template: 'phase: Running' } },
          {
            patch: {
              type: 'json',
              root: 'metadata',
              template: '[{ op: add, path: /labels/as, value: "{{ .status.phase }}" }]',
            },
          },
          { event: { type: 'Normal', reason: 'Marked', message: 'was {{ .status.phase }}' } },
        ],
      }),
    );
    await cluster.apply(pod('web'));
    await cluster.settled();
    const { metadata, status } = podOf(cluster, 'web')!;
    expect(metadata.labels).toEqual({ marked: 'Pending', as: 'Pending' });
    expect(status.phase).toBe('Running');
    expect(metadata.managedFields).toBeDefined();
    expect(toldOf(cluster)).toEqual(['web Normal Marked was Pending']);
  });

  it('are left alone on a node that is down', async () => {
    const cluster = await create({ nodes: 1, manifests: [RUN, END] });
    await cluster.apply(pod('web'));
    await cluster.settled();
    cluster.behaviors.add({ name: 'outage', nodes: { name: 'node-1' }, behavior: 'down', for: '1m' });
    await cluster.registry.delete(pods, 'default', 'web');
    await cluster.advance('59s');
    expect(podOf(cluster, 'web')).toBeDefined();
    await cluster.advance('1s');
    expect(podOf(cluster, 'web')).toBeUndefined();
  });

  it('have an address each, also where none says that it has started', async () => {
    const address = stage('address', {
      ...when(lacks('.status.podIP')),
      next: { statusTemplate: 'podIP: {{ PodIPWith .spec.nodeName false "" "" "" }}' },
    });
    const cluster = await create({ nodes: 1, manifests: [address, END] });
    await cluster.apply(pod('stays'));
    await cluster.settled();
    const { podIP } = podOf(cluster, 'stays')!.status;
    const others: (string | undefined)[] = [];
    for (let round = 0; round < 6; round++) {
      const names = Array.from({ length: 50 }, (_, i) => `pod-${i}`);
      await cluster.apply(names.map(name => pod(name)));
      await cluster.settled();
      others.push(...names.map(name => podOf(cluster, name)!.status.podIP));
      await Promise.all(names.map(name => cluster.registry.delete(pods, 'default', name)));
      await cluster.settled();
    }
    // More than the network of a node has: each is given again, but for the one that is in use.
    expect(others).toHaveLength(300);
    expect(new Set(others).size).toBe(252);
    expect(others).not.toContain(podIP);
  });

  it('live by stages alone where there are no kubelets', async () => {
    const cluster = await create({ kubelet: 'off', manifests: [RUN, END] });
    await cluster.apply([
      pod('a', {}, { nodeName: 'node-1' }),
      pod('b', {}, { nodeName: 'node-2' }),
      pod('nowhere', {}, { nodeName: 'x' }),
    ]);
    await cluster.settled();
    expect(phases(cluster)).toEqual({ a: 'Running', b: 'Running', nowhere: 'Pending' });
    expect(podOf(cluster, 'a')!.status.podIP).not.toBe(podOf(cluster, 'b')!.status.podIP);
    await cluster.registry.delete(pods, 'default', 'a');
    await cluster.settled();
    expect(podOf(cluster, 'a')).toBeUndefined();
  });
});
