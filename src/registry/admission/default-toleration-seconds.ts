import type { Pod, Toleration } from '../../resources/types.js';
import { TAINTS } from '../../resources/well-known.js';
import type { AdmissionPlugin } from './admission.js';

const KEYS: readonly string[] = [TAINTS.notReady, TAINTS.unreachable];
const SECONDS = 300;

const covers = (t: Toleration, key: string) => (t.key === key || !t.key) && (t.effect === 'NoExecute' || !t.effect);

/** Whether a toleration is one that is given to pods that have none. */
export const isFilledIn = ({ key = '', tolerationSeconds }: Toleration): boolean =>
  KEYS.includes(key) && tolerationSeconds === SECONDS;

/** A pod that says nothing about nodes that fail stays on them for five minutes (DEF-06). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  resources: ['pods'],
  admit({ operation, object, subresource }) {
    if (subresource || operation === 'DELETE') return;
    const { spec } = object as Pod;
    const given = spec.tolerations ?? [];
    const missing = KEYS.filter(key => !given.some(t => covers(t, key)));
    if (missing.length === 0) return;
    spec.tolerations = [
      ...given,
      ...missing.map(key => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS })),
    ];
  },
};
