import { equalJson } from '../../resources/json.js';
import { quantitiesOf, toResourceList } from '../../resources/quantities.js';
import type { KubeObject, Pod, ResourceList, Toleration } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import { StatusError } from '../status.js';
import type { AdmissionPlugin, AdmissionRequest } from './admission.js';

interface RuntimeClass extends KubeObject {
  overhead?: { podFixed?: ResourceList };
  scheduling?: { nodeSelector?: Record<string, string>; tolerations?: Toleration[] };
}

/** A pod runs as its runtime class says: with that overhead, and on those nodes. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  resources: ['pods'],
  admit(request, registry) {
    if (request.operation !== 'CREATE') return;
    const found = classOf(request, registry);
    if (!found) return;
    const { spec } = request.object as Pod;
    if (found.overhead) {
      const overhead = found.overhead.podFixed ?? {};
      if (spec.overhead && !isSame(spec.overhead, overhead)) throw forbidden(request, MISMATCH);
      spec.overhead = overhead;
    }
    schedule(request, found.scheduling);
  },
  validate(request, registry) {
    if (request.operation !== 'CREATE') return undefined;
    const { spec } = request.object as Pod;
    const found = classOf(request, registry);
    if (found?.overhead) {
      if (!isSame(spec.overhead, found.overhead.podFixed)) throw forbidden(request, MISMATCH);
    } else if (spec.overhead)
      throw forbidden(request, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    return undefined;
  },
};

const MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

const isSame = (a: ResourceList | undefined, b: ResourceList | undefined) =>
  equalJson(toResourceList(quantitiesOf(a)), toResourceList(quantitiesOf(b)));

function classOf(request: AdmissionRequest, registry: Registry): RuntimeClass | undefined {
  const { runtimeClassName } = (request.object as Pod).spec;
  if (runtimeClassName === undefined) return undefined;
  const kind = registry.kinds.byResource('runtimeclasses.node.k8s.io');
  const found = kind && registry.get(kind, '', runtimeClassName)?.object;
  if (!found) throw forbidden(request, `pod rejected: RuntimeClass ${JSON.stringify(runtimeClassName)} not found`);
  return found as RuntimeClass;
}

/** What the class says of nodes goes with what the pod says. */
function schedule(request: AdmissionRequest, scheduling: RuntimeClass['scheduling']): void {
  if (!scheduling) return;
  const { spec } = request.object as Pod;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const wanted = spec.nodeSelector?.[key];
    if (wanted !== undefined && wanted !== value)
      throw forbidden(
        request,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${wanted}`,
      );
  }
  if (scheduling.nodeSelector) spec.nodeSelector = { ...spec.nodeSelector, ...scheduling.nodeSelector };
  const tolerations = [...(spec.tolerations ?? []), ...(scheduling.tolerations ?? [])];
  if (tolerations.length > 0) spec.tolerations = withoutRedundant(tolerations);
}

/** The tolerations that tolerate what no other does; of equal ones the first. */
function withoutRedundant(all: readonly Toleration[]): Toleration[] {
  const kept: Toleration[] = [];
  for (const [i, one] of all.entries()) {
    const isRedundant =
      kept.some(other => covers(other, one)) ||
      all.slice(i + 1).some(other => !equalJson(one, other) && covers(other, one));
    if (!isRedundant) kept.push(one);
  }
  return kept;
}

/** Whether `a` tolerates all that `b` does. */
function covers(a: Toleration, b: Toleration): boolean {
  if (equalJson(a, b)) return true;
  if ((a.key ?? '') !== (b.key ?? '') && (a.key || a.operator !== 'Exists')) return false;
  if (a.effect && a.effect !== b.effect) return false;
  if (a.effect === 'NoExecute' && a.tolerationSeconds !== undefined)
    if (b.tolerationSeconds === undefined || b.tolerationSeconds > a.tolerationSeconds) return false;
  if (a.operator === 'Exists') return true;
  return (b.operator ?? 'Equal') === 'Equal' && (a.value ?? '') === (b.value ?? '');
}

const forbidden = ({ kind, name }: AdmissionRequest, why: string) => StatusError.forbidden(kind, name, why);
