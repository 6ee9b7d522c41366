import { define, statusOf } from './define.js';
import { type FieldError, invalid, notSupported, required } from './field-error.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import { conditionOf, withCondition } from './state.js';
import type { Condition, KubeObject } from './types.js';
import { addProblems } from './validation/messages.js';
import { checkLabel1035, checkPathSegmentName, checkPortNumber, checkSubdomain } from './validation/names.js';

/** Who answers for a version of a group: the API server itself, or a Service that it hands requests on to. */
export interface ApiService extends KubeObject {
  spec: {
    group?: string;
    version?: string;
    groupPriorityMinimum: number;
    versionPriority: number;
    service?: { namespace?: string; name?: string; port?: number };
    caBundle?: string;
    insecureSkipTLSVerify?: boolean;
  };
  status: { conditions?: Condition[] };
}

const HTTPS = 443;

/** What is said of groups that the API server serves by itself. */
const LOCAL = {
  type: 'Available',
  status: 'True',
  reason: 'Local',
  message: 'Local APIServices are always available',
} as const;

export const apiServices = define<ApiService>({
  group: 'apiregistration.k8s.io',
  kind: 'APIService',
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  subresources: [statusOf('APIService')],
  // Names are checked with what they are made of.
  validName: () => [],
  strategy: {
    setDefaults({ spec }) {
      if (spec?.service) spec.service.port ??= HTTPS;
    },
    prepareForCreate(object) {
      object.spec ??= { groupPriorityMinimum: 0, versionPriority: 0 };
      object.status = {};
      if (!object.spec.service) {
        const condition = { ...LOCAL, lastTransitionTime: object.metadata.creationTimestamp };
        object.status.conditions = withCondition([], condition);
      }
    },
    prepareForUpdate(object, old) {
      object.status = old.status;
    },
    prepareForStatusUpdate(object, old) {
      object.spec = old.spec;
      const { managedFields } = object.metadata;
      object.metadata = { ...old.metadata, ...(managedFields ? { managedFields } : {}) };
    },
    validate,
    validateUpdate: validate,
    validateStatusUpdate: validateStatus,
  },
  printer: printer<ApiService>(
    NAME,
    column('Service', 'The reference to the service that hosts this API endpoint.', ({ spec: { service } }) =>
      service ? `${service.namespace}/${service.name}` : 'Local',
    ),
    column('Available', 'Whether this service is available.', availability),
    AGE,
  ),
});

/** `True`, or `False (MissingEndpoints)`. */
function availability(object: ApiService): string {
  const condition = conditionOf(object, 'Available');
  if (!condition) return 'Unknown';
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`;
}

function validate({ metadata: { name }, spec }: ApiService): FieldError[] {
  const errors: FieldError[] = [];
  const { group = '', version = '', service } = spec;
  const wanted = `${version}.${group}`;
  const problems = checkPathSegmentName(name);
  if (problems.length) addProblems(errors, 'metadata.name', name, problems);
  else if (name !== wanted)
    errors.push(invalid('metadata.name', name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`));
  if (!group && version !== 'v1')
    errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  if (group) addProblems(errors, 'spec.group', group, checkSubdomain(group));
  addProblems(errors, 'spec.version', version, checkLabel1035(version));
  const priority = (field: 'groupPriorityMinimum' | 'versionPriority', most: number) => {
    const value = spec[field] ?? 0;
    if (!(value > 0 && value <= most))
      errors.push(invalid(`spec.${field}`, value, `must be positive and less than ${most}`));
  };
  priority('groupPriorityMinimum', 20_000);
  priority('versionPriority', 1000);
  if (!service) validateLocal(errors, spec);
  else {
    if (!service.namespace) errors.push(required('spec.service.namespace'));
    if (!service.name) errors.push(required('spec.service.name'));
    const wrong = checkPortNumber(service.port ?? 0);
    if (wrong.length) errors.push(invalid('spec.service.port', service.port, `port is not valid: ${wrong.join(', ')}`));
    if (spec.insecureSkipTLSVerify && spec.caBundle)
      errors.push(invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
  }
  return errors;
}

function validateLocal(errors: FieldError[], { caBundle, insecureSkipTLSVerify }: ApiService['spec']): void {
  if (caBundle) {
    const size = `${Buffer.from(caBundle, 'base64').length} bytes`;
    errors.push(invalid('spec.caBundle', size, 'local APIServices may not have a caBundle'));
  }
  if (insecureSkipTLSVerify)
    errors.push(invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'));
}

const STATUSES = ['True', 'False', 'Unknown'];

function validateStatus({ status }: ApiService): FieldError[] {
  return (status.conditions ?? []).flatMap((condition, i) =>
    STATUSES.includes(condition.status)
      ? []
      : [notSupported(`status.conditions[${i}].status`, condition.status, STATUSES)],
  );
}
