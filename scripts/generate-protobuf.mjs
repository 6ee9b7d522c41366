// Writes data/protobuf.json: field numbers and types of the API's protobuf messages. Reads data/schema.json, so run
// generate-schema.mjs first.
//
//   node scripts/generate-protobuf.mjs <facts>
//
// <facts> has protobuf-fields.json: message → field → [number, type], as in the generated.proto files of k8s.io/api and
// k8s.io/apimachinery. The form of the output is described in src/api/protobuf.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const facts = process.argv[2];
if (!facts) throw new Error('usage: node scripts/generate-protobuf.mjs <directory of facts>');
/** apiregistration.k8s.io is in a package of its own: its generated.proto. */
const META = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const APIREGISTRATION = 'k8s.io.kube-aggregator.pkg.apis.apiregistration.v1';
const registration = {
  APIService: {
    metadata: [1, `${META}.ObjectMeta`],
    spec: [2, `${APIREGISTRATION}.APIServiceSpec`],
    status: [3, `${APIREGISTRATION}.APIServiceStatus`],
  },
  APIServiceCondition: {
    type: [1, 'string'],
    status: [2, 'string'],
    lastTransitionTime: [3, `${META}.Time`],
    reason: [4, 'string'],
    message: [5, 'string'],
  },
  APIServiceList: { metadata: [1, `${META}.ListMeta`], items: [2, `[]${APIREGISTRATION}.APIService`] },
  APIServiceSpec: {
    service: [1, `${APIREGISTRATION}.ServiceReference`],
    group: [2, 'string'],
    version: [3, 'string'],
    insecureSkipTLSVerify: [4, 'bool'],
    caBundle: [5, 'bytes'],
    groupPriorityMinimum: [7, 'int32'],
    versionPriority: [8, 'int32'],
  },
  APIServiceStatus: { conditions: [1, `[]${APIREGISTRATION}.APIServiceCondition`] },
  ServiceReference: { namespace: [1, 'string'], name: [2, 'string'], port: [3, 'int32'] },
};

const messages = {
  ...JSON.parse(readFileSync(join(facts, 'protobuf-fields.json'), 'utf8')),
  ...Object.fromEntries(Object.entries(registration).map(([name, fields]) => [`${APIREGISTRATION}.${name}`, fields])),
};
const schema = JSON.parse(readFileSync(new URL('../data/schema.json', import.meta.url), 'utf8'));

const schemaName = message => message.replace(/^k8s\.io\./, 'io.k8s.');
const names = Object.keys(messages).map(schemaName).sort();
const indexes = new Map(names.map((name, i) => [name, i]));

/**
 * Scalar fields that are pointers in Go: their zero values mean something, while those of other fields are on the wire
 * always and mean nothing. A name alone stands for the field in every message.
 */
const POINTERS = new Set(
  `automountServiceAccountToken enableServiceLinks shareProcessNamespace setHostnameAsFQDN hostUsers optional
  allowPrivilegeEscalation privileged readOnlyRootFilesystem runAsNonRoot controller blockOwnerDeletion immutable
  allocateLoadBalancerNodePorts EndpointConditions.ready serving EndpointConditions.terminating started hostProcess suspend
  manualSelector orphanDependents attachRequired podInfoOnMount requiresRepublish storageCapacity seLinuxMount
  allowVolumeExpansion AzureDiskVolumeSource.readOnly CSIVolumeSource.readOnly adminAccess
  DeploymentSpec.replicas ReplicaSetSpec.replicas StatefulSetSpec.replicas ReplicationControllerSpec.replicas
  revisionHistoryLimit progressDeadlineSeconds terminationGracePeriodSeconds activeDeadlineSeconds tolerationSeconds runAsUser
  runAsGroup fsGroup defaultMode mode deletionGracePeriodSeconds gracePeriodSeconds parallelism completions backoffLimit
  backoffLimitPerIndex maxFailedIndexes ttlSecondsAfterFinished PodSpec.priority minDomains collisionCount partition minReplicas
  ClientIPConfig.timeoutSeconds ListOptions.timeoutSeconds TokenRequestSpec.expirationSeconds
  ServiceAccountTokenProjection.expirationSeconds CertificateSigningRequestSpec.expirationSeconds
  startingDeadlineSeconds successfulJobsHistoryLimit failedJobsHistoryLimit leaseDurationSeconds leaseTransitions
  JobStatus.terminating JobStatus.ready endPort stabilizationWindowSeconds targetCPUUtilizationPercentage averageUtilization
  currentCPUUtilizationPercentage lun PodDNSConfigOption.value remainingItemCount EndpointPort.port
  storageClassName volumeAttributesClassName ingressClassName TypedLocalObjectReference.apiGroup TypedObjectReference.apiGroup
  IngressClassParametersReference.apiGroup holderIdentity discovery.v1.EndpointPort.name HostPathVolumeSource.type
  terminatingReplicas DeviceAttribute.int DeviceAttribute.bool DeviceAttribute.string DeviceAttribute.version allNodes
  perDeviceNodeSelection allowMultipleAllocations bindsToNode nominalConcurrencyShares lendablePercent borrowingLimitPercent
  VolumeNodeResources.count storage.v1.TokenRequest.expirationSeconds NodeSwapStatus.capacity recursiveReadOnlyMounts
  userNamespaces NodeFeatures.supplementalGroupsPolicy HorizontalPodAutoscalerStatus.observedGeneration hostnameOverride
  ignoreStoreReadErrorWithClusterBreakingPotential`.split(/\s+/),
);

function isPointer(message, field) {
  const [group, version, type] = message.split('.').slice(-3);
  return [field, `${type}.${field}`, `${group}.${version}.${type}.${field}`].some(name => POINTERS.has(name));
}

function typeOf(wire) {
  if (wire.startsWith('[]')) return `[]${typeOf(wire.slice(2))}`;
  const map = wire.match(/^map<string,(.*)>$/);
  if (map) return `{}${typeOf(map[1])}`;
  return /^[a-z0-9]+$/.test(wire) ? wire : `#${indexes.get(schemaName(wire))}`;
}

/** Go's name for the wire is not always the one in JSON (`Webhooks`), and embedded structs have none there. */
function jsonName(message, field, wire) {
  const known = schema[message]?.fields;
  if (!known || Object.hasOwn(known, field)) return field;
  return (
    Object.keys(known).find(name => name.toLowerCase() === field.toLowerCase()) ?? (wire.includes('.') ? '' : field)
  );
}

const lines = names.map(name => {
  const fields = Object.entries(messages[name.replace(/^io\.k8s\./, 'k8s.io.')]).map(([field, [number, wire]]) => {
    const json = jsonName(name, field, wire);
    const kept = isPointer(name, json) || schema[name]?.present?.includes(json);
    return [number, json, typeOf(wire), ...(kept && /^(string|bool|int32|int64)$/.test(wire) ? [1] : [])];
  });
  fields.sort((a, b) => a[0] - b[0]);
  return `${JSON.stringify(name)}:${JSON.stringify(fields)}`;
});
// Versions that are served no more and have the same fields as their successors; see src/resources/old-versions.ts.
for (const kind of ['Eviction', 'PodDisruptionBudget', 'PodDisruptionBudgetList']) {
  const successor = `"io.k8s.api.policy.v1.${kind}":`;
  const fields = lines.find(line => line.startsWith(successor)).slice(successor.length);
  lines.push(`"io.k8s.api.policy.v1beta1.${kind}":${fields}`);
}
writeFileSync(new URL('../data/protobuf.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
console.log(`${lines.length} messages`);
