import type { Answered } from './normalise.js';
import { pathOf, type RestClient } from './rest.js';

/** Stands in for every node's kubelet through the public API alone, as it did when the answers were recorded. */
export class MiniKubelet {
  running = true;
  /** Whether it does one thing at a time, such that controllers answer each before the next. */
  slow = false;
  #ip = 1;

  constructor(
    readonly client: RestClient,
    readonly now: () => string,
  ) {}

  /** Does what is to be done for each pod. Answers for how many there was something. */
  async tick(): Promise<number> {
    if (!this.running) return 0;
    const [pods, nodes] = await Promise.all([this.client.list('Pod'), this.client.list('Node')]);
    const known = new Set(nodes.map(node => node.metadata.name));
    if (this.slow) pods.sort(byTurn);
    let done = 0;
    for (const pod of pods) {
      if (this.slow && done > 0) return done;
      if (!pod.spec.nodeName || !known.has(pod.spec.nodeName)) continue;
      const path = pathOf('Pod', pod.metadata.namespace, pod.metadata.name);
      const behaviour = pod.metadata.annotations?.['kubelet/behaviour'] ?? 'run';
      if (pod.metadata.deletionTimestamp) {
        const options = {
          kind: 'DeleteOptions',
          apiVersion: 'v1',
          gracePeriodSeconds: 0,
          preconditions: { uid: pod.metadata.uid },
        };
        if (behaviour === 'hang') continue;
        await this.client.delete(path, options);
        done++;
      } else if ((pod.status.phase ?? 'Pending') === 'Pending' && behaviour !== 'hang-pending') {
        done++;
        await this.client.merge(`${path}/status`, { status: this.#status(pod, behaviour) });
      }
    }
    return done;
  }

  #status(pod: Answered, behaviour: string): object {
    const now = this.now();
    const ended = behaviour === 'fail' ? 'Failed' : behaviour === 'succeed' ? 'Succeeded' : undefined;
    const ready = !ended && behaviour !== 'never-ready';
    const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(type => ({
      type,
      status: type === 'Initialized' || type === 'PodScheduled' || ready ? 'True' : 'False',
      lastTransitionTime: now,
      lastProbeTime: null,
    }));
    const podIP = `10.0.${(this.#ip >> 8) & 255}.${this.#ip++ & 255}`;
    const outcome = ended === 'Failed' ? { exitCode: 1, reason: 'Error' } : { exitCode: 0, reason: 'Completed' };
    const state = ended
      ? { terminated: { ...outcome, startedAt: now, finishedAt: now } }
      : { running: { startedAt: now } };
    const containerStatuses = pod.spec.containers.map((c: { name: string; image: string }) => ({
      name: c.name,
      image: c.image,
      imageID: '',
      containerID: `fake://${c.name}`,
      ready,
      restartCount: 0,
      started: !ended,
      state,
      lastState: {},
    }));
    return {
      phase: ended ?? 'Running',
      conditions,
      hostIP: '192.168.0.1',
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: now,
      containerStatuses,
    };
  }
}

/** Pods on their way out first, then by what they are, since names are drawn by lot. */
function byTurn(a: Answered, b: Answered): number {
  const turn = (pod: Answered) =>
    `${pod.metadata.deletionTimestamp ? 0 : 1} ${pod.spec.containers[0].image} ${pod.metadata.name}`;
  return turn(a) < turn(b) ? -1 : 1;
}
