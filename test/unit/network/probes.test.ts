import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.js';
import type { Container, Pod } from '../../../src/resources/types.js';
import { LOOPBACK } from '../../support/loopback.js';

let cluster: Cluster;
let daemon: Server | undefined;
afterEach(async () => {
  await cluster.close();
  daemon?.close();
  daemon = undefined;
});

const open = async (options: ClusterOptions = {}) => {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', ...options });
};

const httpGet = { path: '/healthz', port: 8080 };
const every = (periodSeconds: number, more: object = {}) => ({ httpGet, periodSeconds, ...more });

/** A pod that is probed. */
const probed = (
  container: Partial<Container>,
  { annotations = {}, spec = {} }: { annotations?: Record<string, string>; spec?: object } = {},
) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', annotations },
  spec: {
    nodeName: 'worker-1',
    containers: [{ name: 'main', image: 'web:1', ports: [{ name: 'http', containerPort: 8080 }], ...container }],
    ...spec,
  },
});

const pod = (): Pod => cluster.object('pod/web').current! as Pod;
const status = () => pod().status.containerStatuses![0]!;
const isReady = () => pod().status.conditions!.find(({ type }) => type === 'Ready')!.status;
const annotate = async (annotations: Record<string, string | null>) => {
  await cluster.object('pod/web').patch({ metadata: { annotations } });
  await cluster.settled();
};
const events = (reason: string) =>
  cluster
    .object('pod/web')
    .events()
    .filter(event => event.reason === reason);

