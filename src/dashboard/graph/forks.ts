/** A fork as the tour knows it. */
export interface ForkFacts {
  readonly id: string;
  readonly path: string;
}

export interface ForksAnswer {
  readonly forks: readonly ForkFacts[];
}

export const FORKS = 'query Forks { forks { id path } }';

export interface CreateForkAnswer {
  readonly createFork: ForkFacts;
}

export const CREATE_FORK = `mutation CreateFork($name: String, $era: Era, $rate: Float) {
  createFork(name: $name, era: $era, rate: $rate) { id path }
}`;

export const DELETE_FORK = 'mutation DeleteFork($id: ID!) { deleteFork(id: $id) { id } }';

export const SET_RATE = 'mutation SetRate($rate: Float!) { setClock(rate: $rate) { revision } }';

/** What is in a cluster that makes pods, and the nodes it makes them for. */
export interface InhabitantsAnswer {
  readonly daemonSets: { readonly nodes: readonly { readonly namespace: string; readonly name: string }[] };
  readonly workloads: {
    readonly nodes: readonly {
      readonly kind: string;
      readonly namespace: string;
      readonly name: string;
      readonly metadata: { readonly ownerReferences: readonly { readonly name: string }[] };
    }[];
  };
  readonly nodes: { readonly totalCount: number; readonly nodes: readonly { readonly name: string }[] };
}

export const INHABITANTS = `query Inhabitants {
  daemonSets(first: 500) { nodes { namespace name } }
  workloads(first: 500) { nodes { kind namespace name metadata { ownerReferences { name } } } }
  nodes(first: 100) { totalCount nodes { name } }
}`;

export interface PodsOnNodeAnswer {
  readonly pods: {
    readonly nodes: readonly { readonly namespace: string; readonly name: string; readonly json: PodShape }[];
  };
}

interface PodShape {
  readonly spec?: {
    readonly nodeName?: string;
    readonly schedulerName?: string;
    readonly affinity?: { readonly nodeAffinity?: unknown };
  };
}

export const PODS_ON_NODE = `query PodsOnNode($node: String!, $labelSelector: String!) {
  pods(nodeName: $node, labelSelector: $labelSelector, first: 5) { nodes { namespace name json } }
}`;

export interface DeletePodAnswer {
  readonly delete: { readonly changes: readonly { readonly revision: string }[] };
}

export const DELETE_POD = `mutation DeletePod($namespace: String!, $name: String!) {
  delete(kind: "Pod", namespace: $namespace, name: $name) { changes { revision } }
}`;
