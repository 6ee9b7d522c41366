import { setPodDefaults } from '../../resources/defaults/pod-spec.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { cloneJson, share } from '../../resources/json.js';
import type { KubeObject, ObjectMeta, Pod, PodSpec, PodTemplateSpec } from '../../resources/types.js';
import { controllerReference } from './claim.js';

/**
 * The metadata that all pods made from a template have in common, made once and shared (POD-01..04): a name to be generated
 * from the owner's, labels, annotations and finalizers of the template, and nothing else of it. Mirrors `GetPodFromTemplate`.
 * @param kind of the owner
 * @param labels beside those of the template
 */
export function podMetadata<O extends KubeObject>(
  kind: ResourceDefinition<O>,
  owner: O,
  { metadata: template }: PodTemplateSpec,
  labels: Readonly<Record<string, string>> = {},
): Partial<ObjectMeta> {
  const { name, namespace = '' } = owner.metadata;
  return {
    // Legal whatever the name: the rule for stems passes over the sign before a dash, and so allows one more.
    generateName: `${name}-`,
    namespace,
    labels: share({ ...template?.labels, ...labels }),
    ...(template?.annotations ? { annotations: share({ ...template.annotations }) } : {}),
    ...(template?.finalizers ? { finalizers: share([...template.finalizers]) } : {}),
    ownerReferences: share([controllerReference(kind, owner)]),
  };
}

/**
 * `spec` as pods will have it once they have their defaults, with every field of it shared by all pods of the set, in
 * memory and as text: that is most of a pod.
 */
export function sharedSpec(spec: PodSpec): PodSpec {
  const pod = cloneJson({ metadata: {}, spec, status: {} }) as Pod;
  setPodDefaults(pod);
  for (const field of Object.values(pod.spec)) share(field);
  return pod.spec;
}
