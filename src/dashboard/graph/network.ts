import type { Sentence } from '../../words/sentence.js';

/** What answers with a real socket: see `NetworkAddress` in `schema/traffic.graphql`. */
export interface AddressFacts {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly at: string;
  readonly kind: 'Pod' | 'Service';
  readonly namespace: string;
  readonly name: string;
  readonly way: 'POD' | 'NODE' | 'SERVICE';
  readonly node: string | null;
  readonly came: number;
}

export interface TrafficMessage {
  readonly traffic: {
    readonly network: 'OFF' | 'LOOPBACK' | 'PORTS';
    readonly whole: boolean;
    readonly changed: readonly AddressFacts[];
    readonly gone: readonly string[];
  };
}

export const TRAFFIC = `subscription Traffic {
  traffic { network whole gone changed { address port protocol at kind namespace name way node came } }
}`;

export const OPEN_NETWORK = 'mutation OpenNetwork { openNetwork { network addresses } }';

/** A Service as one chooses it to ask it. */
export interface ServiceFacts {
  readonly namespace: string;
  readonly name: string;
  readonly clusterIP: string | null;
  readonly ports: readonly ServicePortFacts[];
}

interface ServicePortFacts {
  readonly port: number;
  readonly nodePort: number | null;
  readonly protocol: string;
  /** The port of the pods: a number or a name. */
  readonly targetPort: string | null;
}

export interface ServicesAnswer {
  readonly objects: { readonly nodes: readonly ServiceFacts[] };
}

export const SERVICES = `query Services {
  objects(kind: "Service", first: 500) { nodes { ... on Service { namespace name clusterIP ports { port nodePort protocol targetPort } } } }
}`;

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** What of a pod says by which ways it is reached. */
export interface TargetPodAnswer {
  readonly pod: { readonly push: PushFacts | null; readonly services: readonly Named[] } | null;
}

export const TARGET_POD = `query TargetPod($namespace: String!, $name: String!) {
  pod(namespace: $namespace, name: $name) { push { to everySeconds } services { namespace name } }
}`;

interface PushFacts {
  readonly to: string;
  readonly everySeconds: number;
}

/** Pods that push the same. */
export interface PushersFacts {
  readonly push: PushFacts;
  readonly pods: { readonly totalCount: number; readonly nodes: readonly Named[] };
}

export interface PushesAnswer {
  readonly cluster: { readonly pushes: readonly PushersFacts[] };
}

export const PUSHES = `query Pushes {
  cluster { pushes { push { to everySeconds } pods(ready: true, first: 200) { totalCount nodes { namespace name } } } }
}`;

/** A request, as the server is told of it: `SendRequestInput`. */
export interface RequestInput {
  readonly from?: RequestSource;
  readonly to: RequestTarget;
  readonly protocol?: 'HTTP' | 'TCP' | 'UDP';
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly times?: number;
}

export type RequestSource = { readonly pod: Named } | { readonly node: string } | { readonly address: string };

export type RequestTarget =
  | { readonly node: { readonly name: string; readonly port: number } }
  | { readonly dns: { readonly name: string; readonly port: number } }
  | { readonly service: Named & { readonly port: number; readonly node?: string } }
  | { readonly address: { readonly address: string; readonly port: number } }
  | { readonly push: Named };

type RequestOutcome =
  | 'ANSWERED'
  | 'SENT'
  | 'NOT_SENT'
  | 'NO_SUCH_NAME'
  | 'REFUSED'
  | 'RESET'
  | 'DENIED'
  | 'NO_ANSWER'
  | 'FAILED';

interface ResponderFacts {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
}

/** What became of a request. */
export interface SentFacts {
  readonly outcome: RequestOutcome;
  readonly why: readonly Sentence[];
  readonly from: string | null;
  readonly lookups: readonly { readonly name: string; readonly rcode: string; readonly addresses: readonly string[] }[];
  readonly address: string | null;
  readonly port: number | null;
  readonly at: string | null;
  readonly status: number | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string | null;
  readonly cut: boolean;
  /** The pod that took it in, whatever it said. */
  readonly by: ResponderFacts | null;
}

/** Requests that ended alike. */
export interface TallyFacts {
  readonly outcome: RequestOutcome;
  readonly status: number | null;
  readonly by: ResponderFacts | null;
  readonly count: number;
}

export interface SendAnswer {
  readonly sendRequest: { readonly requests: readonly SentFacts[]; readonly tally: readonly TallyFacts[] };
}

export const SEND_REQUEST = `mutation SendRequest($input: SendRequestInput!) {
  sendRequest(input: $input) {
    requests(first: 1) {
      outcome why { code values } from lookups { name rcode addresses } address port at status headers { name value } body cut
      by { namespace pod node }
    }
    tally { outcome status count by { namespace pod node } }
  }
}`;
