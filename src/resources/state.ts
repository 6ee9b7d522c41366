import type { Condition, Container, KubeObject, Node, Pod } from './types.js';

/** An object whose state is told in conditions; drafts may not have a status yet. */
interface Conditioned {
  readonly status?: { readonly conditions?: readonly Condition[] } | undefined;
}

/** Whether the object is marked for deletion. */
export const isTerminating = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

/** The object's condition of a type. */
export const conditionOf = ({ status }: Conditioned, type: string): Condition | undefined =>
  status?.conditions?.find(condition => condition.type === type);

/** Whether a condition is there and True. */
export const holds = (object: Conditioned, type: string): boolean => conditionOf(object, type)?.status === 'True';

/** Whether a pod, or a node, is ready. */
export const isReady = (object: Conditioned): boolean => holds(object, 'Ready');

/** `conditions` with this one in the place of the one of its type, or at the end. Mirrors `UpdatePodCondition`. */
export function withCondition(conditions: readonly Condition[] | undefined, condition: Condition): Condition[] {
  const result = [...(conditions ?? [])];
  const at = result.findIndex(({ type }) => type === condition.type);
  result[at < 0 ? result.length : at] = condition;
  return result;
}

/** The address by which a node is known inside the cluster; drafts may not have one yet. */
export const internalIP = ({ status }: { readonly status?: Partial<Node['status']> | undefined }): string | undefined =>
  status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;

/** Whether a pod has ended for good, and takes nothing of its node any more (SCH-01). */
export const hasEnded = ({ status }: Pick<Pod, 'status'>): boolean =>
  status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** An init container that goes on running beside the others. */
export const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

/** Marks pods that stand for what a node runs by itself. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Whether a pod only stands for one that its node runs by itself. */
export const isMirror = ({ metadata }: KubeObject): boolean => metadata.annotations?.[MIRROR_ANNOTATION] !== undefined;
