import { BIND_COMPLETED } from '../../placement/volumes/binding.js';
import {
  classOf,
  isFor,
  mismatch,
  type PersistentVolume,
  type PersistentVolumeClaim,
  volumesFor,
} from '../../placement/volumes/match.js';
import { SELECTED_NODE, type StorageClass, waitsForConsumer } from '../../placement/volumes/storage-view.js';
import type { ResourceDefinition } from '../../resources/definition.js';
import { nodes } from '../../resources/index.js';
import { isTerminating } from '../../resources/state.js';
import { keyOf, splitKey } from '../runtime/keys.js';
import { type Controller, type ControllerContext, source } from '../runtime/types.js';
import { annotated, BOUND_BY_CONTROLLER, claims, keptFor, storageClassesOf, volumes } from './kinds.js';
import { goesWithClaim, madeFor, PROVISIONER } from './provisioner.js';

/**
 * Gives claims the volumes that there are: of their class, large enough, with their modes and labels. It makes volumes for classes
 * of its own provisioner alone, and reclaims those alone: what a claim leaves is Released. Claims of a class that waits for its first consumer wait until the scheduler has
 * chosen a node for it, and with it the volume. Keys are claims, and volumes as `/name`.
 */
export function volumeBinder(context: ControllerContext): Controller {
  const { registry } = context;
  const recorder = context.recorder('persistentvolume-controller');
  const provisioner = context.recorder(PROVISIONER);
  const classes = storageClassesOf(registry);

  const waiting = (): string[] =>
    registry.all(claims).flatMap(entry => (entry.object.status.phase === 'Pending' ? [keyOf(entry)] : []));

  async function setPhase<T extends PersistentVolume | PersistentVolumeClaim>(
    kind: ResourceDefinition<T>,
    object: T,
    status: Partial<T['status']>,
  ): Promise<void> {
    await registry.update(kind, { ...object, status: { ...object.status, ...status } }, { subresource: 'status' });
  }

  async function bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> {
    let mine = volume;
    if (volume.spec.claimRef?.uid !== claim.metadata.uid)
      mine = (await registry.update(volumes, keptFor(volume, claim))).object;
    await setPhase(volumes, mine, { phase: 'Bound' });
    const chosen = claim.spec.volumeName ? claim : annotated(claim, BOUND_BY_CONTROLLER);
    const spec = { ...claim.spec, volumeName: volume.metadata.name };
    const { object } = await registry.update(claims, { ...annotated(chosen, BIND_COMPLETED), spec });
    const { capacity, accessModes } = volume.spec;
    await setPhase(claims, object, {
      phase: 'Bound',
      ...(accessModes ? { accessModes } : {}),
      ...(capacity ? { capacity } : {}),
    });
  }

  /** Makes a volume for a claim, and tells of it; the volume then finds its claim. */
  async function provision(claim: PersistentVolumeClaim, storageClass: StorageClass): Promise<void> {
    const nodeName = claim.metadata.annotations?.[SELECTED_NODE];
    const node = nodeName === undefined ? undefined : registry.get(nodes, '', nodeName)?.object;
    const draft = madeFor(claim, storageClass, node);
    if (registry.get(volumes, '', draft.metadata.name!)) return;
    const message = `External provisioner is provisioning volume for claim "${keyOf(claim.metadata)}"`;
    provisioner.event(claim, 'Normal', 'Provisioning', message);
    await registry.create(volumes, draft);
    const made = `Successfully provisioned volume ${draft.metadata.name}`;
    provisioner.event(claim, 'Normal', 'ProvisioningSucceeded', made);
  }

  /** Tells why a claim has to wait. */
  function tellWhy(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): void {
    const name = classOf(claim);
    if (!name)
      recorder.event(
        claim,
        'Normal',
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
      );
    else if (!storageClass)
      recorder.event(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`);
    else
      recorder.event(
        claim,
        'Normal',
        'ExternalProvisioning',
        `Waiting for a volume to be created either by the external provisioner '${storageClass.provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
      );
  }

  async function syncClaim(claim: PersistentVolumeClaim): Promise<void> {
    const { volumeName } = claim.spec;
    const named = volumeName ? registry.get(volumes, '', volumeName)?.object : undefined;
    if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) {
      const isLost = !named || (named.spec.claimRef !== undefined && !isFor(named, claim));
      if (!isLost) return claim.status.phase === 'Bound' ? undefined : bind(named, claim);
      if (claim.status.phase === 'Lost') return;
      const [reason, message] = named
        ? ['ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly']
        : ['ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'];
      recorder.event(claim, 'Warning', reason!, message!);
      const { capacity: _, accessModes: __, ...status } = claim.status;
      return setPhase(claims, { ...claim, status }, { phase: 'Lost' });
    }
    if (isTerminating(claim)) return;
    if (volumeName) {
      if (!named || (named.spec.claimRef && !isFor(named, claim))) return;
      const problem = named.spec.claimRef ? undefined : mismatch(named, claim);
      if (!problem) return bind(named, claim);
      recorder.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${volumeName}": ${problem}`);
      return;
    }
    const storageClass = classOf(claim) ? registry.get(classes, '', classOf(claim))?.object : undefined;
    const [suitable] = volumesFor(
      registry.all(volumes).map(({ object }) => object),
      claim,
    );
    const kept = suitable && isFor(suitable, claim) ? suitable : undefined;
    const hasConsumer = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
    if (waitsForConsumer(storageClass) && !kept && !hasConsumer) {
      recorder.event(
        claim,
        'Normal',
        'WaitForFirstConsumer',
        'waiting for first consumer to be created before binding',
      );
      return;
    }
    const volume = hasConsumer ? kept : suitable;
    if (volume) return bind(volume, claim);
    if (storageClass?.provisioner === PROVISIONER) return provision(claim, storageClass);
    tellWhy(claim, storageClass);
  }

  async function syncVolume(volume: PersistentVolume): Promise<void> {
    const { claimRef } = volume.spec;
    const claim = claimRef ? registry.get(claims, claimRef.namespace ?? '', claimRef.name ?? '')?.object : undefined;
    const phase = !claimRef?.uid ? 'Available' : claim?.metadata.uid === claimRef.uid ? 'Bound' : 'Released';
    if (volume.status.phase !== phase) await setPhase(volumes, volume, { phase });
    if (phase === 'Released' && goesWithClaim(volume) && !isTerminating(volume))
      await registry.delete(volumes, '', volume.metadata.name, { preconditions: { uid: volume.metadata.uid } });
  }

  return {
    name: 'persistentvolume-binder',
    watches: [
      source(volumes, ({ type, entry }) => [
        ...(type === 'DELETED' ? [] : [keyOf(entry)]),
        ...(entry.object.spec.claimRef
          ? [keyOf({ namespace: entry.object.spec.claimRef.namespace!, name: entry.object.spec.claimRef.name! })]
          : waiting()),
      ]),
      source(claims, ({ type, entry }) =>
        type === 'DELETED'
          ? entry.object.spec.volumeName
            ? [`/${entry.object.spec.volumeName}`]
            : []
          : [keyOf(entry)],
      ),
      source(classes, waiting),
    ],
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      if (namespace) {
        const claim = registry.get(claims, namespace, name)?.object;
        if (claim) await syncClaim(claim);
      } else {
        const volume = registry.get(volumes, '', name)?.object;
        if (volume) await syncVolume(volume);
      }
    },
  };
}
