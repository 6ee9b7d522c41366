import { forbidden } from '../field-error.js';
import { equalJson } from '../json.js';
import { AGE, column, NAME, printer } from '../printing/printer.js';
import type { KubeObject, LabelSelector } from '../types.js';
import {
  type CsiDriver,
  type CsiNode,
  type StorageClass,
  type VolumeAttachment,
  validateCsiDriver,
  validateCsiDriverUpdate,
  validateCsiNode,
  validateStorageClass,
  validateStorageClassUpdate,
  validateVolumeAttachment,
} from '../validation/storage.js';
import { nodeLabelWarnings, nodeSelectorWarnings } from '../warnings/node-labels.js';
import { countAt, itemsAt, joinedAt, scalarAt } from './cells.js';
import { plainKind } from './plain-kind.js';

const GROUP = { group: 'storage.k8s.io', namespaced: false } as const;
const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** A class is marked as the one for claims that name none. */
const isDefault = ({ metadata: { annotations = {} } }: KubeObject, marks: readonly string[]) =>
  marks.some(mark => annotations[mark] === 'true');

/** The name, and whether it is the default. */
const classNameColumn = (marks: readonly string[]) => ({
  ...NAME,
  cell: (o: KubeObject) => (isDefault(o, marks) ? `${o.metadata.name} (default)` : o.metadata.name),
});

/** `storage.k8s.io/v1` */
export const storage = [
  plainKind<CsiDriver>({
    ...GROUP,
    kind: 'CSIDriver',
    plural: 'csidrivers',
    needsResourceVersion: true,
    generation: true,
    defaults: {
      'spec.attachRequired': true,
      'spec.podInfoOnMount': false,
      'spec.storageCapacity': false,
      'spec.fsGroupPolicy': 'ReadWriteOnceWithFSType',
      'spec.volumeLifecycleModes': ['Persistent'],
      'spec.requiresRepublish': false,
      'spec.seLinuxMount': false,
    },
    strategy: { validate: validateCsiDriver, validateUpdate: validateCsiDriverUpdate },
    printer: printer(
      NAME,
      column('AttachRequired', 'Whether volumes are attached first.', scalarAt('spec.attachRequired', true), 'boolean'),
      column('PodInfoOnMount', 'Whether it is told about the pod.', scalarAt('spec.podInfoOnMount', false), 'boolean'),
      column('StorageCapacity', 'Whether it tells of room left.', scalarAt('spec.storageCapacity', false), 'boolean'),
      column(
        'TokenRequests',
        'Audiences of tokens that it wants.',
        o =>
          itemsAt(o, 'spec.tokenRequests')
            .map(({ audience }) => String(audience ?? ''))
            .join(',') || '<unset>',
      ),
      column(
        'RequiresRepublish',
        'Whether it is asked again and again.',
        scalarAt('spec.requiresRepublish', false),
        'boolean',
      ),
      column('Modes', 'Which lives volumes can have.', o => joinedAt(o, 'spec.volumeLifecycleModes')),
      AGE,
    ),
  }),
  plainKind<CsiNode>({
    ...GROUP,
    kind: 'CSINode',
    plural: 'csinodes',
    needsResourceVersion: true,
    strategy: { validate: validateCsiNode },
    printer: printer(NAME, column('Drivers', 'How many drivers it has.', countAt('spec.drivers'), 'integer'), AGE),
  }),
  plainKind({
    ...GROUP,
    kind: 'CSIStorageCapacity',
    plural: 'csistoragecapacities',
    needsResourceVersion: true,
    namespaced: true,
    required: ['storageClassName'],
    immutable: ['storageClassName', 'nodeTopology'],
    strategy: { warnings: o => nodeSelectorWarnings('nodeTopology', o.nodeTopology as LabelSelector | undefined) },
    printer: printer(
      NAME,
      column('StorageClassName', 'The class that it is about.', scalarAt('storageClassName')),
      column('Capacity', 'Room left.', scalarAt('capacity')),
    ),
  }),
  plainKind<StorageClass>({
    ...GROUP,
    kind: 'StorageClass',
    plural: 'storageclasses',
    shortNames: ['sc'],
    defaults: { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
    strategy: {
      validate: validateStorageClass,
      validateUpdate: validateStorageClassUpdate,
      warnings: ({ allowedTopologies = [] }) =>
        allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
          matchLabelExpressions.flatMap(({ key = '' }, j) =>
            nodeLabelWarnings(`allowedTopologies[${i}].matchLabelExpressions[${j}].key`, key),
          ),
        ),
    },
    printer: printer(
      classNameColumn(DEFAULT_CLASS),
      column('Provisioner', 'Who makes the volumes.', scalarAt('provisioner')),
      column('ReclaimPolicy', 'What becomes of volumes whose claim goes.', scalarAt('reclaimPolicy')),
      column('VolumeBindingMode', 'When a volume is chosen.', scalarAt('volumeBindingMode')),
      column('AllowVolumeExpansion', 'Whether volumes can grow.', scalarAt('allowVolumeExpansion', false)),
      AGE,
    ),
  }),
  plainKind<VolumeAttachment>({
    ...GROUP,
    kind: 'VolumeAttachment',
    plural: 'volumeattachments',
    needsResourceVersion: true,
    status: { attached: false },
    strategy: { validate: validateVolumeAttachment },
    printer: printer(
      NAME,
      { ...column('Attacher', 'Who attaches it.', scalarAt('spec.attacher')), format: 'name' },
      column('PV', 'The volume.', scalarAt('spec.source.persistentVolumeName')),
      column('Node', 'The node.', scalarAt('spec.nodeName')),
      column('Attached', 'Whether it is attached.', scalarAt('status.attached', false), 'boolean'),
      AGE,
    ),
  }),
  plainKind({
    ...GROUP,
    kind: 'VolumeAttributesClass',
    plural: 'volumeattributesclasses',
    needsResourceVersion: true,
    shortNames: ['vac'],
    required: ['driverName', 'parameters'],
    strategy: {
      validateUpdate: (o, old) =>
        ['driverName', 'parameters']
          .filter(field => !equalJson(o[field], old[field]))
          .map(field => forbidden(field, `updates to ${field} are forbidden.`)),
    },
    printer: printer(
      classNameColumn(['storageclass.kubernetes.io/is-default-class']),
      column('DriverName', 'The driver.', scalarAt('driverName')),
      AGE,
    ),
  }),
];
