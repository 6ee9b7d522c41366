import { expect } from 'vitest';
import type { Cluster } from '../../../src/index.js';
import { internalIP } from '../../../src/resources/state.js';
import type { Pod } from '../../../src/resources/types.js';

/** Agents at a port of their node, by TCP and UDP, behind a Service and a headless one. */
export const MANIFESTS = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
      - name: main
        image: agent:1
        ports:
        - {name: http, containerPort: 9100, hostPort: 9100}
        - {name: stats, containerPort: 8125, hostPort: 8125, protocol: UDP}
---
apiVersion: v1
kind: Service
metadata: {name: agent}
spec: {type: NodePort, selector: {app: agent}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: agents}
spec: {clusterIP: None, selector: {app: agent}, ports: [{port: 9100}]}
`;

interface Sent {
  readonly outcome: string;
  readonly message: string;
  readonly from: string | null;
  readonly lookups: readonly { name: string; rcode: string; addresses: string[] }[];
  readonly address: string | null;
  readonly port: number | null;
  readonly at: string | null;
  readonly status: number | null;
  readonly headers: readonly { name: string; value: string }[];
  readonly body: string | null;
  readonly cut: boolean;
  readonly by: { namespace: string; pod: string; node: string } | null;
}
export interface Payload {
  readonly requests: readonly Sent[];
  readonly tally: readonly { outcome: string; status: number | null; by: { pod: string } | null; count: number }[];
}

export const SEND = `mutation($input: SendRequestInput!) {
  sendRequest(input: $input) {
    requests { outcome message from lookups { name rcode addresses } address port at status headers { name value } body cut by { namespace pod node } }
    tally { outcome status by { pod } count }
  }
}`;

/** The agent on a node. */
export const agentOn = (cluster: Cluster, node: string): Pod =>
  cluster
    .object('ds/agent')
    .pods()
    .find(({ spec }) => spec.nodeName === node)!;

/** The address that a node is known by. */
export const addressOf = (cluster: Cluster, node: string): string =>
  internalIP(cluster.object<`node/${string}`>(`node/${node}`).current!)!;

/** Asks a cluster's GraphQL. */
export async function ask(from: Cluster, query: string, variables: object = {}) {
  const { url } = await from.listen();
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()) as {
    data: Record<string, unknown> | null;
    errors?: { message: string; extensions: { code: string } }[];
  };
}

/** Sends requests, and tells what became of them. */
export async function sendAll(from: Cluster, input: object): Promise<Payload> {
  const { data, errors } = await ask(from, SEND, { input });
  expect(errors).toBeUndefined();
  return data!.sendRequest as Payload;
}
