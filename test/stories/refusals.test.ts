// What the API server refuses of a DaemonSet, word for word.
import { type Cluster, createCluster, resources, type Status, StatusError } from 'kubette';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { daemonSets, events, nodes } = resources;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster({ clock: 'virtual' });
});
afterEach(() => cluster.close());

/** What the API server answers to a manifest that it refuses. */
const refusal = async (manifest: string): Promise<Status> => {
  try {
    await cluster.apply(manifest);
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('selectors', () => {
  it('VAL-22, T46: one that is unlike the labels of the template is refused', async () => {
    const { code, reason, message } = await refusal(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent}
        template:
          metadata:
            labels: {app: agnet}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    expect({ code, reason, message }).toEqual({
      code: 422,
      reason: 'Invalid',
      message:
        'DaemonSet.apps "agent" is invalid: spec.template.metadata.labels: Invalid value: {"app":"agnet"}: `selector` does not match template `labels`',
    });
    expect(cluster.registry.all(daemonSets)).toEqual([]);
  });

  it('VAL-30, VAL-95, T46, TestSelectorImmutability: one that is there cannot be changed', async () => {
    await cluster.apply(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent}
        template:
          metadata:
            labels: {app: agent, tier: node}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    const { code, reason, message, details } = await refusal(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent, tier: node}
        template:
          metadata:
            labels: {app: agent, tier: node}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    expect({ code, reason, message }).toEqual({
      code: 422,
      reason: 'Invalid',
      message:
        'DaemonSet.apps "agent" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"agent","tier":"node"}}: field is immutable',
    });
    expect(details?.causes).toEqual([
      {
        field: 'spec.selector',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {"matchLabels":{"app":"agent","tier":"node"}}: field is immutable',
      },
    ]);
  });

  it('VAL-21, T46: one that selects everything is refused', async () => {
    const { message } = await refusal(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {}
        template:
          metadata:
            labels: {app: agent}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    expect(message).toBe(
      'DaemonSet.apps "agent" is invalid: spec.selector: Invalid value: {}: empty selector is invalid for daemonset',
    );
  });

  it('VAL-20, DEF-02, T46: there must be one', async () => {
    const { message } = await refusal(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        template:
          metadata:
            labels: {app: agent}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    expect(message).toContain('DaemonSet.apps "agent" is invalid: ');
    expect(message).toContain(
      'spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`',
    );
  });
});

describe('templates', () => {
  it.each(['OnFailure', 'Never'])('VAL-40: restartPolicy %s is refused', async restartPolicy => {
    const { code, message, details } = await refusal(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent}
        template:
          metadata:
            labels: {app: agent}
          spec:
            restartPolicy: ${restartPolicy}
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    expect(code).toBe(422);
    expect(message).toBe(
      `DaemonSet.apps "agent" is invalid: spec.template.spec.restartPolicy: Unsupported value: "${restartPolicy}": supported values: "Always"`,
    );
    expect(details).toMatchObject({ group: 'apps', kind: 'DaemonSet', name: 'agent' });
    expect(details?.causes?.map(cause => cause.reason)).toEqual(['FieldValueNotSupported']);
  });

  it('VAL-00, VAL-40, VAL-66, T47: all that is wrong is told at once, in brackets', async () => {
    const { message } = await refusal(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent}
        template:
          metadata:
            labels: {app: agent}
          spec:
            restartPolicy: Never
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
        updateStrategy:
          type: RollingUpdate
          rollingUpdate: {maxUnavailable: 1, maxSurge: 1}
    `);
    expect(message).toBe(
      'DaemonSet.apps "agent" is invalid: [' +
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always", ' +
        'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero]',
    );
  });
});

describe('where a quota refuses pods of a DaemonSet', () => {
  it('SYN-02, SYN-03: the reason is told on every node, though there are more than events tell of', async () => {
    await cluster.close();
    cluster = await createCluster({ clock: 'virtual', nodes: 50 });
    await cluster.apply(`
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: small}
      spec:
        hard: {pods: '40'}
    `);
    await cluster.settled();
    await cluster.apply(`
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent}
        template:
          metadata:
            labels: {app: agent}
          spec:
            containers:
            - {name: agent, image: 'registry.example.com/agent:1'}
    `);
    await cluster.settled();
    const told = cluster.registry.all(events).map(({ object }) => object.reason);
    expect(told).not.toContain('FailedCreate');
    const missing = () =>
      cluster.registry
        .all(nodes)
        .map(({ name }) => cluster.explain('agent', name))
        .filter(({ actual }) => actual === 'MISSING')
        .map(({ reason }) => reason.replace(/agent-\w{5}/, 'agent-x'));
    expect(missing()).toEqual(
      Array(10).fill(
        'a pod is wanted, and the controller could not make it (pods "agent-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=40, limited: pods=40)',
      ),
    );
    // A cluster that goes another way from here knows it too.
    const fork = await cluster.fork();
    expect(fork.explain('agent', 'node-50').reason).toMatch('exceeded quota: small');
    await fork.close();
    await cluster.apply(`
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: small}
      spec:
        hard: {pods: '50'}
    `);
    await cluster.advance('20m');
    expect(missing()).toEqual([]);
  });
});
