import { setPodDefaults } from './defaults/pod-spec.js';
import { define, proxyOf, statusOf } from './define.js';
import { equalJson } from './json.js';
import { withLabelKeys } from './label-keys.js';
import { printPod } from './printing/pod.js';
import { qosClass } from './qos.js';
import { hasEnded } from './state.js';
import type { Pod } from './types.js';
import { validateEphemeralContainersUpdate } from './validation/ephemeral-containers.js';
import { validatePod, validatePodStatusUpdate, validatePodUpdate } from './validation/pod.js';
import { resized, validateResize } from './validation/resize.js';
import { podStatusWarnings, podWarnings } from './warnings/pod.js';

const DEFAULT_GRACE_SECONDS = 30;

const nodeName = (pod: Pod) => pod.spec.nodeName ?? '';

export const pods = define<Pod>({
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  subresources: [
    statusOf('Pod'),
    proxyOf('Pod'),
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
    { name: 'ephemeralcontainers', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
    { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
    { name: 'resize', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
    { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  ],
  selectableFields: {
    'spec.nodeName': nodeName,
    // What it was called before v1; clients may still.
    'spec.host': nodeName,
    'spec.restartPolicy': o => o.spec.restartPolicy ?? '',
    'spec.schedulerName': o => o.spec.schedulerName ?? '',
    'spec.serviceAccountName': o => o.spec.serviceAccountName ?? '',
    'spec.hostNetwork': o => String(o.spec.hostNetwork ?? false),
    'status.phase': o => o.status.phase ?? '',
    'status.podIP': o => o.status.podIPs?.[0]?.ip ?? o.status.podIP ?? '',
    // A label that is known, and that no value has been given to upstream.
    'status.podIPs': () => '',
    'status.nominatedNodeName': o => o.status.nominatedNodeName ?? '',
  },
  strategy: {
    setDefaults: setPodDefaults,
    prepareForCreate(object) {
      object.metadata.generation = 1;
      object.spec = withLabelKeys(object);
      object.status = { phase: 'Pending', qosClass: qosClass(object) };
      if (object.spec.schedulingGates?.length) object.status.conditions = [GATED];
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
      countChange(object, old);
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
      object.status.qosClass ??= old.status.qosClass ?? qosClass(old);
      const { ownerReferences } = old.metadata;
      if (ownerReferences) object.metadata.ownerReferences = ownerReferences;
      else delete object.metadata.ownerReferences;
    },
    partialUpdates: {
      ephemeralcontainers: {
        prepare(object, old) {
          const { ephemeralContainers } = object.spec;
          object.metadata = { ...old.metadata, managedFields: object.metadata.managedFields };
          object.spec = { ...old.spec, ephemeralContainers };
          object.status = old.status;
          countChange(object, old);
        },
        validate: validateEphemeralContainersUpdate,
      },
      resize: {
        prepare(object, old) {
          object.metadata = { ...old.metadata, managedFields: object.metadata.managedFields };
          object.spec = resized(object, old);
          object.status = old.status;
          countChange(object, old);
        },
        validate: validateResize,
      },
    },
    validate: validatePod,
    validateUpdate: validatePodUpdate,
    validateStatusUpdate: validatePodStatusUpdate,
    warnings: podWarnings,
    statusWarnings: podStatusWarnings,
    gracePeriodSeconds,
    returnsDeletedObject: true,
  },
  printer: printPod,
});

function countChange(pod: Pod, old: Pod): void {
  if (!equalJson(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

const GATED = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
  lastProbeTime: null,
  lastTransitionTime: null,
} as const;

/** A pod that runs nowhere, or no more, need not be waited for (LIFE-01..03). */
function gracePeriodSeconds(pod: Pod, requested: number | undefined): number {
  const { spec } = pod;
  if (!spec.nodeName || hasEnded(pod)) return 0;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  return seconds < 0 ? 1 : seconds;
}
