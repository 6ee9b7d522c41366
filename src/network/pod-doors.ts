import type { Socket } from 'node:net';
import { keyOf, splitKey } from '../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../controllers/runtime/types.js';
import type { BehaviorRules } from '../kubelet/index.js';
import { podsByNode } from '../registry/indexes.js';
import { nodes, pods } from '../resources/index.js';
import type { Pod } from '../resources/types.js';
import type { Doors } from './doors.js';
import { type Opening, openingsOf } from './openings.js';
import type { PodTraffic } from './pod-traffic.js';

/** Until a port that another program has is tried again, ms. */
const RETRY = 10_000;
const OWNER = 'pod ';

/** Keeps the doors of pods open and shut, as their state says. */
export function podDoorsController(
  { registry, recorder }: ControllerContext,
  doors: Doors,
  traffic: PodTraffic,
  rules: BehaviorRules,
): Controller {
  const kubelet = (node: string) => recorder('kubelet', node);
  /** Of which conflict a pod was told, by its key. */
  const told = new Map<string, string>();

  function openings(pod: Pod): Opening[] {
    const node = registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
    return node && traffic.isUp(pod) ? openingsOf(pod, node) : [];
  }

  async function open(key: string, pod: Pod, opening: Opening, queue: Queue): Promise<void> {
    const { uid, namespace = '', name } = pod.metadata;
    const { containerPort, way } = opening;
    const refusal = await doors.open(OWNER + key, opening, {
      connection: (socket: Socket) => traffic.connect({ uid, namespace, name, port: containerPort, way }, socket),
      datagram: (message, _, answer) =>
        traffic.datagram({ uid, namespace, name, port: containerPort, way }, message, answer),
    });
    if (refusal?.by !== 'machine') return;
    const { code = refusal.error.message } = refusal.error as NodeJS.ErrnoException;
    const { address, port, protocol } = opening;
    const why = code === 'EADDRINUSE' ? 'another program on this machine has it' : `this machine refuses it: ${code}`;
    const message = `Nothing answers at ${address}:${port} (${protocol}): ${why}`;
    if (told.get(key) !== message) kubelet(pod.spec.nodeName!).event(pod, 'Warning', 'PortUnavailable', message);
    told.set(key, message);
    queue.addAfter(key, RETRY, 'upkeep');
  }

  return {
    name: 'network-pods',
    workers: 64,
    start(queue) {
      doors.onFree(owner => {
        if (owner.startsWith(OWNER)) queue.add(owner.slice(OWNER.length));
      });
      rules.onChange(() => {
        for (const entry of registry.all(pods)) queue.add(keyOf(entry));
      });
    },
    watches: [
      source(pods, ({ entry }) => [keyOf(entry)], nothing),
      source(nodes, ({ entry }) => podsByNode(registry).get(entry.name).map(keyOf), nothing),
    ],
    async reconcile(key, queue) {
      const { namespace, name } = splitKey(key);
      const pod = registry.get(pods, namespace, name)?.object;
      const wanted = pod ? openings(pod) : [];
      for (const door of doors.besides(OWNER + key, wanted)) doors.close(door);
      traffic.hangUp(key, pod);
      if (!pod) {
        told.delete(key);
        return;
      }
      const missing = wanted.filter(opening => !doors.has(OWNER + key, opening));
      await Promise.all(missing.map(opening => open(key, pod, opening, queue)));
      if (missing.length === 0 && wanted.length > 0) told.delete(key);
    },
  };
}
