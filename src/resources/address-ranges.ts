import { formatAddress, parseRange } from './ipv4.js';

/** The ranges (CIDRs) that a cluster's addresses come from. They must not overlap. */
export interface AddressRanges {
  /** Of nodes that come without an address. */
  readonly nodes: string;
  /** Of pods, cut into a block for each node. */
  readonly pods: string;
  /** Of Services. */
  readonly services: string;
}

/** As kind and kubeadm have them, but that there is room for the pods of 32,768 nodes. */
export const USUAL_RANGES: AddressRanges = {
  nodes: '172.18.0.0/16',
  pods: '10.128.0.0/9',
  services: '10.96.0.0/12',
};

/** The same in the network that every Linux machine has to itself: addresses that can be listened on. */
export const LOOPBACK_RANGES: AddressRanges = {
  nodes: '127.18.0.0/16',
  pods: '127.128.0.0/9',
  services: '127.96.0.0/12',
};

/** Which address of the range of Services cluster DNS has, by convention. */
const NUMBER_OF_DNS = 10;

/** The address of the Service `kubernetes`: the first of the range, as everywhere. */
export const apiAddress = ({ services }: AddressRanges): string => formatAddress(parseRange(services).base + 1);

/** What the API server is called by pods: the names of that Service. */
export const API_NAMES: readonly string[] = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** The address at which pods ask for names. */
export const dnsAddress = ({ services }: AddressRanges): string =>
  formatAddress(parseRange(services).base + NUMBER_OF_DNS);
