import type { JsonObject } from '../../resources/json.js';
import type { KubeObject } from '../../resources/types.js';
import type { Registry } from '../registry.js';
import type { AdmissionPlugin } from './admission.js';

/** A kind that names a class, or leaves it to the one that is marked as the default. */
interface Classed {
  readonly resource: string;
  /** In `spec`. */
  readonly field: string;
  /** The annotation that named the class before there was the field. */
  readonly oldName: string;
  readonly classes: string;
  /** Annotations that mark a class as the default. */
  readonly marks: readonly string[];
}

/** Of several defaults the newest counts. */
function defaultClass(registry: Registry, { classes, marks }: Classed): string | undefined {
  const kind = registry.kinds.byResource(classes);
  if (!kind) return undefined;
  const [newest] = registry
    .all(kind)
    .map(({ object }) => object.metadata)
    .filter(({ annotations }) => marks.some(mark => annotations?.[mark] === 'true'))
    .sort((a, b) =>
      a.creationTimestamp === b.creationTimestamp ? 0 : a.creationTimestamp > b.creationTimestamp ? -1 : 1,
    );
  return newest?.name;
}

const namesDefault = (name: string, classed: Classed): AdmissionPlugin => ({
  name,
  resources: [classed.resource],
  admit({ operation, object }, registry) {
    if (operation !== 'CREATE') return;
    const draft = object as KubeObject & { spec?: JsonObject };
    // An empty name asks for no class.
    if (draft.spec?.[classed.field] !== undefined || draft.metadata.annotations?.[classed.oldName] !== undefined)
      return;
    const found = defaultClass(registry, classed);
    if (found !== undefined) draft.spec = { ...draft.spec, [classed.field]: found };
  },
});

/** A claim that names no storage class is of the default one. */
export const defaultStorageClass = namesDefault('DefaultStorageClass', {
  resource: 'persistentvolumeclaims',
  field: 'storageClassName',
  oldName: 'volume.beta.kubernetes.io/storage-class',
  classes: 'storageclasses.storage.k8s.io',
  marks: ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'],
});

/** An Ingress that names no class is of the default one. */
export const defaultIngressClass = namesDefault('DefaultIngressClass', {
  resource: 'ingresses.networking.k8s.io',
  field: 'ingressClassName',
  oldName: 'kubernetes.io/ingress.class',
  classes: 'ingressclasses.networking.k8s.io',
  marks: ['ingressclass.kubernetes.io/is-default-class'],
});
