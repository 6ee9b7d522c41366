import { Agent, type ClientRequest, request } from 'node:http';
import type { Cluster } from '../../src/index.js';
import { pods } from '../../src/resources/index.js';
import { isReady } from '../../src/resources/state.js';
import type { EndpointSlice, KubeObject, Pod } from '../../src/resources/types.js';

/** How long the pods that are scraped take to end and to start, how many go at once, and what makes them ready. */
interface Manner {
  readonly stopDelay: string;
  readonly startDelay: string;
  readonly maxUnavailable: string;
  readonly readinessProbe?: object;
}

/** A DaemonSet to be scraped at port 9100; another `env` makes another template. */
export const scraped = (env: string, { stopDelay, startDelay, maxUnavailable, ...probes }: Manner) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'exporter' },
  spec: {
    selector: { matchLabels: { app: 'exporter' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
    template: {
      metadata: {
        labels: { app: 'exporter' },
        annotations: { 'kubette.dev/stop-delay': stopDelay, 'kubette.dev/start-delay': startDelay },
      },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'exporter:1',
            env: [{ name: 'E', value: env }],
            ...probes,
            ports: [{ name: 'http', containerPort: 9100, hostPort: 9100 }],
          },
        ],
      },
    },
  },
});

/** A Service before them. */
export const SCRAPED_SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'exporter' },
  spec: { selector: { app: 'exporter' }, ports: [{ port: 80, targetPort: 'http' }] },
};

/** Which way a scraper goes: to pods by their addresses, to a port of their nodes, or through a Service. */
export type Way = 'pod' | 'node' | 'service';

/** How many ask a Service, each over a connection of its own. */
const CLIENTS = 20;

/** What came of all scrapes. */
export interface Tally {
  answered: number;
  /** Requests on a kept connection that had just been closed, which were made once more as Go's client does. */
  retried: number;
  /** Failed since the pod had ended before they were made: the list of targets was older. */
  late: number;
  /** Failed since the pod ended meanwhile. */
  inFlight: number;
  /** Failed though the pod was ready all the while. */
  readonly lost: string[];
  /** Answered by pods that were not ready at any moment from the question to the answer. */
  readonly wrong: string[];
}

interface Target {
  readonly address: string;
  readonly port: number;
  /** The pod that is to answer; anybody's guess for a Service. */
  readonly pod: string | undefined;
  /** Which of several clients of the same address it is. */
  readonly client?: number;
}

interface Outcome {
  /** The pod that answered. */
  readonly pod?: string;
  readonly error?: string;
  readonly isReused: boolean;
}

/**
 * Scrapes as Prometheus does: targets are found in the API by ready endpoints, each has a connection that is kept, and all are asked once a round, side
 * by side.
 */
export class Scraper {
  readonly tally: Tally = { answered: 0, retried: 0, late: 0, inFlight: 0, lost: [], wrong: [] };
  readonly #cluster: Cluster;
  readonly #url: string;
  readonly #service: string;
  readonly #way: Way;
  readonly #agents = new Map<string, Agent>();
  /** From which change on, and up to which, a pod was ready, by name: names are given once. */
  readonly #ready = new Map<string, { from: number; to: number }>();
  #changes = 0;
  readonly #stop: () => void;

