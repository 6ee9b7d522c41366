import type { AccountTokens } from '../access/account-tokens.js';
import type { KeyPair } from '../access/key-pair.js';
import { policyStatusController } from '../controllers/admission-policies/index.js';
import { apiServicesController } from '../controllers/api-services/index.js';
import { csrCleaner, signingController } from '../controllers/certificates/index.js';
import { clusterRoleAggregation } from '../controllers/clusterrole-aggregation/index.js';
import { cronJobController } from '../controllers/cronjob/index.js';
import { customResourcesController } from '../controllers/custom-resources/index.js';
import { daemonSetController } from '../controllers/daemonset/controller.js';
import { deploymentController } from '../controllers/deployment/controller.js';
import { disruptionController } from '../controllers/disruption/index.js';
import { endpointSliceController, endpointsController } from '../controllers/endpoints/index.js';
import { ephemeralVolumeController } from '../controllers/ephemeral-volume/index.js';
import { eventTtlController } from '../controllers/event-ttl/index.js';
import { createRecorderFactory } from '../controllers/events/index.js';
import { flowControlController } from '../controllers/flow-control/index.js';
import { garbageCollector } from '../controllers/garbage-collector/index.js';
import { jobController } from '../controllers/job/index.js';
import { namespaceController } from '../controllers/namespace/index.js';
import { nodeLifecycleController } from '../controllers/node-lifecycle/index.js';
import { podGCController } from '../controllers/pod-gc/index.js';
import { replicaSetController, replicationControllerController } from '../controllers/replicaset/controller.js';
import { resourceQuotaController } from '../controllers/resource-quota/index.js';
import type { Runtime } from '../controllers/runtime/runtime.js';
import type { Controller, ControllerContext } from '../controllers/runtime/types.js';
import { schedulerController } from '../controllers/scheduler/controller.js';
import { CA_CERTIFICATE } from '../controllers/service-account/ca.js';
import { rootCAPublisher, serviceAccountController } from '../controllers/service-account/index.js';
import { tokenSecretsController } from '../controllers/service-account/token-secrets.js';
import { statefulSetController } from '../controllers/statefulset/index.js';
import {
  attributesClassProtection,
  claimProtection,
  volumeProtection,
} from '../controllers/storage-protection/index.js';
import { taintEvictionController } from '../controllers/taint-eviction/index.js';
import { ttlAfterFinishedController } from '../controllers/ttl-after-finished/index.js';
import { volumeBinder } from '../controllers/volume-binder/index.js';
import { type Instructions, type KubeletOptions, kubeletControllers } from '../kubelet/index.js';
import type { Network } from '../network/network.js';
import { networkOptions, rangesOf } from '../network/options.js';
import type { Registry } from '../registry/registry.js';
import type { ContainerRuntime } from '../resources/container-runtime.js';
import type { ClusterOptions } from './options.js';

/** What is signed with, and trusted. */
interface Keys {
  readonly tokens: AccountTokens;
  /** Absent: pods find a certificate that signed nothing. */
  readonly authority?: KeyPair | undefined;
}

/** The controllers that can be switched on and off, by upstream's names, in the order in which they start first. */
const CONTROLLERS: Readonly<Record<string, (context: ControllerContext, keys: Keys) => Controller[]>> = {
  scheduler: context => [schedulerController(context)],
  'daemonset-controller': context => [daemonSetController(context)],
  'statefulset-controller': context => [statefulSetController(context)],
  'job-controller': context => [jobController(context)],
  'cronjob-controller': context => [cronJobController(context)],
  'ttl-after-finished-controller': context => [ttlAfterFinishedController(context)],
  'deployment-controller': context => [deploymentController(context)],
  'replicaset-controller': context => [replicaSetController(context)],
  'replicationcontroller-controller': context => [replicationControllerController(context)],
  'node-lifecycle-controller': context => [nodeLifecycleController(context)],
  'taint-eviction-controller': context => [taintEvictionController(context)],
  'disruption-controller': context => [disruptionController(context)],
  'pod-garbage-collector-controller': context => [podGCController(context)],
  'garbage-collector-controller': context => [garbageCollector(context)],
  'namespace-controller': context => [namespaceController(context)],
  'resourcequota-controller': context => [resourceQuotaController(context)],
  'persistentvolume-binder-controller': context => [volumeBinder(context)],
  'ephemeral-volume-controller': context => [ephemeralVolumeController(context)],
  'persistentvolumeclaim-protection-controller': context => [claimProtection(context)],
  'persistentvolume-protection-controller': context => [volumeProtection(context)],
  'volumeattributesclass-protection-controller': context => [attributesClassProtection(context)],
  'endpoints-controller': context => [endpointsController(context)],
  'endpointslice-controller': context => [endpointSliceController(context)],
  'serviceaccount-controller': context => [serviceAccountController(context)],
  'clusterrole-aggregation-controller': context => [clusterRoleAggregation(context)],
  'serviceaccount-token-controller': (context, { tokens, authority }) => [
    tokenSecretsController(context, tokens, authority?.certificate ?? CA_CERTIFICATE),
  ],
  'root-ca-certificate-publisher-controller': (context, { authority }) => [
    rootCAPublisher(context, authority?.certificate ?? CA_CERTIFICATE),
  ],
  'certificatesigningrequest-signing-controller': (context, { authority }) => [signingController(context, authority)],
  'certificatesigningrequest-cleaner-controller': context => [csrCleaner(context)],
  'validatingadmissionpolicy-status-controller': context => [policyStatusController(context)],
};