/** A program of the user's that plays the pod; `answer` is the code that it answers with at the moment. */
async function daemonThatAnswers(code: { status: number; asked: number }): Promise<string> {
  daemon = createServer((request, response) => {
    expect(request.headers['user-agent']).toBe('kube-probe/1.35');
    code.asked++;
    response.writeHead(code.status).end();
  });
  await new Promise<void>(resolve => daemon!.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(daemon.address() as AddressInfo).port}`;
}

describe('a readiness probe', () => {
  it('is asked after its delay, and decides whether the pod is ready', async () => {
    await open();
    await cluster.apply(probed({ readinessProbe: every(10, { initialDelaySeconds: 5 }) }));
    await cluster.settled();
    expect([pod().status.phase, isReady(), status().started]).toEqual(['Running', 'False', true]);
    await cluster.advance('4s');
    expect(isReady()).toBe('False');
    await cluster.advance('1s');
    expect(isReady()).toBe('True');

    // The third failure in a row counts, on the beat of the period.
    await annotate({ 'kubette.dev/serve-status': '503' });
    await cluster.advance('29s');
    expect(isReady()).toBe('True');
    await cluster.advance('1s');
    expect(isReady()).toBe('False');
    expect(pod().status.conditions!.find(({ type }) => type === 'ContainersReady')!.message).toBe(
      'containers with unready status: [main]',
    );
    const [unhealthy] = events('Unhealthy');
    expect(unhealthy).toMatchObject({ message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' });

    await annotate({ 'kubette.dev/serve-status': null });
    await cluster.advance('10s');
    expect(isReady()).toBe('True');
    expect(status().restartCount).toBe(0);
  });

  it('takes as many successes as it says', async () => {
    await open();
    await cluster.apply(probed({ readinessProbe: every(10, { successThreshold: 3 }) }));
    await cluster.settled();
    await cluster.advance('19s');
    expect(isReady()).toBe('False');
    await cluster.advance('1s');
    expect(isReady()).toBe('True');
  });

  it('is not asked any more once the answer is known, and a cluster comes to rest with it', async () => {
    await open();
    await cluster.apply(probed({ readinessProbe: every(1), livenessProbe: every(1, { initialDelaySeconds: 20 }) }));
    expect(await cluster.comeToRest()).toMatchObject({ atRest: true, passed: 20_000 });
    const { revision } = cluster;
    await cluster.advance('30m');
    const page = await fetch(`http://${pod().status.podIP}:8080/metrics`);
    expect(await page.text()).toContain('kubette_pod_requests_total{path="/healthz"} 2\n');
    expect(cluster.revision).toBe(revision);
  });

  it('asks the program that plays the pod, all the time', async () => {
    const code = { status: 500, asked: 0 };
    await open();
    const annotations = { 'kubette.dev/serve-proxy': await daemonThatAnswers(code) };
    await cluster.apply(probed({ readinessProbe: every(5) }, { annotations }));
    await cluster.settled();
    expect([isReady(), code.asked]).toEqual(['False', 1]);
    code.status = 204;
    await cluster.advance('5s');
    expect([isReady(), code.asked]).toEqual(['True', 2]);
    await cluster.advance('50s');
    expect(code.asked).toBe(12);
    code.status = 404;
    await cluster.advance('15s');
    expect(isReady()).toBe('False');
    // One that is not there refuses.
    await new Promise(resolve => daemon!.close(resolve));
    await cluster.advance('5s');
    const { podIP } = pod().status;
    expect(events('Unhealthy').map(({ message }) => message)).toContain(
      `Readiness probe failed: Get "http://${podIP}:8080/healthz": dial tcp ${podIP}:8080: connect: connection refused`,
    );
  });

  it('fails where nobody answers in time, or not by HTTP', async () => {
    await open();
    const annotations = { 'kubette.dev/serve-delay': '1100ms' };
    await cluster.apply(probed({ readinessProbe: every(10, { failureThreshold: 1 }) }, { annotations }));
    await cluster.settled();
    expect(isReady()).toBe('False');
    await annotate({ 'kubette.dev/serve-delay': null, 'kubette.dev/serve': 'echo' });
    await cluster.advance('10s');
    const url = `Get "http://${pod().status.podIP}:8080/healthz"`;
    expect(events('Unhealthy').map(({ message }) => message)).toEqual([
      `Readiness probe failed: ${url}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      `Readiness probe failed: ${url}: net/http: HTTP/1.x transport connection broken: malformed HTTP response "GET /healthz HTTP/1.1"`,
    ]);
    expect(isReady()).toBe('False');
  });

  it('may be a connection, by the name of a port', async () => {
    await open();
    const tcpSocket = { port: 'http' };
    const annotations = { 'kubette.dev/serve': 'nothing' };
    await cluster.apply(probed({ readinessProbe: { tcpSocket, periodSeconds: 1 } }, { annotations }));
    await cluster.settled();
    expect(isReady()).toBe('False');
    await annotate({ 'kubette.dev/serve': 'echo' });
    await cluster.advance('1s');
    expect(isReady()).toBe('True');
    expect(events('Unhealthy')[0]!.message).toBe(
      `Readiness probe failed: dial tcp ${pod().status.podIP}:8080: connect: connection refused`,
    );
  });

  it('of a port that the container does not name learns nothing', async () => {
    await open();
    await cluster.apply(probed({ readinessProbe: { httpGet: { path: '/', port: 'admin' }, periodSeconds: 1 } }));
    expect(await cluster.comeToRest()).toMatchObject({ atRest: true });
    expect(isReady()).toBe('False');
    expect(events('Unhealthy')[0]!.message).toBe(
      `Readiness probe errored and resulted in unknown state: couldn't find port: "admin"`,
    );
  });

  it('goes on where it was after a restart', async () => {
    await open();
    await cluster.apply(probed({ readinessProbe: every(10) }));
    await cluster.settled();
    expect(isReady()).toBe('True');
    const before = status();
    await cluster.snapshot('now');
    await cluster.restore('now');
    await annotate({ 'kubette.dev/serve-status': '503' });
    expect([isReady(), status()]).toEqual(['True', before]);
    await cluster.advance('30s');
    expect(isReady()).toBe('False');
  });

  it('stands still while the node is down', async () => {
    const code = { status: 200, asked: 0 };
    await open();
    const annotations = { 'kubette.dev/serve-proxy': await daemonThatAnswers(code) };
    await cluster.apply(
      probed({ readinessProbe: every(1) }, { annotations, spec: { tolerations: [{ operator: 'Exists' }] } }),
    );
    await cluster.settled();
    await cluster.object('node/worker-1').patch({ metadata: { annotations: { 'kubette.dev/behavior': 'down' } } });
    await cluster.settled();
    const { asked } = code;
    await cluster.advance('10s');
    expect(code.asked).toBe(asked);
    await cluster.object('node/worker-1').patch({ metadata: { annotations: { 'kubette.dev/behavior': null } } });
    await cluster.settled();
    expect(code.asked).toBe(asked + 1);
  });
});

describe('a liveness probe', () => {
  it('that fails has the container restarted, later each time', async () => {
    await open();
    await cluster.apply(probed({ livenessProbe: every(10) }));
    await cluster.settled();
    expect(isReady()).toBe('True');
    await annotate({ 'kubette.dev/serve-status': '500' });
    await cluster.advance('30s');
    expect(status()).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 143, reason: 'Error' } },
    });
    expect(events('Killing')[0]!.message).toBe('Container main failed liveness probe, will be restarted');
    expect(events('Unhealthy')[0]!.message).toBe('Liveness probe failed: HTTP probe failed with statuscode: 500');
    await cluster.advance('20s');
    expect(status()).toMatchObject({ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } } });
    await annotate({ 'kubette.dev/serve-status': null });
    await cluster.advance('10m');
    expect(status()).toMatchObject({ restartCount: 2, ready: true });
  });

  it('gives the container the time that it takes to stop, and its own grace at most', async () => {
    await open();
    const annotations = { 'kubette.dev/serve-status': '500', 'kubette.dev/stop-delay': '1m' };
    const livenessProbe = every(10, { failureThreshold: 1, terminationGracePeriodSeconds: 7 });
    await cluster.apply(probed({ livenessProbe }, { annotations }));
    await cluster.settled();
    await cluster.advance('6s');
    expect(status().restartCount).toBe(0);
    await cluster.advance('1s');
    expect(status()).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 137 } } });
  });

  it('ends a pod that is never to be restarted', async () => {
    await open();
    const annotations = { 'kubette.dev/serve-status': '500', 'kubette.dev/behavior': 'run' };
    const livenessProbe = every(10, { failureThreshold: 1 });
    await cluster.apply(probed({ livenessProbe }, { annotations, spec: { restartPolicy: 'Never' } }));
    await cluster.settled();
    expect(pod().status).toMatchObject({ phase: 'Failed' });
    expect(events('Killing')[0]!.message).toBe('Container main failed liveness probe');
  });
});

