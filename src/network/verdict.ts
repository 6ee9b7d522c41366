import type { Pod } from '../resources/types.js';
import { type Sentence, sentence } from '../words/sentence.js';
import { endName, type Party, type TrafficVerdict } from './policies.js';

/** What policies say of one of the pods that may get a connection. */
export interface Judged {
  readonly pod: Pod;
  readonly verdict: TrafficVerdict;
}

/** Whether policies let a connection through to all who may get it, and in one sentence why, or why not. */
export function verdictOn(
  from: Party,
  judged: readonly Judged[],
): { readonly allowed: boolean; readonly why: Sentence } {
  const stopped = judged.find(({ verdict }) => !verdict.allowed) ?? judged[0];
  if (!stopped) return { allowed: false, why: sentence('traffic.nobody') };
  const { verdict, pod } = stopped;
  const { egress, ingress } = verdict;
  if (!egress.allowed)
    return { allowed: false, why: sentence('traffic.out', { end: endName(from), why: [egress.why] }) };
  if (!ingress.allowed)
    return {
      allowed: false,
      why: sentence('traffic.in', { end: endName({ address: '', pod }), why: [ingress.why] }),
    };
  return { allowed: true, why: sentence('traffic.allowed', { why: [egress.why, ingress.why] }) };
}
