import type { Registry } from '../../registry/registry.js';
import { controllerRevisions, daemonSets, pods } from '../../resources/index.js';
import { type LabelMatcher, labelSelectorMatcher } from '../../resources/selector.js';
import type { ControllerRevision, DaemonSet, Node, Pod } from '../../resources/types.js';
import type { Entry } from '../../store/entry.js';
import { Claimed, describeMetadata } from '../workloads/claim.js';
import { REVISION_HASH_LABEL, type RevisionData, revisionData } from '../workloads/revisions.js';
import { type DaemonPod, daemonPodOf, isTerminal } from './daemon-pod.js';
import type { CompiledScheduling, DaemonScheduling, DetailedVerdict } from './eras/era.js';
import type { PodsByNode } from './manage.js';

/**
 * What follows from one version of a set's spec, and what was worked out with it in earlier syncs: a sync that finds little
 * changed must cost little, also on thousands of nodes. Holds for one uid and generation.
 */
export class CompiledDaemonSet {
  readonly uid: string;
  readonly generation: number | undefined;
  readonly selector: LabelMatcher;
  readonly pods: Claimed<Pod, DaemonSet>;
  readonly revisions: Claimed<ControllerRevision, DaemonSet>;
  readonly #set: DaemonSet;
  readonly #schedulingOf: DaemonScheduling;
  #scheduling: CompiledScheduling | undefined;
  #revision: RevisionData | undefined;
  #nodes: readonly Entry<Node>[] = [];
  #verdicts: readonly DetailedVerdict[] = [];
  #claimed: readonly Entry<Pod>[] = [];
  #podsByNode: PodsByNode = new Map();

  constructor(registry: Registry, scheduling: DaemonScheduling, set: DaemonSet) {
    this.uid = set.metadata.uid;
    this.generation = set.metadata.generation;
    this.selector = labelSelectorMatcher(set.spec.selector);
    const { selector } = this;
    this.pods = new Claimed(registry, { owner: daemonSets, kind: pods, selector, describe: daemonPodOf });
    this.revisions = new Claimed(registry, {
      owner: daemonSets,
      kind: controllerRevisions,
      selector,
      describe: describeMetadata,
    });
    this.#set = set;
    this.#schedulingOf = scheduling;
  }

  /** Whether all this still holds for `set`. */
  holdsFor({ metadata }: DaemonSet): boolean {
    return metadata.uid === this.uid && metadata.generation === this.generation;
  }

  get scheduling(): CompiledScheduling {
    this.#scheduling ??= this.#schedulingOf.compile(this.#set);
    return this.#scheduling;
  }

  /** The template as a revision keeps it. */
  get revision(): RevisionData {
    this.#revision ??= revisionData(this.#set.spec.template);
    return this.#revision;
  }

  /** The verdicts on all nodes, given in the order of their names; those on nodes that did not change are remembered. */
  verdicts(nodes: readonly Entry<Node>[]): readonly DetailedVerdict[] {
    const { scheduling } = this;
    if (scheduling.stable && nodes === this.#nodes) return this.#verdicts;
    const former = scheduling.stable ? this.#nodes : [];
    let at = 0;
    const verdicts = nodes.map(node => {
      while (at < former.length && former[at]!.name < node.name) at++;
      return former[at] === node ? this.#verdicts[at]! : scheduling.verdict(node);
    });
    this.#nodes = nodes;
    this.#verdicts = verdicts;
    return verdicts;
  }

  /** The claimed pods by node, without those that have ended and are going, where these no longer stand in the way (REF-10). */
  podsByNode(claimed: readonly Entry<Pod>[]): PodsByNode {
    if (claimed === this.#claimed) return this.#podsByNode;
    const byNode = new Map<string, DaemonPod[]>();
    for (const entry of claimed) {
      const pod = daemonPodOf(entry);
      if (pod.node === undefined) continue;
      if (pod.terminating && isTerminal(pod) && !this.#schedulingOf.keepsEnded) continue;
      const pods = byNode.get(pod.node);
      if (pods) pods.push(pod);
      else byNode.set(pod.node, [pod]);
    }
    this.#claimed = claimed;
    this.#podsByNode = byNode;
    return byNode;
  }
}

/** The revision hashes that pods of the set still carry, ended and going ones included (REV-08). */
export function liveHashes(claimed: readonly Entry<Pod>[]): Set<string> {
  const hashes = new Set<string>();
  for (const entry of claimed) {
    const pod = daemonPodOf(entry);
    const hash = pod.labels?.[REVISION_HASH_LABEL];
    if (pod.node !== undefined && hash) hashes.add(hash);
  }
  return hashes;
}
