import { valueAt } from '../plain/cells.js';
import { classOfClaim } from '../plain/volumes.js';
import type { Quantities } from '../quantities.js';
import { readQuantity, toUnits } from '../quantity.js';
import type { KubeObject } from '../types.js';
import type { Meter } from './meter.js';
import { isOfScope } from './scope.js';

const COUNT = 'persistentvolumeclaims';
const STORAGE = 'requests.storage';
const OF_A_CLASS = new RegExp(`\\.storageclass\\.storage\\.k8s\\.io/(${COUNT}|requests\\.storage)$`);

/** Claims and what they ask for, together and by storage class: `gold.storageclass.storage.k8s.io/requests.storage`. */
export const claimMeter: Meter = {
  chargesUpdates: true,
  uses: name => name === COUNT || name === `count/${COUNT}` || name === STORAGE || OF_A_CLASS.test(name),
  usage(claim): Quantities {
    const one = readQuantity('1');
    const usage = new Map([
      [COUNT, one],
      [`count/${COUNT}`, one],
    ]);
    const storageClass = classOfClaim(claim);
    const ofClass = (resource: string) => `${storageClass}.storageclass.storage.k8s.io/${resource}`;
    if (storageClass) usage.set(ofClass(COUNT), one);
    const asked = valueAt(claim, 'spec.resources.requests.storage');
    if (typeof asked !== 'string') return usage;
    // Fractions of a byte count as bytes.
    const { format } = readQuantity(asked);
    const storage = { nano: BigInt(toUnits(asked)) * 1_000_000_000n, format };
    usage.set(STORAGE, storage);
    if (storageClass) usage.set(ofClass(STORAGE), storage);
    return usage;
  },
  isOf: (scope, claim) => {
    if (scope.scopeName !== 'VolumeAttributesClass') return false;
    const names = attributesClasses(claim);
    return names.length === 0 ? isOfScope(scope, undefined) : names.some(name => isOfScope(scope, name));
  },
};

/** The class that a claim asks for, the one that it has, and the one that it is on the way to. */
function attributesClasses(claim: KubeObject): string[] {
  return [
    valueAt(claim, 'spec.volumeAttributesClassName'),
    valueAt(claim, 'status.currentVolumeAttributesClassName'),
    valueAt(claim, 'status.modifyVolumeStatus.targetVolumeAttributesClassName'),
  ].filter((name): name is string => typeof name === 'string' && name !== '');
}
