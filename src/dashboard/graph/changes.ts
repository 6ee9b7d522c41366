import type { ObjectShape } from '../changes/forms.js';

export interface ObjectJsonAnswer {
  readonly object: ObjectShape | null;
}

export const OBJECT_JSON = `query ObjectJson($kind: String!, $namespace: String!, $name: String!) {
  object(kind: $kind, namespace: $namespace, name: $name) {
    json
    ... on DaemonSet { revisions { revision changeCause json } }
    ... on Workload {
      revisions { revision changeCause json }
      children {
        images
        metadata {
          revision: annotation(key: "deployment.kubernetes.io/revision")
          changeCause: annotation(key: "kubernetes.io/change-cause")
        }
      }
    }
  }
}`;

/** What came of changes, line by line. */
export interface Outcome {
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
}

export interface AppliedAnswer {
  readonly applyChanges: { readonly changes: readonly Outcome[] };
}

export const APPLY_CHANGES = `mutation ApplyChanges($changes: [ChangeInput!]!) {
  applyChanges(changes: $changes) { changes { messages warnings } }
}`;