describe('a startup probe', () => {
  it('holds the others up until it passes', async () => {
    const code = { status: 500, asked: 0 };
    await open();
    const annotations = { 'kubette.dev/serve-proxy': await daemonThatAnswers(code) };
    const startupProbe = every(1, { failureThreshold: 30 });
    const livenessProbe = every(1, { failureThreshold: 1 });
    await cluster.apply(probed({ startupProbe, livenessProbe, readinessProbe: every(1) }, { annotations }));
    await cluster.settled();
    await cluster.advance('10s');
    expect([status().started, isReady(), status().restartCount]).toEqual([false, 'False', 0]);
    code.status = 200;
    await cluster.advance('1s');
    expect([status().started, isReady()]).toEqual([true, 'True']);
  });

  it('that never passes has the container restarted', async () => {
    await open();
    const annotations = { 'kubette.dev/serve-status': '500' };
    await cluster.apply(probed({ startupProbe: every(1, { failureThreshold: 5 }) }, { annotations }));
    await cluster.settled();
    await cluster.advance('4s');
    expect(status()).toMatchObject({ restartCount: 1, started: false });
    expect(events('Killing')[0]!.message).toBe('Container main failed startup probe, will be restarted');
  });
});

describe('probes', () => {
  it('make a rollout wait until the new pods answer', async () => {
    await open();
    const daemonSet = (status: string) => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          metadata: { labels: { app: 'agent' }, annotations: { 'kubette.dev/serve-status': status } },
          spec: { containers: [{ name: 'main', image: 'agent:1', readinessProbe: every(1) }] },
        },
      },
    });
    await cluster.apply(daemonSet('200'));
    await cluster.settled();
    await cluster.apply(daemonSet('503'));
    await cluster.comeToRest();
    expect(cluster.object('ds/agent').current!.status).toMatchObject({ updatedNumberScheduled: 1, numberReady: 2 });
    await cluster.apply(daemonSet('204'));
    await cluster.comeToRest();
    expect(cluster.object('ds/agent').current!.status).toMatchObject({ updatedNumberScheduled: 3, numberReady: 3 });
  });

  it('fail while a rule says so', async () => {
    await open();
    await cluster.apply(probed({ readinessProbe: every(1) }));
    await cluster.settled();
    cluster.behaviors.add({ name: 'ill', pods: { namespace: 'default' }, serveStatus: 503, after: '10s', for: '10s' });
    await cluster.advance('11s');
    expect(isReady()).toBe('True');
    await cluster.advance('1s');
    expect(isReady()).toBe('False');
    await cluster.advance('8s');
    expect(isReady()).toBe('True');
  });

  it('pass at once without a network, unless they are asked for', async () => {
    const annotations = { 'kubette.dev/serve-status': '500' };
    const asked = probed({ readinessProbe: every(1) }, { annotations });
    await open({ network: 'off' });
    await cluster.apply(asked);
    await cluster.settled();
    expect(isReady()).toBe('True');
    await cluster.close();
    await open({ network: 'off', kubelet: { probes: 'on' } });
    await cluster.apply(asked);
    await cluster.settled();
    expect(isReady()).toBe('False');
  });

  it('that are under way when the cluster closes say nothing of the pod', async () => {
    const data = join(mkdtempSync(join(inject('scratch'), 'probes-')), 'a.db');
    await open({ data, clock: 'real' });
    const annotations = { 'kubette.dev/serve-delay': '900ms' };
    await cluster.apply(probed({ livenessProbe: every(1, { failureThreshold: 1 }) }, { annotations }));
    await cluster.object('pod/web').until(web => web?.status.containerStatuses?.[0]?.started === true);
    await cluster.close();
    await open({ data });
    expect(status().restartCount).toBe(0);
    expect(events('Unhealthy')).toEqual([]);
  });
});
