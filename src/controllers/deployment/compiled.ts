import type { Registry } from '../../registry/registry.js';
import { deployments, replicaSets } from '../../resources/index.js';
import { sortKeys } from '../../resources/json.js';
import { type LabelMatcher, labelSelectorMatcher } from '../../resources/selector.js';
import type { Deployment, ReplicaSet } from '../../resources/workload-types.js';
import { Claimed, describeMetadata } from '../workloads/claim.js';
import { templateHash } from '../workloads/template-hash.js';

/** What follows from one version of a Deployment's spec, worked out once. Holds for one uid and generation. */
export class CompiledDeployment {
  readonly selector: LabelMatcher;
  readonly replicaSets: Claimed<ReplicaSet, Deployment>;
  readonly #deployment: Deployment;
  #text: string | undefined;

  constructor(registry: Registry, deployment: Deployment) {
    this.selector = labelSelectorMatcher(deployment.spec.selector);
    const { selector } = this;
    this.replicaSets = new Claimed(registry, {
      owner: deployments,
      kind: replicaSets,
      selector,
      describe: describeMetadata,
    });
    this.#deployment = deployment;
  }

  /** Whether all this still holds for `deployment`. */
  holdsFor({ metadata }: Deployment): boolean {
    const { uid, generation } = this.#deployment.metadata;
    return metadata.uid === uid && metadata.generation === generation;
  }

  /** What tells the pods of the template from those of others. */
  hash(collisionCount: number | undefined): string {
    this.#text ??= JSON.stringify(sortKeys(this.#deployment.spec.template));
    return templateHash(this.#text, collisionCount);
  }
}
