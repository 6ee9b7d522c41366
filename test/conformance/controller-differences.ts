/** Differences from the recorded answers that are right in every scenario, with the reason in differences.md. */
export const EVERYWHERE: readonly RegExp[] = [
  /\/spec\/updateStrategy\/rollingUpdate\/maxSurge: want nothing got 0/,
  /\/metadata\/generation: want nothing got \d+/,
  /\/observedGeneration: want nothing got \d+/,
  /\/component: want "taint-controller" got "taint-eviction-controller"/,
  /\/message: want "Preempted by \{ns\}\/\S+ on node (\w+)" got "Preempted by pod <uid> on node \1"/,
  /\/status\/conditions\/\d: want nothing got \{.*"type":"DisruptionTarget"\}/,
];

/** A set tells how far it has come even if a pod could not be made. */
const TOLD_ALL_THE_SAME = [
  /\/status\/(current|desired)NumberScheduled: want 0 got \d/,
  /\/status\/(numberAvailable|numberUnavailable|updatedNumberScheduled): want nothing got \d/,
  /\/status\/numberReady: want 0 got \d/,
];
const TERMINATING_REPLICAS = /\/status\/terminatingReplicas: want nothing got 0/;
/** Once a pod is bound, nothing tells any more where it waited to be. */
const BOUND = /\/status\/nominatedNodeName: want "n\d" got nothing/;

/** Those of single scenarios. */
export const CONTROLLER_DIFFERENCES: Readonly<Record<string, readonly RegExp[]>> = {
  'apply-errors': [/^\/4\/(message|causes\/0): want .*v1\.LabelSelector\{.* got .*\{\\"matchLabels\\":/],
  'deployment-beside': [TERMINATING_REPLICAS],
  'failed-pod-with-finalizer': [/^\/3\/items\/(1|2: want nothing got )/],
  'held-pods-of-a-lost-node': [/^\/3\/items\/0\/status\/phase: want "Running" got "Failed"/],
  'host-network-ports': [
    /^\/4\/items\/[02]\/spec\/template\/spec\/containers\/0\/ports\/0\/hostPort: want 9100 got nothing/,
  ],
  // Every message quotes the number, which 1.20 does in Go's syntax, and its causes tell it twice.
  'max-unavailable-of-none': [/^\/[1-7]\/(message|causes\/\d): want .*maxUnavailable/],
  'limit-range': TOLD_ALL_THE_SAME,
  preemption: [BOUND],
  'preemption-budget': [BOUND],
  'preemption-graceful': [/^\/7\/items\/0\/status\/nominatedNodeName: want "n1" got nothing/],
  'preemption-of-a-daemon': [BOUND],
  'preemption-spares': [BOUND],
  'priority-by-number': TOLD_ALL_THE_SAME,
  'priority-class-of-template': TOLD_ALL_THE_SAME,
  'quota-refuses-pods': TOLD_ALL_THE_SAME.map(({ source }) => new RegExp(`^/2/.*${source}`)),
  'runtime-class-missing': TOLD_ALL_THE_SAME,
  'service-selects-daemon-pods': [
    /^\/2\/items\/0\/metadata\/labels\/endpoints\.kubernetes\.io\/managed-by: want nothing got "endpoint-controller"/,
    /^\/3\/items\/0: want nothing got \{"addressType":"IPv4"/,
  ],
  // One more pod is told of, and what follows moves down.
  'succeeded-pod': [
    /^\/2\/items\/0\/status\/phase: want "Succeeded" got "Running"/,
    /^\/5\/items\/[1-4](\/|: want nothing got )/,
  ],
};

/** Those of single scenarios of ordinary pods. */
export const SCHEDULING_DIFFERENCES: Readonly<Record<string, readonly RegExp[]>> = {
  'nominated-and-a-better-place': [BOUND],
  'nominated-displaced': [/^\/8\/.*nominatedNodeName: want "n1" got nothing/],
  'nominated-place-is-kept': [/^\/8\/.*nominatedNodeName: want "n1" got nothing/],
  'preempts-fewest-breaches': [BOUND],
  'preempts-for-daemons': [BOUND],
  'preempts-least-important': [BOUND],
  'preempts-no-more-than-needed': [BOUND],
  'preempts-smallest-sum': [BOUND],
  'preempts-what-keeps-away': [BOUND],
  'preempts-where-it-helps': [BOUND],
  'preempts-youngest': [BOUND],
};
