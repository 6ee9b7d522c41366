// Provisional: stands in until each kind has its own file.
import { ALL_VERBS, type ResourceDefinition, type Strategy } from './definition.js';
import type * as t from './types.js';
import type { KubeObject } from './types.js';
export { KindTable } from './kind-table.js';

function define<T extends KubeObject>(group: string, version: string, kind: string, plural: string, shortNames: string[], namespaced: boolean, schema: string, strategy: Strategy<T> = {}, subresources: string[] = []): ResourceDefinition<T> {
  return { group, version, kind, plural, singular: kind.toLowerCase(), shortNames, categories: [], namespaced, verbs: ALL_VERBS,
    subresources: subresources.map(name => ({ name, kind, verbs: ['get', 'patch', 'update'] as const })), schema, strategy,
    printer: { columns: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }], cells: o => [o.metadata.name] }, selectableFields: {} };
}
export const namespaces = define<t.Namespace>('', 'v1', 'Namespace', 'namespaces', ['ns'], false, 'io.k8s.api.core.v1.Namespace', {
  prepareForCreate: o => { o.status = { phase: 'Active' }; o.spec = { finalizers: ['kubernetes'] }; },
  isHeld: o => (o.spec.finalizers?.length ?? 0) > 0, markTerminating: o => ({ ...o, status: { ...o.status, phase: 'Terminating' } }) }, ['status']);
export const nodes = define<t.Node>('', 'v1', 'Node', 'nodes', ['no'], false, 'io.k8s.api.core.v1.Node', { setDefaults: o => { o.spec ??= {}; o.status ??= {}; },
  prepareForUpdate: (o, old) => { o.status = old.status; }, prepareForStatusUpdate: (o, old) => { o.spec = old.spec; } }, ['status']);
export const pods = define<t.Pod>('', 'v1', 'Pod', 'pods', ['po'], true, 'io.k8s.api.core.v1.Pod', { setDefaults: o => { o.status ??= {}; },
  prepareForCreate: o => { o.status = { phase: 'Pending' }; },
  prepareForUpdate: (o, old) => { o.status = old.status; }, prepareForStatusUpdate: (o, old) => { o.spec = old.spec; },
  gracePeriodSeconds: (o, r) => !o.spec.nodeName || o.status.phase === 'Failed' || o.status.phase === 'Succeeded' ? 0 : (r ?? o.spec.terminationGracePeriodSeconds ?? 30) }, ['status']);
export const services = define<t.Service>('', 'v1', 'Service', 'services', ['svc'], true, 'io.k8s.api.core.v1.Service');
export const endpoints = define<t.Endpoints>('', 'v1', 'Endpoints', 'endpoints', ['ep'], true, 'io.k8s.api.core.v1.Endpoints');
export const events = define<t.Event>('', 'v1', 'Event', 'events', ['ev'], true, 'io.k8s.api.core.v1.Event');
export const configMaps = define<t.ConfigMap>('', 'v1', 'ConfigMap', 'configmaps', ['cm'], true, 'io.k8s.api.core.v1.ConfigMap');
export const secrets = define<t.Secret>('', 'v1', 'Secret', 'secrets', [], true, 'io.k8s.api.core.v1.Secret');
export const serviceAccounts = define<t.ServiceAccount>('', 'v1', 'ServiceAccount', 'serviceaccounts', ['sa'], true, 'io.k8s.api.core.v1.ServiceAccount');
export const endpointSlices = define<t.EndpointSlice>('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices', [], true, 'io.k8s.api.discovery.v1.EndpointSlice');
export const daemonSets = define<t.DaemonSet>('apps', 'v1', 'DaemonSet', 'daemonsets', ['ds'], true, 'io.k8s.api.apps.v1.DaemonSet', {
  prepareForCreate: o => { o.metadata.generation = 1; o.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }; },
  prepareForUpdate: (o, old) => { o.status = old.status; if (JSON.stringify(o.spec) !== JSON.stringify(old.spec)) o.metadata.generation = old.metadata.generation! + 1; }, prepareForStatusUpdate: (o, old) => { o.spec = old.spec; } }, ['status']);
export const controllerRevisions = define<t.ControllerRevision>('apps', 'v1', 'ControllerRevision', 'controllerrevisions', [], true, 'io.k8s.api.apps.v1.ControllerRevision');
export const priorityClasses = define<t.PriorityClass>('scheduling.k8s.io', 'v1', 'PriorityClass', 'priorityclasses', ['pc'], false, 'io.k8s.api.scheduling.v1.PriorityClass');
export const leases = define<t.Lease>('coordination.k8s.io', 'v1', 'Lease', 'leases', [], true, 'io.k8s.api.coordination.v1.Lease');
export const BUILT_IN: readonly ResourceDefinition[] = [namespaces, nodes, pods, services, endpoints, events, configMaps, secrets, serviceAccounts, endpointSlices, daemonSets, controllerRevisions, priorityClasses, leases] as unknown as ResourceDefinition[];
