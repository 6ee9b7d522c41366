/** What a mutation of one object says it did. */
export interface Changed {
  readonly changes: readonly { readonly message: string }[];
  readonly warnings: readonly string[];
}

/** The template of a DaemonSet, and those it had. */
export interface Templates {
  readonly daemonSet: {
    readonly json: { readonly spec: { readonly template: Template } };
    readonly revisions: readonly {
      readonly revision: number;
      readonly changeCause: string | null;
      readonly json: { readonly data?: { readonly spec?: { readonly template?: Template } } };
    }[];
  } | null;
}

interface Template {
  readonly spec: { readonly containers: readonly Container[] };
}

/** A container of a template, as far as the page changes it. */
export interface Container {
  readonly name: string;
  readonly image: string;
}

export const TEMPLATES = `query Templates($namespace: String!, $name: String!) {
  daemonSet(namespace: $namespace, name: $name) { json revisions { revision changeCause json } }
}`;

const CHANGED = '{ changes { message } warnings }';

export const RESTART = `mutation Restart($namespace: String!, $name: String!) {
  done: restartRollout(namespace: $namespace, name: $name) ${CHANGED}
}`;

export const UNDO = `mutation Undo($namespace: String!, $name: String!, $toRevision: Int) {
  done: undoRollout(namespace: $namespace, name: $name, toRevision: $toRevision) ${CHANGED}
}`;

export const SET_IMAGES = `mutation SetImages($namespace: String!, $name: String!, $patch: JSON!) {
  done: patch(kind: "DaemonSet", namespace: $namespace, name: $name, type: STRATEGIC, patch: $patch) ${CHANGED}
}`;
