import type { Answered } from './normalise.js';
import { pathOf, type RestClient } from './rest.js';

/** Stands in for every node's kubelet through the public API alone, as it did when the answers were recorded. */
export class MiniKubelet {
  running = true;
  #ip = 1;

  constructor(
    readonly client: RestClient,
    readonly now: () => string,
  ) {}

  /** Does what is to be done for each pod. */
  async tick(): Promise<void> {
    if (!this.running) return;
    const [pods, nodes] = await Promise.all([this.client.list('Pod'), this.client.list('Node')]);
    const known = new Set(nodes.map(node => node.metadata.name));
    for (const pod of pods) {
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
        if (behaviour !== 'hang') await this.client.delete(path, options);
      } else if ((pod.status.phase ?? 'Pending') === 'Pending' && behaviour !== 'hang-pending') {
        await this.client.merge(`${path}/status`, { status: this.#status(pod, behaviour) });
      }
    }
  }

  #status(pod: Answered, behaviour: string): object {
    const now = this.now();
    const failed = behaviour === 'fail';
    const ready = !failed && behaviour !== 'never-ready';
    const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(type => ({
      type,
      status: type === 'Initialized' || type === 'PodScheduled' || ready ? 'True' : 'False',
      lastTransitionTime: now,
      lastProbeTime: null,
    }));
    const podIP = `10.0.${(this.#ip >> 8) & 255}.${this.#ip++ & 255}`;
    const state = failed
      ? { terminated: { exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now } }
      : { running: { startedAt: now } };
    const containerStatuses = pod.spec.containers.map((c: { name: string; image: string }) => ({
      name: c.name,
      image: c.image,
      imageID: '',
      containerID: `fake://${c.name}`,
      ready,
      restartCount: 0,
      started: !failed,
      state,
      lastState: {},
    }));
    return {
      phase: failed ? 'Failed' : 'Running',
      conditions,
      hostIP: '192.168.0.1',
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: now,
      containerStatuses,
    };
  }
}
