import { setPodTemplateDefaults } from './defaults/pod-spec.js';
import { define, statusOf } from './define.js';
import { equalJson } from './json.js';
import { printDaemonSet } from './printing/daemon-set.js';
import type { DaemonSet, DaemonSetStatus } from './types.js';
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from './validation/daemon-set.js';
import { daemonSetWarnings } from './warnings/workloads.js';

/** Counts the changes of the template. The server's own: what clients write there is put right (API-08..10). */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

const DEFAULT_HISTORY = 10;
const INTEGER = /^[+-]?\d+$/;

export const daemonSets = define<DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  subresources: [statusOf('DaemonSet')],
  strategy: {
    conversionProblem({ metadata }) {
      const text = metadata?.annotations?.[TEMPLATE_GENERATION];
      return text === undefined || INTEGER.test(text)
        ? undefined
        : `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
    },
    setDefaults,
    prepareForCreate(object) {
      object.metadata.generation = 1;
      object.status = noStatus();
      setTemplateGeneration(object, Math.max(templateGeneration(object) ?? 1, 1));
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
      setTemplateGeneration(object, templateGeneration(old) ?? 0);
      if (!equalJson(object.spec, old.spec)) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
      setTemplateGeneration(object, templateGeneration(old) ?? 0);
    },
    validate: validateDaemonSet,
    validateUpdate: validateDaemonSetUpdate,
    validateStatusUpdate: validateDaemonSetStatusUpdate,
    warnings: daemonSetWarnings,
  },
  printer: printDaemonSet,
});

/** DEF-01..04 */
function setDefaults(object: DaemonSet): void {
  // A spec that was not sent is an empty one, of which validation says what is missing.
  const spec = (object.spec ??= {} as DaemonSet['spec']);
  setPodTemplateDefaults((spec.template ??= {} as DaemonSet['spec']['template']));
  const strategy = (spec.updateStrategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rollingUpdate = (strategy.rollingUpdate ??= {});
    rollingUpdate.maxUnavailable ??= 1;
    rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= DEFAULT_HISTORY;
  if (spec.minReadySeconds === 0) delete spec.minReadySeconds;
  if (object.status) dropZeroes(object.status);
  object.status ??= noStatus();
  if (templateGeneration(object) === undefined) setTemplateGeneration(object, 0);
}

function noStatus(): DaemonSetStatus {
  return { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
}

/** Four counts are always there, the others only if they are something (STA-S1, STA-S2). */
function dropZeroes(status: DaemonSetStatus): void {
  status.currentNumberScheduled ??= 0;
  status.numberMisscheduled ??= 0;
  status.desiredNumberScheduled ??= 0;
  status.numberReady ??= 0;
  if (status.updatedNumberScheduled === 0) delete status.updatedNumberScheduled;
  if (status.numberAvailable === 0) delete status.numberAvailable;
  if (status.numberUnavailable === 0) delete status.numberUnavailable;
  if (status.observedGeneration === 0) delete status.observedGeneration;
}

/** The template generation that the set's annotation tells; `undefined` if it tells none. */
export function templateGeneration({ metadata }: DaemonSet): number | undefined {
  const text = metadata.annotations?.[TEMPLATE_GENERATION];
  return text !== undefined && INTEGER.test(text) ? Number(text) : undefined;
}

/** Counts a new template. That is the server's doing, not that of who changed it. */
export function countTemplate(object: DaemonSet, old: DaemonSet): void {
  if (!equalJson(object.spec.template, old.spec.template))
    setTemplateGeneration(object, (templateGeneration(old) ?? 0) + 1);
}

function setTemplateGeneration(object: DaemonSet, generation: number): void {
  const { metadata } = object;
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}
