/** Differences from the recorded answers that are right in every scenario, with the reason in differences.md. */
export const EVERYWHERE: readonly RegExp[] = [
  /\/spec\/updateStrategy\/rollingUpdate\/maxSurge: want nothing got 0/,
  /\/metadata\/generation: want nothing got \d+/,
  /\/observedGeneration: want nothing got \d+/,
];

const PREEMPTION =
  /message: want "0\/\d nodes are available: .*\." got "0\/\d nodes are available: .*\. preemption: 0\/\d nodes are available: /;

/** Those of single scenarios. */
export const CONTROLLER_DIFFERENCES: Readonly<Record<string, readonly RegExp[]>> = {
  'apply-errors': [
    /^\/4\/(message|causes\/0): want .*v1\.LabelSelector\{.* got .*\{\\"matchLabels\\":/,
    /^\/14\/(reason|message): want nothing got /,
    /^\/18\/message: want "invalid continue token: continue key is not valid: .*" got "invalid continue token: continue key is not valid: /,
  ],
  'host-port-conflict': [PREEMPTION],
  'not-enough-cpu': [PREEMPTION],
  'too-many-pods': [PREEMPTION],
  // The order in which the two pods are listed follows their generations, which 1.20 has none of.
  'pod-edit-does-not-reach-template': [/^\/2\/items\/[01]\//],
  preemption: [
    /^\/6\/items\/1\/message: want "Preempted by \{ns\}\/vital-\* on node n1" got "Preempted by pod <uid> on node n1"/,
    /\/status\/nominatedNodeName: want "n1" got nothing/,
  ],
  'service-selects-daemon-pods': [
    /^\/2\/items\/0\/metadata\/labels\/endpoints\.kubernetes\.io\/managed-by: want nothing got "endpoint-controller"/,
    /^\/3\/items\/0: want nothing got \{"addressType":"IPv4"/,
  ],
};
