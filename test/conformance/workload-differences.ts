/** Differences from the recorded answers that are right in every scenario, with the reason in differences.md. */
export const WORKLOADS_EVERYWHERE: readonly RegExp[] = [
  // Pods.
  /\/metadata\/generation: want nothing got \d+/,
  /\/items\/\d+\/status\/observedGeneration: want nothing got \d+/,
  // ReplicaSets and Deployments.
  /\/status\/terminatingReplicas: want nothing got \d+/,
  // StatefulSets.
  /\/labels\/apps\.kubernetes\.io\/pod-index: want nothing got "\d"/,
  /\/rollingUpdate\/maxUnavailable: want nothing got 1/,
  /\/spec\/persistentVolumeClaimRetentionPolicy: want nothing got /,
  /\/status\/availableReplicas: want nothing got \d/,
  // Jobs.
  /\/finalizers: want nothing got \["batch\.kubernetes\.io\/job-tracking"\]/,
  /\/(labels|matchLabels)\/batch\.kubernetes\.io\/(controller-uid|job-name): want nothing got /,
  /\/spec\/selector\/matchLabels\/controller-uid: want "<uid>" got nothing/,
  /\/spec\/completionMode: want nothing got "NonIndexed"/,
  /\/spec\/podReplacementPolicy: want nothing got "TerminatingOrFailed"/,
  /\/spec\/(manualSelector|suspend): want nothing got false/,
  /\/status\/(ready|terminating): want nothing got \d+/,
  /\/status\/uncountedTerminatedPods: want nothing got \{\}/,
  /\/status\/conditions\/\d\/(message|reason): want nothing got "(Reached expected number of succeeded pods|CompletionsReached)"/,
  /\/status\/conditions\/1: want nothing got \{.*"type":"(FailureTarget|SuccessCriteriaMet)"\}/,
  // Budgets.
  /\/status\/conditions: want nothing got \[\{.*"type":"DisruptionAllowed"\}\]/,
  // Endpoints.
  /\/labels(\/endpoints\.kubernetes\.io\/managed-by)?: want nothing got (\{"endpoints\.kubernetes\.io\/managed-by":)?"endpoint-controller"\}?/,
];

/** A set tells how far it has come even if it could not go on. */
const TOLD_ALL_THE_SAME = /\/items\/0\/status\/readyReplicas: want nothing got 1/;

/** Those of single scenarios. */
export const WORKLOAD_DIFFERENCES: Readonly<Record<string, readonly RegExp[]>> = {
  'budget-bare-pods': [/^\/6\/items\/[13]\/status\/currentHealthy: want 0 got 2/],
  'job-backoff-limit': [
    /^\/1\/items\/1: want .* got nothing/,
    /^\/2\/items\/0\/status\/active: want 1 got nothing/,
    /^\/3\/items\/0\/times: want 2 got 1/,
  ],
  'job-backoff-limit-none': [/\/status\/failed: want 1 got 2/],
  'job-completes': [
    /\/status\/conditions\/0\/type: want "Complete" got "SuccessCriteriaMet"/,
    /\/status\/conditions\/1: want nothing got \{.*"type":"Complete"\}/,
  ],
  'job-deadline': [/\/status\/failed: want nothing got 2/],
  'job-pod-deleted': [/\/status\/failed: want nothing got 1/],
  'quota-usage': [
    /\/used\/secrets: want "1" got "0"/,
    /^\/3\/message: want ".* must specify limits\.memory,requests\.cpu" got ".* must specify limits\.memory for: main; requests\.cpu for: main"/,
  ],
  'statefulset-name-taken': [TOLD_ALL_THE_SAME, /^\/4\/items\/1: want .*"reason":"FailedCreate".* got nothing/],
  'statefulset-quota': [TOLD_ALL_THE_SAME],
  'statefulset-relabelled-pod': [
    /^\/3\/items\/0\/status\/(current|ready|updated)?[rR]eplicas: want 2 got 1/,
    // The refusal is told no more, and what follows moves up.
    /^\/[48]\/items\/[12](\/|: want .* got nothing)/,
  ],
};
