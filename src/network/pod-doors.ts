import { keyOf } from '../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, source } from '../controllers/runtime/types.js';
import type { Instructions } from '../kubelet/index.js';
import { podsByNode } from '../registry/indexes.js';
import { nodes, pods } from '../resources/index.js';
import type { Pod } from '../resources/types.js';
import { Complaints } from './complaints.js';
import { type Doors, ownerOf, type Wanted } from './doors.js';
import { openingsOf } from './openings.js';
import type { PodTraffic } from './pod-traffic.js';
import { notAllowed, type Reach } from './reach.js';
import type { Reception } from './sockets.js';

/** Keeps the doors of pods open and shut, as their state says. */
export function podDoorsController(
  { registry, recorder }: ControllerContext,
  doors: Doors,
  traffic: PodTraffic,
  instructions: Instructions,
  reach: Reach,
): Controller {
  const complaints = new Complaints('PortUnavailable');
  const proxyComplaints = new Complaints('ProxyNotAllowed');

  function wantedFor(pod: Pod): Wanted[] {
    const { uid, namespace = '', name } = pod.metadata;
    const node = registry.get(nodes, '', pod.spec.nodeName ?? '')?.object;
    if (!node || !traffic.isUp(pod)) return [];
    return openingsOf(pod, node).map(({ containerPort, way, ...place }) => {
      const to = { uid, namespace, name, port: containerPort, way };
      const reception: Reception = {
        connection: (socket, client) => traffic.connect(to, socket, client),
        datagram: (message, answer, client) => traffic.datagram(to, message, answer, client),
      };
      // On the host network the node's port is the pod's.
      const isPodPort = place.address === pod.status.podIP;
      return { ...place, way, node: node.metadata.name, reception, isPodPort };
    });
  }

  /** Where the pod is told to hand connections on to, though it may not. */
  function forbiddenTo(pod: Pod): string[] {
    const { service, proxy } = instructions.ports(pod);
    return service === 'proxy' && proxy && !reach.mayReach(proxy.host, proxy.port) ? [notAllowed(proxy.host)] : [];
  }

  return {
    name: 'network-pods',
    workers: 64,
    start(queue) {
      doors.onFree('Pod', key => queue.add(key));
      instructions.rules.onChange(() => {
        for (const entry of registry.all(pods)) queue.add(keyOf(entry));
      });
    },
    // Doors are nothing that a snapshot keeps: where the cluster is put back to one, they are opened anew.
    watches: [
      source(pods, ({ entry }) => [keyOf(entry)]),
      source(nodes, ({ entry }) => podsByNode(registry).get(entry.name).map(keyOf)),
    ],
    async reconcile(key, queue) {
      const owner = ownerOf('Pod', key);
      const pod = registry.get(pods, owner.namespace, owner.name)?.object;
      const problems = await doors.arrange(owner, pod ? wantedFor(pod) : []);
      traffic.hangUp(key, pod);
      if (pod?.spec.nodeName) {
        const kubelet = recorder('kubelet', pod.spec.nodeName);
        complaints.tell(key, pod, problems, kubelet, queue);
        proxyComplaints.tell(key, pod, forbiddenTo(pod), kubelet);
        instructions.lookAgain(key, pod, queue);
      } else {
        complaints.forget(key);
        proxyComplaints.forget(key);
      }
    },
  };
}