  /**
   * @param url of the cluster's API
   * @param service the Service whose endpoints are scraped, in `default`; its port 80 is asked at `/`
   */
  constructor(cluster: Cluster, url: string, service: string, way: Way) {
    this.#cluster = cluster;
    this.#url = url;
    this.#service = service;
    this.#way = way;
    const see = (name: string, ready: boolean) => {
      const known = this.#ready.get(name);
      if (ready && !known) this.#ready.set(name, { from: ++this.#changes, to: Number.POSITIVE_INFINITY });
      else if (!ready && known?.to === Number.POSITIVE_INFINITY) known.to = ++this.#changes;
    };
    for (const { name, object } of cluster.registry.all(pods)) see(name, isReady(object));
    this.#stop = cluster.registry.onApply(({ type, entry }) => {
      if (entry.resource === 'pods') see(entry.name, type !== 'DELETED' && isReady(entry.object as Pod));
    });
  }

  /** Finds the targets and asks each of them once. */
  async round(): Promise<void> {
    const targets = await this.#targets();
    const known = new Set(targets.map(keyOf));
    for (const [key, agent] of this.#agents) if (!known.has(key)) this.#forget(key, agent);
    await Promise.all(targets.map(target => this.#scrape(target)));
  }

  /** Nothing is asked any more. */
  close(): Tally {
    for (const [key, agent] of this.#agents) this.#forget(key, agent);
    this.#stop();
    return this.tally;
  }

  #forget(key: string, agent: Agent): void {
    agent.destroy();
    this.#agents.delete(key);
  }

  async #targets(): Promise<Target[]> {
    const read = async <T>(path: string) => (await fetch(this.#url + path)).json() as Promise<T>;
    if (this.#way === 'service') {
      const { spec } = await read<KubeObject & { spec: { clusterIP: string } }>(
        `/api/v1/namespaces/default/services/${this.#service}`,
      );
      return Array.from({ length: CLIENTS }, (_, client) => ({
        address: spec.clusterIP,
        port: 80,
        pod: undefined,
        client,
      }));
    }
    const selector = encodeURIComponent(`kubernetes.io/service-name=${this.#service}`);
    const { items } = await read<{ items: EndpointSlice[] }>(
      `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=${selector}`,
    );
    return items.flatMap(({ endpoints, ports = [] }) =>
      endpoints
        .filter(({ conditions }) => conditions?.ready)
        .map(({ addresses, nodeName = '', targetRef }) => ({
          address: this.#way === 'pod' ? addresses[0]! : this.#nodeAddress(nodeName),
          port: ports[0]!.port!,
          pod: targetRef!.name!,
        })),
    );
  }

  #nodeAddress(name: string): string {
    const { addresses = [] } = this.#cluster.object<`node/${string}`>(`node/${name}`).current!.status;
    return addresses.find(({ type }) => type === 'InternalIP')!.address;
  }

  async #scrape(target: Target): Promise<void> {
    const asked = this.#changes;
    let outcome = await this.#ask(target);
    if (outcome.error && outcome.isReused) {
      this.tally.retried++;
      outcome = await this.#ask(target);
    }
    const { pod = target.pod, error } = outcome;
    if (!error) {
      this.tally.answered++;
      const ready = this.#ready.get(pod!);
      if (!ready || ready.to < asked) this.tally.wrong.push(`${pod} at ${keyOf(target)}`);
      return;
    }
    const end = pod ? this.#ready.get(pod)!.to : Math.max(...[...this.#ready.values()].map(({ to }) => finite(to)));
    if (end <= asked && pod) this.tally.late++;
    else if (end > asked && end <= this.#changes) this.tally.inFlight++;
    else this.tally.lost.push(`${error} of ${pod} at ${keyOf(target)}`);
  }

  #ask(target: Target): Promise<Outcome> {
    const key = keyOf(target);
    let agent = this.#agents.get(key);
    if (!agent) this.#agents.set(key, (agent = new Agent({ keepAlive: true, maxSockets: 1 })));
    return new Promise(resolve => {
      const { address: host, port } = target;
      const asked: ClientRequest = request({ host, port, path: '/', agent }, response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', piece => {
          text += piece;
        });
        response.on('end', () => resolve({ ...(JSON.parse(text) as { pod: string }), isReused: false }));
        response.on('error', error => resolve({ error: String(error), isReused: false }));
      });
      asked.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ error: error.code ?? error.message, isReused: asked.reusedSocket }),
      );
      asked.end();
    });
  }
}

const keyOf = ({ address, port, client }: Target) =>
  `${address}:${port}${client === undefined ? '' : ` (client ${client})`}`;
const finite = (value: number) => (Number.isFinite(value) ? value : -1);
