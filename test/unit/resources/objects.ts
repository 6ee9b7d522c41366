import type { ResourceDefinition } from '../../../src/resources/definition.js';
import { FieldError } from '../../../src/resources/field-error.js';
import { validateMetadata, validateMetadataUpdate } from '../../../src/resources/metadata.js';
import type { DaemonSet, KubeObject, Node, Pod, PodSpec } from '../../../src/resources/types.js';

export const NOW = Date.parse('2026-01-02T00:00:00Z');

const metadata = (name: string, namespace?: string) => ({
  name,
  ...(namespace ? { namespace } : {}),
  uid: '5e9d7d2c-0000-4000-8000-000000000001',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
});

/** A pod as a client sends it, with one container. */
export function pod(spec: Partial<PodSpec> = {}, more: Partial<Pod> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata('bare', 'default'),
    spec: { containers: [{ name: 'main', image: 'a:1' }], ...spec },
    status: {},
    ...more,
  };
}

export function daemonSet(spec: Partial<DaemonSet['spec']> = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata('agent', 'default'),
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
      updateStrategy: {},
      ...spec,
    },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  };
}

/** A change of a DaemonSet. */
export type Change = (set: DaemonSet) => void;

/** A change of the pods of the template. */
export const ofPods =
  (spec: Partial<PodSpec>): Change =>
  set => {
    Object.assign(set.spec.template.spec, spec);
  };
export const ofSpec =
  (spec: object): Change =>
  set => {
    Object.assign(set.spec, spec);
  };
export const ofMetadata =
  (metadata: object): Change =>
  set => {
    Object.assign(set.metadata, metadata);
  };

export function node(spec: Node['spec'] = {}, status: Node['status'] = {}): Node {
  return { apiVersion: 'v1', kind: 'Node', metadata: metadata('worker-1'), spec, status };
}

export function object<T extends KubeObject>(kind: ResourceDefinition<T>, fields: Omit<T, keyof KubeObject>): T {
  return {
    apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version,
    kind: kind.kind,
    metadata: metadata('thing', kind.namespaced ? 'default' : undefined),
    ...fields,
  } as unknown as T;
}

/** The object as a create would store it. */
export function created<T extends KubeObject>(kind: ResourceDefinition<T>, draft: T): T {
  const copy = structuredClone(draft);
  kind.strategy.setDefaults?.(copy);
  kind.strategy.prepareForCreate?.(copy);
  return copy;
}

/** The object as an update of `old` by `change` would store it. */
export function updated<T extends KubeObject>(kind: ResourceDefinition<T>, old: T, change: (object: T) => void): T {
  const copy = structuredClone(old);
  change(copy);
  kind.strategy.setDefaults?.(copy);
  kind.strategy.prepareForUpdate?.(copy, old);
  return copy;
}

/** As {@link updated}, through `/status`. */
export function statusUpdated<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  old: T,
  change: (object: T) => void,
): T {
  const copy = structuredClone(old);
  change(copy);
  kind.strategy.setDefaults?.(copy);
  kind.strategy.prepareForStatusUpdate?.(copy, old);
  return copy;
}

/** What is wrong with a create: one sentence an error. */
export function createErrors<T extends KubeObject>(kind: ResourceDefinition<T>, draft: T): string[] {
  const copy = created(kind, draft);
  return sentences([...validateMetadata(kind, copy), ...(kind.strategy.validate?.(copy) ?? [])]);
}

export function updateErrors<T extends KubeObject>(
  kind: ResourceDefinition<T>,
  old: T,
  change: (object: T) => void,
): string[] {
  const before = created(kind, old);
  const copy = updated(kind, before, change);
  return sentences([
    ...validateMetadataUpdate(kind, copy, before),
    ...(kind.strategy.validateUpdate?.(copy, before) ?? []),
  ]);
}

function sentences(errors: readonly FieldError[]): string[] {
  return errors.map(error => (error instanceof FieldError ? error.message : String(error)));
}

/** The cells of an object by the columns' names. */
export function printed<T extends KubeObject>(kind: ResourceDefinition<T>, printedObject: T): Record<string, unknown> {
  const cells = kind.printer.cells(printedObject, NOW);
  return Object.fromEntries(kind.printer.columns.map(({ name }, i) => [name, cells[i]]));
}
