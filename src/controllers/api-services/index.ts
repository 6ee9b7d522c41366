import { formatTime } from '../../clock/clock.js';
import { StatusError } from '../../registry/status.js';
import type { ApiService } from '../../resources/api-service.js';
import type { CustomResourceDefinition } from '../../resources/custom/types.js';
import { apiServices, customResourceDefinitions, endpointSlices, services } from '../../resources/index.js';
import { conditionOf, holds, withCondition } from '../../resources/state.js';
import type { Condition } from '../../resources/types.js';
import { SERVICE_OF_SLICE } from '../../resources/well-known.js';
import type { Change } from '../../store/entry.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';
import { unavailability } from './availability.js';
import { type GroupVersion, prioritiesOf } from './priorities.js';

/** By this label the API server knows what it has registered: once at its start, or for as long as there is a definition. */
const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';

const nameOf = ({ group, version }: GroupVersion) => `${version}.${group}`;

/**
 * Registers the groups that the API server serves by itself, those of custom kinds for as long as they are served, and tells of
 * those that others are to serve whether anybody could. Upstream runs these controllers inside of kube-apiserver
 * (kube-aggregator), where nobody can switch them off.
 */
export function apiServicesController({ registry }: ControllerContext): Controller {
  /** The Services that others are to answer from, `namespace/name`, by the APIService. */
  const remote = new Map<string, string>();

  /** Built-in groups by the names of their registrations. The aggregator's own is not among them, as upstream. */
  const builtIn = new Map<string, GroupVersion>();
  for (const kind of registry.kinds.all())
    if (!kind.kept && !kind.unlisted && kind.group !== apiServices.group) builtIn.set(nameOf(kind), kind);

  function customGroup(name: string): GroupVersion | undefined {
    for (const { object } of registry.all(customResourceDefinitions))
      for (const { served, name: version } of object.spec.versions) {
        const found = { group: object.spec.group, version };
        if (served && nameOf(found) === name && holds(object, 'Established')) return found;
      }
    return undefined;
  }

  function* apiServiceKeys({ type, entry }: Change<ApiService>): Iterable<string> {
    const { service } = entry.object.spec;
    if (type === 'DELETED' || !service) remote.delete(entry.name);
    else remote.set(entry.name, `${service.namespace}/${service.name}`);
    yield entry.name;
  }

  function* definitionKeys({ entry, previous }: Change<CustomResourceDefinition>): Iterable<string> {
    for (const { spec } of new Set([entry.object, previous?.object ?? entry.object]))
      for (const { name } of spec.versions) yield nameOf({ group: spec.group, version: name });
  }

  function* serviceKeys(service: string): Iterable<string> {
    if (remote.size > 0) for (const [name, of] of remote) if (of === service) yield name;
  }

  async function register(name: string, { group, version }: GroupVersion, managed: string): Promise<void> {
    const draft = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name, labels: { [MANAGED]: managed } },
      spec: { group, version, ...prioritiesOf({ group, version }) },
      status: {},
    };
    try {
      await registry.create(apiServices, draft);
    } catch (error) {
      if (!StatusError.is(error, 'AlreadyExists')) throw error;
    }
  }

  registry.inherent.provide(apiServices, async () => {
    const missing = [...builtIn].filter(([name]) => !registry.get(apiServices, '', name));
    await Promise.all(missing.map(([name, group]) => register(name, group, 'onstart')));
  });

  async function tell(object: ApiService, condition: Omit<Condition, 'type' | 'lastTransitionTime'>): Promise<void> {
    const former = conditionOf(object, 'Available');
    const { status, reason, message } = condition;
    if (former?.status === status && former.reason === reason && former.message === message) return;
    const now = formatTime(registry.clock.now());
    const lastTransitionTime = former?.status === status ? (former.lastTransitionTime ?? now) : now;
    const conditions = withCondition(object.status.conditions, { type: 'Available', ...condition, lastTransitionTime });
    await registry.update(
      apiServices,
      { ...object, status: { conditions } },
      { subresource: 'status', component: 'kube-apiserver' },
    );
  }

  return {
    name: 'api-services',
    watches: [
      source(apiServices, apiServiceKeys),
      source(customResourceDefinitions, definitionKeys),
      source(services, ({ entry }) => [...serviceKeys(`${entry.namespace}/${entry.name}`)]),
      source(endpointSlices, ({ entry }) => [
        ...serviceKeys(`${entry.namespace}/${entry.object.metadata.labels?.[SERVICE_OF_SLICE]}`),
      ]),
    ],
    async reconcile(name: string) {
      const object = registry.get(apiServices, '', name)?.object;
      const custom = builtIn.has(name) ? undefined : customGroup(name);
      if (!object) {
        const group = builtIn.get(name);
        if (group) await register(name, group, 'onstart');
        else if (custom) await register(name, custom, 'true');
        return;
      }
      if (!custom && object.metadata.labels?.[MANAGED] === 'true') {
        await registry.delete(apiServices, '', name, { preconditions: { uid: object.metadata.uid } });
      } else if (object.spec.service) await tell(object, unavailability(registry, object.spec.service, object.spec));
    },
  };
}
