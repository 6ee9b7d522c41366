import type { Node } from '../../resources/types.js';
import { TAINTS } from '../../resources/well-known.js';
import type { AdmissionPlugin } from './admission.js';

const NOT_READY = { key: TAINTS.notReady, effect: 'NoSchedule' } as const;

/** Every new node starts out not ready; the node lifecycle controller lifts the taint (TNT-01). */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  resources: ['nodes'],
  admit({ operation, object }) {
    if (operation !== 'CREATE') return;
    const node = object as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some(t => t.key === NOT_READY.key && t.effect === NOT_READY.effect)) return;
    node.spec = { ...node.spec, taints: [...taints, { ...NOT_READY }] };
  },
};