/** Names of the days before controllers were called `…-controller`; kube-controller-manager still takes them too. */
const ALIASES: Readonly<Record<string, string>> = {
  daemonset: 'daemonset-controller',
  statefulset: 'statefulset-controller',
  job: 'job-controller',
  cronjob: 'cronjob-controller',
  'ttl-after-finished': 'ttl-after-finished-controller',
  deployment: 'deployment-controller',
  replicaset: 'replicaset-controller',
  replicationcontroller: 'replicationcontroller-controller',
  nodelifecycle: 'node-lifecycle-controller',
  'taint-eviction': 'taint-eviction-controller',
  disruption: 'disruption-controller',
  podgc: 'pod-garbage-collector-controller',
  garbagecollector: 'garbage-collector-controller',
  namespace: 'namespace-controller',
  'persistentvolume-binder': 'persistentvolume-binder-controller',
  'ephemeral-volume': 'ephemeral-volume-controller',
  'pvc-protection': 'persistentvolumeclaim-protection-controller',
  'pv-protection': 'persistentvolume-protection-controller',
  resourcequota: 'resourcequota-controller',
  endpoint: 'endpoints-controller',
  endpointslice: 'endpointslice-controller',
  serviceaccount: 'serviceaccount-controller',
  'clusterrole-aggregation': 'clusterrole-aggregation-controller',
  'serviceaccount-token': 'serviceaccount-token-controller',
  csrsigning: 'certificatesigningrequest-signing-controller',
  csrcleaner: 'certificatesigningrequest-cleaner-controller',
  'validatingadmissionpolicy-status': 'validatingadmissionpolicy-status-controller',
  'root-ca-cert-publisher': 'root-ca-certificate-publisher-controller',
};

/** The kubelets' settings, in whichever form they were given; with a network, addresses are the network's and probes are made, unless they say otherwise. */
export function kubeletOptions({ kubelet = 'simulated', network }: ClusterOptions): KubeletOptions {
  const given: KubeletOptions = typeof kubelet === 'string' ? { mode: kubelet } : kubelet;
  const loopback = networkOptions(network);
  if (!loopback) return given;
  const { nodes, pods } = rangesOf(loopback);
  return { nodeCIDR: nodes, clusterCIDR: pods, probes: 'on', ...given };
}

/** What controllers work with besides the registry. */
interface ControllerParts {
  readonly tokens: AccountTokens;
  readonly instructions: Instructions;
  readonly containers: ContainerRuntime;
  readonly network: Network | undefined;
}

/**
 * Takes in the kubelets and the controllers that `options` ask for.
 * @returns what those are given that are taken in later
 * @throws TypeError for a controller that does not exist
 */
export function addControllers(
  runtime: Runtime,
  registry: Registry,
  options: ClusterOptions,
  { tokens, instructions, containers, network }: ControllerParts,
): ControllerContext {
  const events = createRecorderFactory(registry);
  const context: ControllerContext = { registry, recorder: events.recorder };
  for (const controller of kubeletControllers(context, kubeletOptions(options), { instructions, containers }))
    runtime.add(controller);
  runtime.add(events.controller);
  runtime.add(eventTtlController(context));
  runtime.add(customResourcesController(context));
  runtime.add(apiServicesController(context));
  runtime.add(flowControlController(context));
  for (const controller of network?.controllers(context) ?? []) runtime.add(controller);
  const chosen = chosenControllers(options.controllers ?? ['*']);
  for (const [name, make] of Object.entries(CONTROLLERS)) {
    if (chosen.has(name))
      for (const controller of make(context, { tokens, authority: options.authority })) runtime.add(controller);
  }
  return context;
}

/** `*` stands for all, `name` for one, `-name` for not this one, `-*` for none but those that are named, which count more. */
function chosenControllers(list: readonly string[]): ReadonlySet<string> {
  const names = Object.keys(CONTROLLERS);
  const chosen = new Set(list.includes('*') ? names : []);
  for (const item of list) {
    if (item === '*' || item === '-*') continue;
    const off = item.startsWith('-');
    const given = off ? item.slice(1) : item;
    const name = ALIASES[given] ?? given;
    if (!names.includes(name)) throw new TypeError(`there is no controller "${given}"; there are ${names.join(', ')}`);
    if (off) chosen.delete(name);
    else chosen.add(name);
  }
  return chosen;
}
