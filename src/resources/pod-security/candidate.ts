import { compareText } from '../compare.js';
import type { Container, ObjectMeta, PodSecurityContext, PodSpec, SecurityContext } from '../types.js';

/** A pod, or the template of one, as the rules see it. */
export interface Candidate {
  readonly spec: PodSpec;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of all sorts, in upstream's order. */
  readonly containers: readonly Container[];
}

/** What of a pod is against a rule. */
export interface Violation {
  /** In few words. */
  readonly reason: string;
  /** Where it is, and what would be right. */
  readonly detail: string;
}

/** One demand on pods. */
export type Rule = (pod: Candidate) => Violation | undefined;

/** Makes ready what rules look at. */
export const candidateOf = ({ annotations = {} }: Partial<ObjectMeta>, spec: PodSpec): Candidate => ({
  spec,
  annotations,
  containers: [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])],
});

/** `"a", "b"`. */
export const quoted = (texts: readonly string[]): string => texts.map(text => `"${text}"`).join(', ');

/** The word for one, or that for several. */
export const counted = (count: number, one: string, several = `${one}s`): string => (count === 1 ? one : several);

/** `container "a"`, `volumes "a", "b"`. */
export const named = (noun: string, names: readonly string[]): string =>
  `${counted(names.length, noun)} ${quoted(names)}`;

/** Sorted, each once. */
export const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort(compareText);

/** The names of the containers that are so. */
export const containersThat = ({ containers }: Candidate, isSo: (container: Container) => boolean): string[] =>
  containers.filter(isSo).map(({ name }) => name);

const NO_CONTEXT = {};

/** What is found in a pod, and by whom it is set. */
export interface Findings {
  readonly setters: readonly string[];
  readonly values: readonly string[];
}

const NOTHING: Findings = { setters: [], values: [] };

/** What `find` finds in the security contexts of a pod and of its containers: `pod`, `containers "a", "b"`. */
export function inContexts(
  pod: Candidate,
  find: (context: PodSecurityContext | SecurityContext) => readonly string[],
): Findings {
  const ofPod = find(pod.spec.securityContext ?? NO_CONTEXT);
  const names = containersThat(pod, ({ securityContext = NO_CONTEXT }) => find(securityContext).length > 0);
  // Most pods are good, and looked at often.
  if (ofPod.length === 0 && names.length === 0) return NOTHING;
  return {
    setters: [...(ofPod.length > 0 ? ['pod'] : []), ...(names.length > 0 ? [named('container', names)] : [])],
    values: distinct([
      ...ofPod,
      ...pod.containers.flatMap(({ securityContext = NO_CONTEXT }) => find(securityContext)),
    ]),
  };
}
