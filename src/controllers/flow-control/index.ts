import { formatTime } from '../../clock/clock.js';
import { StatusError } from '../../registry/status.js';
import { apiVersionOf, type ResourceDefinition } from '../../resources/definition.js';
import { type FlowSchema, flowSchemas, priorityLevels } from '../../resources/plain/flow-control.js';
import { conditionOf } from '../../resources/state.js';
import type { Draft, KubeObject } from '../../resources/types.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';

/** Upstream's names for who gives away such objects, and who tells what became of them. */
const PRODUCER = 'api-priority-and-fairness-config-producer-v1';
const CONSUMER = 'api-priority-and-fairness-config-consumer-v1';

/** What has it is kept as kube-apiserver wants it. */
const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

/**
 * Sees to it that the flow schemas and priority levels that kube-apiserver gives itself are there for whoever asks, and tells
 * of each flow schema whether its level is. Upstream runs this inside of kube-apiserver, where nobody can switch it off.
 */
export function flowControlController({ registry }: ControllerContext): Controller {
  async function make<T extends KubeObject>(
    kind: ResourceDefinition<T>,
    specs: Record<string, unknown>,
  ): Promise<void> {
    const missing = Object.entries(specs).filter(([name]) => !registry.get(kind, '', name));
    const drafts = missing.map(([name, spec]) => ({
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: { name, annotations },
      spec,
    }));
    await Promise.all(
      drafts.map(draft => registry.create(kind, draft as unknown as Draft<T>, { fieldManager: PRODUCER })),
    );
  }

  async function makeAll(): Promise<void> {
    const { LEVEL_SPECS, SCHEMA_SPECS } = await import('./defaults.js');
    await Promise.all([make(priorityLevels, LEVEL_SPECS), make(flowSchemas, SCHEMA_SPECS)]);
    await Promise.all(registry.all(flowSchemas).map(({ object }) => tell(object)));
  }
  let made: Promise<void> | undefined;
  for (const kind of [flowSchemas, priorityLevels])
    registry.inherent.provide(kind, () => (made ??= makeAll().finally(() => (made = undefined))));

  async function tell(schema: FlowSchema): Promise<void> {
    const { name } = schema.spec.priorityLevelConfiguration;
    const isThere = registry.get(priorityLevels, '', name) !== undefined;
    const [status, reason, end] = isThere
      ? (['False', 'Found', 'it exists'] as const)
      : (['True', 'NotFound', 'there is no such object'] as const);
    const message = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)} ${isThere ? 'and' : 'but'} ${end}`;
    const former = conditionOf(schema, 'Dangling');
    if (former?.status === status && former.message === message) return;
    const lastTransitionTime = formatTime(registry.clock.now());
    const condition = { type: 'Dangling', status, lastTransitionTime, reason, message };
    try {
      const body = {
        apiVersion: apiVersionOf(flowSchemas),
        kind: flowSchemas.kind,
        metadata: { name: schema.metadata.name },
        status: { conditions: [condition] },
      };
      await registry.patch(
        flowSchemas,
        '',
        schema.metadata.name,
        { type: 'apply', body, force: true },
        { subresource: 'status', fieldManager: CONSUMER },
      );
    } catch (error) {
      if (!StatusError.is(error, 'NotFound') && !StatusError.is(error, 'Conflict')) throw error;
    }
  }

  return {
    name: 'flow-control',
    watches: [
      source(flowSchemas, ({ entry }) => [entry.name]),
      source(priorityLevels, ({ type }) =>
        type === 'MODIFIED' ? [] : registry.all(flowSchemas).map(({ name }) => name),
      ),
    ],
    async reconcile(name: string) {
      const schema = registry.get(flowSchemas, '', name)?.object;
      if (schema) await tell(schema);
    },
  };
}
