import { AGE, column, NAME, printer } from '../printing/printer.js';
import type { KubeObject } from '../types.js';
import { countAt, scalarAt, valueAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const GROUP = { group: 'resource.k8s.io' } as const;

/** `deleted,allocated,reserved`, as far as it is. */
function claimState(o: KubeObject): string {
  const states = [
    ...(o.metadata.deletionTimestamp === undefined ? [] : ['deleted']),
    ...(valueAt(o, 'status.allocation') ? ['allocated'] : []),
    ...(countAt('status.reservedFor')(o) > 0 ? ['reserved'] : []),
  ];
  return states.length > 0 ? states.join(',') : 'pending';
}

/** `resource.k8s.io/v1` */
export const devices = [
  plainKind({
    ...GROUP,
    kind: 'DeviceClass',
    plural: 'deviceclasses',
    namespaced: false,
    generation: true,
    printer: printer(NAME, AGE),
  }),
  plainKind({
    ...GROUP,
    kind: 'ResourceClaim',
    plural: 'resourceclaims',
    status: {},
    immutable: ['spec'],
    printer: printer(NAME, column('State', 'How far it is.', claimState), AGE),
  }),
  plainKind({ ...GROUP, kind: 'ResourceClaimTemplate', plural: 'resourceclaimtemplates', immutable: ['spec'] }),
  plainKind({
    ...GROUP,
    kind: 'ResourceSlice',
    plural: 'resourceslices',
    namespaced: false,
    generation: true,
    required: ['spec.driver', 'spec.pool.name'],
    immutable: ['spec.nodeName', 'spec.driver', 'spec.pool.name'],
    strategy: {
      warnings(o) {
        const driver = String(valueAt(o, 'spec.driver'));
        return driver === driver.toLowerCase()
          ? []
          : [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`];
      },
    },
    selectableFields: {
      'spec.nodeName': o => String(valueAt(o, 'spec.nodeName') ?? ''),
      'spec.driver': o => String(valueAt(o, 'spec.driver') ?? ''),
    },
    printer: printer(
      NAME,
      column('Node', 'The node that has the devices.', scalarAt('spec.nodeName', '<unset>')),
      column('Driver', 'Their driver.', scalarAt('spec.driver')),
      column('Pool', 'Their pool.', scalarAt('spec.pool.name')),
      AGE,
    ),
  }),
];
