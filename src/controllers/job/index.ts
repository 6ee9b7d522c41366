import { controllerOf, indexByController } from '../../registry/indexes.js';
import type { Registry } from '../../registry/registry.js';
import { jobs, pods } from '../../resources/index.js';
import { labelSelectorMatcher } from '../../resources/selector.js';
import type { OwnerReference, Pod } from '../../resources/types.js';
import type { Job } from '../../resources/workload-types.js';
import type { Change } from '../../store/entry.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, nothing, source } from '../runtime/types.js';
import { concernedOwners, unlessGone } from '../workloads/owners.js';
import type { FailureRecord } from './backoff.js';
import { isFinished } from './finished.js';
import { isTracked } from './job-pods.js';
import { JobSync, release } from './job-sync.js';

/** Who Jobs are this controller's of. */
const ITSELF = 'kubernetes.io/job-controller';

/** Keys: of a Job, and of a pod that waits for a Job that will not count it. */
const JOB = 'job/';
const POD = 'pod/';

/**
 * Runs Jobs: makes pods until enough of them have succeeded or too many have failed, and counts each exactly once. Mirrors
 * `pkg/controller/job`; the order of a sync is in `job-sync.ts`, what is decided in it in `job-view.ts` and `manage.ts`, what is counted in
 * `tally.ts`.
 */
export function jobController(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('job-controller');
  const failures = new Map<string, FailureRecord>();

  function* jobKeys({ type, entry }: Change<Job>): Iterable<string> {
    yield JOB + keyOf(entry);
    if (type !== 'DELETED' && !isFinished(entry.object)) return;
    // Nobody will count these any more.
    for (const pod of indexByController(registry, pods).get(entry.uid)) {
      if (isTracked(pod.object)) yield POD + keyOf(pod);
    }
  }

  const concerned = concernedOwners(registry, jobs, ({ object }) => labelSelectorMatcher(object.spec.selector));

  function* podKeys(change: Change<Pod>): Iterable<string> {
    for (const key of concerned(change)) yield JOB + key;
    const { type, entry } = change;
    if (type !== 'DELETED' && isTracked(entry.object) && isStranded(registry, entry.object)) yield POD + keyOf(entry);
  }

  async function letGo(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const pod = registry.get(pods, namespace, name)?.object;
    if (pod && isTracked(pod) && isStranded(registry, pod)) await release(registry, pod);
  }

  return {
    name: 'job',
    workers: 5,
    watches: [source(jobs, jobKeys), source(pods, podKeys, nothing)],
    async reconcile(key, queue) {
      if (key.startsWith(POD)) {
        await letGo(key.slice(POD.length));
        return;
      }
      const { namespace, name } = splitKey(key.slice(JOB.length));
      const job = registry.get(jobs, namespace, name)?.object;
      if (!job || isFinished(job)) failures.delete(key);
      else if (isOurs(job)) {
        const sync = new JobSync({ registry, recorder, key, queue, failures });
        await unlessGone(registry, jobs, job, () => sync.run(job));
      }
    },
  };
}

const isOurs = ({ spec: { managedBy = ITSELF } }: Job): boolean => managedBy === ITSELF;

function jobOf(
  registry: Registry,
  namespace: string,
  { apiVersion, kind, name, uid }: OwnerReference,
): Job | undefined {
  if (kind !== 'Job' || apiVersion !== 'batch/v1') return undefined;
  const job = registry.get(jobs, namespace, name)?.object;
  return job?.metadata.uid === uid ? job : undefined;
}

/** Whether a pod has the finalizer of Jobs but no Job that would ever take it off: it is gone, or has ended. */
function isStranded(registry: Registry, pod: Pod): boolean {
  const owner = controllerOf(pod);
  if (!owner) return true;
  if (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1') return false;
  const job = jobOf(registry, pod.metadata.namespace ?? '', owner);
  return !job || (isOurs(job) && isFinished(job));
}
