import { compareText } from '../../resources/compare.js';
import type { FieldError } from '../../resources/field-error.js';
import { namespaces, pods } from '../../resources/index.js';
import { equalJson } from '../../resources/json.js';
import { counted, type Violation } from '../../resources/pod-security/candidate.js';
import { violationsOf } from '../../resources/pod-security/checks.js';
import {
  isStricter,
  type PodSecurityPolicy,
  podSecurityPolicy,
  type Standard,
  standardText,
} from '../../resources/pod-security/policy.js';
import type { KubeObject, Namespace, Pod, PodSpec, PodTemplateSpec } from '../../resources/types.js';
import { controllerOf } from '../indexes.js';
import type { Registry } from '../registry.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin, AdmissionRequest } from './admission.js';

/** As many pods are looked at when a namespace becomes stricter. */
const MOST_PODS = 3000;

/** What has the template of a pod, in one of three places. */
interface PodMaker extends KubeObject {
  template?: PodTemplateSpec;
  spec?: { template?: PodTemplateSpec; jobTemplate?: { spec: { template: PodTemplateSpec } } };
}

/**
 * Pods keep to the Pod Security Standard of their namespace, which its labels tell. Of templates it is only told: the pods that
 * are made of them are refused.
 */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  resources: [
    'namespaces',
    'pods',
    'podtemplates',
    'replicationcontrollers',
    'daemonsets.apps',
    'deployments.apps',
    'replicasets.apps',
    'statefulsets.apps',
    'cronjobs.batch',
    'jobs.batch',
  ],
  validate(request, registry) {
    if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return undefined;
    if (request.kind.plural === 'namespaces') checkNamespace(request, registry);
    else if (request.kind.plural === 'pods') checkPod(request, registry);
    else checkTemplate(request, registry);
    return undefined;
  },
};

/** By the stored namespace, which never changes: a new one comes in its place. */
const policies = new WeakMap<Namespace, PodSecurityPolicy>();

function policyFor({ namespace: name }: AdmissionRequest, registry: Registry): PodSecurityPolicy {
  const namespace = registry.get(namespaces, '', name)?.object;
  if (!namespace) return podSecurityPolicy(undefined);
  let policy = policies.get(namespace);
  if (!policy) {
    policy = podSecurityPolicy(namespace.metadata.labels);
    policies.set(namespace, policy);
  }
  return policy;
}

/** `host namespaces (hostNetwork=true), privileged (…)`. */
const inDetail = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');

function checkPod(request: AdmissionRequest, registry: Registry): void {
  const { kind, name, old, subresource, options } = request;
  if (subresource === 'status') return;
  const { enforce, warn } = policyFor(request, registry);
  if (enforce.level === 'privileged' && warn.level === 'privileged') return;
  const pod = request.object as Pod;
  if (old && !runsOther(pod.spec, (old as Pod).spec)) return;
  const violations = violationsOf(enforce, pod.metadata, pod.spec);
  if (violations.length > 0)
    throw StatusError.forbidden(kind, name, `violates PodSecurity "${standardText(enforce)}": ${inDetail(violations)}`);
  if (options?.warn) warnOf(warn, pod, options.warn);
}

function checkTemplate(request: AdmissionRequest, registry: Registry): void {
  const { object, subresource, options } = request;
  if (subresource || !options?.warn) return;
  const { spec, template = spec?.template ?? spec?.jobTemplate?.spec.template } = object as PodMaker;
  if (template) warnOf(policyFor(request, registry).warn, template, options.warn);
}

function warnOf(standard: Standard, { metadata = {}, spec }: PodTemplateSpec, warn: (message: string) => void): void {
  const violations = violationsOf(standard, metadata, spec);
  if (violations.length > 0) warn(`would violate PodSecurity "${standardText(standard)}": ${inDetail(violations)}`);
}

/** Whether an update makes a pod run something else. All else that may change of a pod has no part in the standards. */
function runsOther(spec: PodSpec, old: PodSpec): boolean {
  const before = new Map(old.ephemeralContainers?.map(({ name, image }) => [name, image]));
  return (
    imagesOf(spec) !== imagesOf(old) ||
    (spec.ephemeralContainers?.some(({ name, image }) => !before.has(name) || before.get(name) !== image) ?? false)
  );
}

const imagesOf = ({ containers, initContainers = [] }: PodSpec): string =>
  JSON.stringify([containers, initContainers].map(list => list.map(({ image }) => image)));

function checkNamespace(request: AdmissionRequest, registry: Registry): void {
  const { kind, name, object, old, subresource, options } = request;
  if (subresource) return;
  const { enforce, errors } = podSecurityPolicy(object.metadata.labels);
  // Labels that were let in before, while nobody looked, do not keep other changes out.
  const before = podSecurityPolicy(old?.metadata.labels);
  const isKnown = equalJson(textsOf(before.errors), textsOf(errors));
  if (errors.length > 0 && !isKnown) throw StatusError.invalid(kind, name, errors);
  if (!old || !options?.warn || enforce.level === 'privileged') return;
  const asksMore = enforce.version !== before.enforce.version || isStricter(enforce.level, before.enforce.level);
  if (asksMore) violatedBy(name, enforce, registry).forEach(options.warn);
}

const textsOf = (errors: readonly FieldError[]) => errors.map(({ message }) => message);

/** What is said of the pods that are there when a namespace becomes stricter: they go on running. */
function violatedBy(namespace: string, standard: Standard, registry: Registry): string[] {
  const all = inTurn(registry.all(pods, namespace).map(({ object }) => object));
  const looked = all.slice(0, MOST_PODS);
  const names = new Map<string, string[]>();
  for (const { metadata, spec } of looked) {
    const violations = violationsOf(standard, metadata, spec);
    if (violations.length === 0) continue;
    const reasons = violations.map(({ reason }) => reason).join(', ');
    const alike = names.get(reasons);
    if (alike) alike.push(metadata.name);
    else names.set(reasons, [metadata.name]);
  }
  const lines = [...names].map(([reasons, alike]) => `${firstOf(alike)}: ${reasons}`);
  return [
    ...(looked.length < all.length
      ? [`new PodSecurity enforce level only checked against the first ${looked.length} of ${all.length} existing pods`]
      : []),
    ...(lines.length > 0
      ? [
          `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${standardText(standard)}"`,
        ]
      : []),
    ...lines.sort(compareText),
  ];
}

/** `a`, `a (and 2 other pods)`. */
function firstOf(names: string[]): string {
  const [first = '', ...others] = names.sort(compareText);
  return others.length === 0 ? first : `${first} (and ${others.length} other ${counted(others.length, 'pod')})`;
}

/** One pod of each controller, then the others, which are likely to be as that one. */
function inTurn(all: readonly Pod[]): Pod[] {
  const seen = new Set<string>();
  const alike: Pod[] = [];
  const first = all.filter(pod => {
    const uid = controllerOf(pod)?.uid;
    if (uid === undefined || !seen.has(uid)) {
      if (uid !== undefined) seen.add(uid);
      return true;
    }
    alike.push(pod);
    return false;
  });
  return [...first, ...alike];
}
