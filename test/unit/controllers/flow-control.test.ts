import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../../../src/api/list-document.js';
import { tableOf } from '../../../src/api/table.js';
import { flowControlController } from '../../../src/controllers/flow-control/index.js';
import type { AnyDefinition } from '../../../src/registry/types.js';
import { type FlowSchema, flowSchemas, priorityLevels } from '../../../src/resources/plain/flow-control.js';
import { conditionOf } from '../../../src/resources/state.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;
beforeEach(async () => {
  cluster = await ModelCluster.start(flowControlController);
});
afterEach(() => cluster.close());

const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
const dangling = (name: string) => {
  const schema = cluster.registry.get(flowSchemas, '', name)?.object as FlowSchema;
  return conditionOf(schema, 'Dangling');
};

describe('flow schemas and priority levels', () => {
  it('are there as soon as anybody asks for one of them, and say that they belong together', async () => {
    const { registry } = cluster;
    expect(registry.all(flowSchemas)).toEqual([]);
    const [levels, schemas] = await Promise.all([registry.list(priorityLevels), registry.list(flowSchemas)]);
    expect(levels.entries.map(({ name }) => name)).toEqual([
      'catch-all',
      'exempt',
      'global-default',
      'leader-election',
      'node-high',
      'system',
      'workload-high',
      'workload-low',
    ]);
    expect(schemas.entries).toHaveLength(13);
    for (const { object } of schemas.entries) {
      expect(levels.entries.map(({ name }) => name)).toContain(object.spec.priorityLevelConfiguration.name);
      expect(conditionOf(object, 'Dangling')).toMatchObject({ status: 'False', reason: 'Found' });
    }
  });

  it('are printed in the order in which they are asked', async () => {
    const { entries } = await cluster.registry.list(flowSchemas);
    const table = tableOf(
      flowSchemas as unknown as AnyDefinition,
      entries,
      { resourceVersion: '' },
      { version: 'v1', include: 'None', now: 0, columns: false },
    );
    const { rows } = JSON.parse(textOf(table)) as {
      rows: { cells: [name: string, level: string, precedence: number] }[];
    };
    expect(rows.slice(0, 3).map(({ cells }) => cells[0])).toEqual(['exempt', 'probes', 'system-leader-election']);
    expect(rows.slice(7, 9).map(({ cells }) => cells[0])).toEqual(['kube-controller-manager', 'kube-scheduler']);
  });

  it('are made once, and stay as they were made different', async () => {
    const { registry } = cluster;
    await registry.list(flowSchemas);
    await registry.delete(flowSchemas, '', 'probes');
    expect((await registry.list(flowSchemas)).entries).toHaveLength(12);
  });

  it('tell of a level that is not there', async () => {
    const { registry } = cluster;
    const spec = { priorityLevelConfiguration: { name: 'mine' }, matchingPrecedence: 5 };
    await registry.create(flowSchemas, {
      apiVersion,
      kind: 'FlowSchema',
      metadata: { name: 'mine' },
      spec,
      status: {},
    });
    await cluster.settle();
    expect(dangling('mine')).toMatchObject({
      status: 'True',
      reason: 'NotFound',
      message:
        'This FlowSchema references the PriorityLevelConfiguration object named "mine" but there is no such object',
    });
    const level = { spec: { type: 'Exempt' }, metadata: { name: 'mine' } };
    await registry.create(priorityLevels, { apiVersion, kind: 'PriorityLevelConfiguration', ...level });
    await cluster.settle();
    expect(dangling('mine')).toMatchObject({
      status: 'False',
      reason: 'Found',
      message: 'This FlowSchema references the PriorityLevelConfiguration object named "mine" and it exists',
    });
    await registry.delete(priorityLevels, '', 'mine');
    await cluster.settle();
    expect(dangling('mine')).toMatchObject({ status: 'True' });
  });
});
