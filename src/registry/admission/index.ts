import { type ResourceDefinition, storeKey } from '../../resources/definition.js';
import {
  mutatingWebhookConfigurations,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
} from '../../resources/plain/admission.js';
import type { Registry } from '../registry.js';
import type { AdmissionPlugin, AdmissionRequest, Consequence } from './admission.js';
import { certificateApproval, certificateSigning } from './certificate-permissions.js';
import { certificateSubjectRestriction } from './certificate-subject-restriction.js';
import { defaultIngressClass, defaultStorageClass } from './default-class.js';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { limitRanger } from './limit-ranger.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.js';
import { podSecurity } from './pod-security.js';
import { validatingAdmissionPolicy } from './policies/validating-admission-policy.js';
import { priority } from './priority.js';
import { resourceQuota } from './resource-quota.js';
import { runtimeClass } from './runtime-class.js';
import { serviceAccount } from './service-account.js';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';
import { mutatingAdmissionWebhook } from './webhooks/mutating.js';
import { validatingAdmissionWebhook } from './webhooks/validating.js';

/** In the order in which kube-apiserver runs them. */
const PLUGINS: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
];

/** Without any of these nobody asks for anything. */
const CONFIGURATION: readonly ResourceDefinition[] = [
  validatingAdmissionPolicyBindings,
  mutatingWebhookConfigurations,
  validatingWebhookConfigurations,
].map(kind => kind as unknown as ResourceDefinition);

/** Which plugins there are to be besides, or instead of, those that are on by default; by upstream's names. */
export interface AdmissionOptions {
  readonly enable?: readonly string[] | undefined;
  readonly disable?: readonly string[] | undefined;
}

/** The plugins of one cluster. */
export class Admission {
  readonly #plugins: readonly AdmissionPlugin[];
  readonly #concerned = new WeakMap<ResourceDefinition, readonly AdmissionPlugin[]>();

  /** @throws TypeError for a plugin that does not exist, or is to be on and off */
  constructor({ enable = [], disable = [] }: AdmissionOptions = {}) {
    const problems: string[] = [];
    for (const [option, names] of [
      ['enable', enable],
      ['disable', disable],
    ] as const)
      for (const name of names)
        if (!PLUGINS.some(plugin => plugin.name === name))
          problems.push(`${option}-admission-plugins plugin ${JSON.stringify(name)} is unknown`);
    const both = [...new Set(enable)].filter(name => disable.includes(name)).sort();
    if (both.length > 0)
      problems.push(`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`);
    if (problems.length > 0) throw new TypeError(problems.join(', '));
    this.#plugins = PLUGINS.filter(
      ({ name, offByDefault }) => !disable.includes(name) && (!offByDefault || enable.includes(name)),
    );
  }

  /** Lets each plugin change the object of a request, or refuse it. Answers whether webhooks changed it. @throws StatusError */
  admit(request: AdmissionRequest, registry: Registry): boolean {
    const plugins = this.#about(request.kind);
    let again = false;
    for (const plugin of plugins) if (plugin.admit?.(request, registry) === true) again = true;
    if (again) for (const plugin of plugins) plugin.admit?.(request, registry);
    return again;
  }

  /** Lets each plugin refuse what was found valid. Answers what else to write. @throws StatusError */
  validate(request: AdmissionRequest, registry: Registry): Consequence[] {
    const consequences: Consequence[] = [];
    for (const plugin of this.#about(request.kind)) {
      const consequence = plugin.validate?.(request, registry);
      if (consequence) consequences.push(consequence);
    }
    return consequences;
  }

  /** Whether users configured anything. */
  isConfigured(registry: Registry): boolean {
    return CONFIGURATION.some(kind => registry.all(kind).length > 0);
  }

  /** Asks what users configured about what is done to an object through a subresource. @throws StatusError */
  consult(request: AdmissionRequest, registry: Registry): void {
    const plugins = this.#about(request.kind).filter(({ isConfigurable }) => isConfigurable);
    for (const plugin of plugins) plugin.admit?.(request, registry);
    for (const plugin of plugins) plugin.validate?.(request, registry);
  }

  #about(kind: ResourceDefinition): readonly AdmissionPlugin[] {
    let plugins = this.#concerned.get(kind);
    if (!plugins) {
      const resource = storeKey(kind);
      plugins = this.#plugins.filter(({ resources }) => !resources || resources.includes(resource));
      this.#concerned.set(kind, plugins);
    }
    return plugins;
  }
}
