import { setTimeout as sleep } from 'node:timers/promises';
import { namespaceOf, type Observed, Run, type Scenario } from './replay.js';
import { pathOf, type RestAnswer, RestClient } from './rest.js';

/** Groups that v1.20 serves as a beta only. */
const BETA: Readonly<Record<string, string>> = {
  '/apis/policy/v1/': '/apis/policy/v1beta1/',
  '"policy/v1"': '"policy/v1beta1"',
};

class OldClient extends RestClient {
  override send(method: string, path: string, body?: unknown, type?: string, accept?: string): Promise<RestAnswer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const old = (t: string) => Object.entries(BETA).reduce((now, [is, was]) => now.replace(is, was), t);
    return super.send(method, old(path), text && old(text), type, accept);
  }
}

/** kube-apiserver, kube-controller-manager and kube-scheduler v1.20 without any kubelet, used by nobody else. */
export class RealControlPlane {
  readonly #client: RestClient;

  constructor(base: string, token: string) {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    this.#client = new OldClient(base, { authorization: `Bearer ${token}` });
  }

  /**
   * Plays a scenario, and takes away what it made, such that the next one finds an empty cluster.
   * @param quiet ms without a change after which it counts as settled
   */
  async play(scenario: Scenario, quiet?: number): Promise<Observed[]> {
    const stage = { client: this.#client, now: Date.now, pass: (ms: number) => sleep(ms) };
    try {
      return await new Run(scenario, stage, quiet).play();
    } finally {
      await this.#clean(scenario);
    }
  }

  async #clean(scenario: Scenario): Promise<void> {
    const client = this.#client;
    const namespace = namespaceOf(scenario);
    const path = pathOf('Namespace', undefined, namespace);
    await client.delete(path);
    for (let tries = 0; tries < 100 && (await client.get(path)).status !== 404; tries++) {
      for (const { metadata } of await client.list('Pod', namespace)) {
        const pod = pathOf('Pod', namespace, metadata.name);
        await client.merge(pod, { metadata: { finalizers: null } });
        await client.delete(pod, { gracePeriodSeconds: 0 });
      }
      await sleep(200);
    }
    for (const { metadata } of await client.list('Node')) await client.delete(pathOf('Node', undefined, metadata.name));
  }
}
