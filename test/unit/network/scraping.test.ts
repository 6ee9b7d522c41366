import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.js';
import { LOOPBACK } from '../../support/loopback.js';
import { SCRAPED_SERVICE, Scraper, scraped, type Tally, type Way } from '../../support/scraper.js';

const NODES = 20;
/** Agents of a template that is told apart by `env`. */
const exporter = (env: string, stopDelay: string, readinessProbe?: object) =>
  scraped(env, { stopDelay, startDelay: '1s', maxUnavailable: '25%', ...(readinessProbe ? { readinessProbe } : {}) });

let cluster: Cluster;
afterEach(() => cluster.close());

/** What a scraper sees of a rollout; time goes on by half a second a round, while it asks. */
async function rollout(way: Way, stopDelay: string): Promise<Tally> {
  cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', nodes: NODES });
  await cluster.apply([exporter('a', stopDelay), SCRAPED_SERVICE]);
  await cluster.comeToRest();
  const { url } = await cluster.listen();
  const scraper = new Scraper(cluster, url, 'exporter', way);
  await scraper.round();
  await cluster.apply(exporter('b', stopDelay));
  const isOver = () => {
    const { status, metadata } = cluster.object('ds/exporter').current!;
    const { observedGeneration, updatedNumberScheduled, numberAvailable } = status;
    return observedGeneration === metadata.generation && updatedNumberScheduled === NODES && numberAvailable === NODES;
  };
  while (!isOver()) await Promise.all([cluster.advance('500ms'), scraper.round()]);
  await scraper.round();
  return scraper.close();
}

describe.each<Way>(['node', 'pod', 'service'])('who scrapes by the way of the %s during a rollout', way => {
  it('loses nothing where pods take their time to end', async () => {
    const { answered, ...others } = await rollout(way, '5s');
    expect(others).toEqual({ retried: 0, late: 0, inFlight: 0, lost: [], wrong: [] });
    expect(answered).toBeGreaterThan(10 * NODES);
  });

  it('loses no more than what is under way where they end at once, and hears from nobody who is not ready', async () => {
    const { answered, lost, wrong } = await rollout(way, '0s');
    expect({ lost, wrong }).toEqual({ lost: [], wrong: [] });
    expect(answered).toBeGreaterThan(NODES);
  });
});

describe('a connection that is kept', () => {
  /** Asks on it, and hears until the answer is there. */
  async function ask(socket: Socket): Promise<string> {
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    let text = '';
    while (!text.endsWith('ok\n')) text += String((await once(socket, 'data'))[0]);
    return text;
  }
  async function open(readinessProbe?: object) {
    cluster = await createCluster({ network: LOOPBACK, clock: 'virtual', nodes: 1 });
    await cluster.apply([exporter('a', '5s', readinessProbe), SCRAPED_SERVICE]);
    await cluster.comeToRest();
    const [pod] = cluster.object('ds/exporter').pods();
    const { address, port } = cluster.addresses.find(({ kind }) => kind === 'Service')!;
    const socket = () => connect({ host: address, port });
    return { name: pod!.metadata.name, socket };
  }

  it('is told with the last answers of a pod that it is over, and closed without a reset where nothing is asked', async () => {
    const { name, socket } = await open();
    const [busy, idle] = [socket(), socket()];
    expect(await ask(busy)).toContain('Connection: keep-alive');
    expect(await ask(idle)).toContain('Connection: keep-alive');
    await cluster.object(`pod/${name}`).delete();
    await cluster.settled();
    const ended = once(busy, 'end');
    expect(await ask(busy)).toContain('Connection: close');
    await ended;
    // An error, such as a reset, would be thrown here.
    await Promise.all([once(idle, 'end'), cluster.advance('5s')]);
  });

  it('through a Service is closed when its pod is not ready any more', async () => {
    const { name, socket } = await open({ httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1 });
    const kept = socket();
    await ask(kept);
    const ended = once(kept, 'end');
    await cluster.object(`pod/${name}`).patch({ metadata: { annotations: { 'kubette.dev/serve-status': '503' } } });
    await cluster.advance('10s');
    await ended;
    expect(cluster.object(`pod/${name}`).current!.status.phase).toBe('Running');
  });
});
