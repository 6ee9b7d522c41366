import { describe, expect, it } from 'vitest';
import { explainFit, firstObstacle } from '../../../src/placement/fit.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import type { Container, ContainerPort, PodSpec } from '../../../src/resources/types.js';
import { node, pod } from './objects.js';

const container = (port: Partial<ContainerPort>, more: Partial<Container> = {}): Container => ({
  name: 'c',
  ports: [{ containerPort: 80, ...port }],
  ...more,
});
const sidecar = (port: Partial<ContainerPort>) => container(port, { restartPolicy: 'Always' });
const opening = (...containers: Container[]): Partial<PodSpec> => ({ containers });
const starting = (...initContainers: Container[]): Partial<PodSpec> => ({ initContainers });

describe('SCH-13: which ports of the node a pod takes', () => {
  const http = { hostPort: 80 };
  it.each<[string, Partial<PodSpec>, string | undefined]>([
    ['TCP, unless it says otherwise', opening(container({ ...http, protocol: 'TCP' })), '80/TCP'],
    ['none for a port of its own address alone', opening(container({})), undefined],
    ['those of a sidecar', starting(sidecar(http)), '80/TCP'],
    ['none for an init container that ends before the others start', starting(container(http)), undefined],
    ['on one address', opening(container({ ...http, hostIP: '10.0.0.1' })), '10.0.0.1:80/TCP'],
  ])('%s', (_what, spec, taken) => {
    const info = new NodeInfo(node(), [pod('holder', opening(container(http), container({ containerPort: 443 })))]);
    const wanting = pod('p', spec);
    expect(firstObstacle(wanting, info)?.check).toBe(taken && 'NodePorts');
    if (taken) {
      const { message } = explainFit(wanting, info).find(({ check }) => check === 'NodePorts')!;
      expect(message).toBe(`host port ${taken} is taken by pod default/holder`);
    }
  });

  it('each pod has those of its own sidecars, also where the other containers are the same', () => {
    const info = new NodeInfo(node(), [pod('holder', starting(sidecar({ hostPort: 81 })))]);
    const plain = pod('p');
    const besides = { ...plain, spec: { ...plain.spec, ...starting(sidecar({ hostPort: 81 })) } };
    expect([plain, besides, plain].map(p => firstObstacle(p, info)?.check)).toEqual([
      undefined,
      'NodePorts',
      undefined,
    ]);
  });
});
