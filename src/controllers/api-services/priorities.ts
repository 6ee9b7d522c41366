/** A version of a group. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** What upstream's groups come before, in clients that look for a kind in all of them. */
const GROUPS: Readonly<Record<string, number>> = {
  '': 18_000,
  extensions: 17_900,
  apps: 17_800,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'networking.k8s.io': 17_200,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'storage.k8s.io': 16_800,
  'apiextensions.k8s.io': 16_700,
  'admissionregistration.k8s.io': 16_700,
  'scheduling.k8s.io': 16_600,
  'coordination.k8s.io': 16_500,
  'node.k8s.io': 16_300,
  'discovery.k8s.io': 16_200,
  'flowcontrol.apiserver.k8s.io': 16_100,
  'resource.k8s.io': 15_900,
  'metrics.k8s.io': 100,
};

/** Versions that do not have the place of every stable one. */
const VERSIONS: Readonly<Record<string, number>> = {
  'v1.': 1,
  'v1beta1.extensions': 1,
  'v1beta2.apps': 9,
  'v2.autoscaling': 30,
  'v1.flowcontrol.apiserver.k8s.io': 21,
  'v1beta1.metrics.k8s.io': 100,
};
const STABLE = 15;

/** Groups of custom kinds come after all others. */
const CUSTOM = { groupPriorityMinimum: 1000, versionPriority: 100 };

export function prioritiesOf({ group, version }: GroupVersion): {
  groupPriorityMinimum: number;
  versionPriority: number;
} {
  const groupPriorityMinimum = GROUPS[group];
  if (groupPriorityMinimum === undefined) return CUSTOM;
  return { groupPriorityMinimum, versionPriority: VERSIONS[`${version}.${group}`] ?? STABLE };
}
