import type { AdmissionPlugin } from './admission.js';
import { certificateRequests } from './certificates.js';
import { defaultTolerationSeconds } from './default-toleration-seconds.js';
import { namespaceLifecycle } from './namespace-lifecycle.js';
import { priority } from './priority.js';
import { serviceAddresses } from './service-addresses.js';
import { taintNodesByCondition } from './taint-nodes-by-condition.js';

/** In the order in which kube-apiserver runs them. */
export const ADMISSION: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  taintNodesByCondition,
  priority,
  defaultTolerationSeconds,
  certificateRequests,
  serviceAddresses,
];
