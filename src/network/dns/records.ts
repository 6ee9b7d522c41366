/** The domain that a cluster's names are under: kubeadm's default. */
export const DOMAIN = 'cluster.local';
/**
 * How long an answer may be kept, in seconds, and a denial too: the kubernetes plugin's own default. kubeadm's Corefile has 30, which would hide for
 * half a minute what just happened to a pod.
 */
export const TTL = 5;
/** The version of the schema does not change while the server runs. */
export const SCHEMA_TTL = 28_800;
/** What `dns-version` tells, as CoreDNS does. */
export const SCHEMA_VERSION = '1.1.0';

/** A question about one name. */
export interface Question {
  /** As it was written, with or without a dot at its end: the answer repeats it. Bytes that no name in the cluster has are `\DDD`. */
  readonly name: string;
  /** A, AAAA, SRV…; types without a name are whatever else. */
  readonly type: string;
}

/** Names are without a dot at their end. TTLs are in seconds. */
export type DnsRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR' | 'TXT'; readonly data: string }
  | {
      readonly type: 'SRV';
      readonly data: {
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      };
    }
  | {
      readonly type: 'SOA';
      readonly data: {
        readonly mname: string;
        readonly rname: string;
        readonly serial: number;
        readonly refresh: number;
        readonly retry: number;
        readonly expire: number;
        readonly minimum: number;
      };
    }
);

export type Rcode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED' | 'BADVERS';

/** What is answered: NOERROR without answers is a name that has no record of that type. */
export interface Reply {
  readonly rcode: Rcode;
  /** Whether the name is of one of our zones. */
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}
