import { kindNamed } from '../../registry/kind-names.js';
import { readManifests } from '../../registry/manifests.js';
import { patchScale } from '../../registry/scale.js';
import { badInput } from '../errors.js';
import type {
  AnnotateInput,
  ApplyInput,
  DeleteInput,
  DeletePropagation,
  LabelInput,
  NodeInput,
  PatchInput,
  PatchType,
  PauseRolloutInput,
  RolloutInput,
  ScaleInput,
  SetImageInput,
  TaintInput,
  UndoRolloutInput,
  UntaintInput,
} from '../generated.js';
import { checkGracePeriod } from './drain.js';
import { changeEntries } from './entries.js';
import { addNodes, removeNodes, scaleNodes, setUnschedulable, taint, untaint } from './nodes.js';
import { pauseRollout, restartRollout, setImage, undoRollout } from './rollouts.js';
import type { Writer } from './writer.js';

const PATCH_TYPES = { MERGE: 'merge', STRATEGIC: 'strategic', JSON: 'json' } as const satisfies Record<
  PatchType,
  string
>;

const PROPAGATION = {
  BACKGROUND: 'Background',
  FOREGROUND: 'Foreground',
  ORPHAN: 'Orphan',
} as const satisfies Record<DeletePropagation, string>;

/** Arguments as graphql-js hands them on: with what the SDL puts in where nothing is given. */
type Given<T, Defaults extends keyof T = never> = T & { readonly [name in Defaults]-?: NonNullable<T[name]> };

/** What can be done to a cluster, really or in a world that is only imagined: each is refused as REST would. */
export const DEEDS = {
  apply: async (writer: Writer, { manifests, force }: Given<ApplyInput, 'force'>): Promise<void> => {
    const applied = readManifests(writer.registry, manifests);
    await writer.inSteps(async () => {
      for (const { kind, namespace, name, body } of applied) {
        await writer.patch(kind, namespace, name, { type: 'apply', body, force }, 'configured');
      }
    });
  },
  patch: (writer: Writer, args: Given<PatchInput, 'namespace' | 'type'>): Promise<void> => {
    const { kind, namespace } = meant(writer, args);
    // What stands in the text of a query has objects without a prototype.
    const body: unknown = JSON.parse(JSON.stringify(args.patch));
    return writer.patch(kind, namespace, args.name, { type: PATCH_TYPES[args.type], body });
  },
  delete: (writer: Writer, args: Given<DeleteInput, 'namespace'>): Promise<void> => {
    const { kind, namespace } = meant(writer, args);
    const { uid, propagation, gracePeriod } = args;
    checkGracePeriod(gracePeriod);
    return writer.delete(kind, namespace, args.name, {
      ...(uid == null ? {} : { preconditions: { uid } }),
      ...(propagation == null ? {} : { propagationPolicy: PROPAGATION[propagation] }),
      ...(gracePeriod == null ? {} : { gracePeriodSeconds: gracePeriod }),
    });
  },
  label: (writer: Writer, { labels, ...args }: Given<LabelInput, 'namespace' | 'overwrite'>): Promise<void> => {
    const { kind, namespace } = meant(writer, args);
    return changeEntries(writer, kind, 'labels', { ...args, namespace, entries: labels });
  },
  annotate: (
    writer: Writer,
    { annotations, ...args }: Given<AnnotateInput, 'namespace' | 'overwrite'>,
  ): Promise<void> => {
    const { kind, namespace } = meant(writer, args);
    return changeEntries(writer, kind, 'annotations', { ...args, namespace, entries: annotations });
  },
  taint: (writer: Writer, { node, taints, overwrite }: Given<TaintInput, 'overwrite'>): Promise<void> =>
    taint(writer, node, taints, overwrite),
  untaint: (writer: Writer, { node, taints }: UntaintInput): Promise<void> => untaint(writer, node, taints),
  cordon: (writer: Writer, { node }: NodeInput): Promise<void> => setUnschedulable(writer, node, true),
  uncordon: (writer: Writer, { node }: NodeInput): Promise<void> => setUnschedulable(writer, node, false),
  restartRollout: (writer: Writer, args: Given<RolloutInput, 'kind' | 'namespace'>): Promise<void> =>
    restartRollout(writer, args),
  undoRollout: (writer: Writer, args: Given<UndoRolloutInput, 'kind' | 'namespace'>): Promise<void> =>
    undoRollout(writer, args),
  pauseRollout: (writer: Writer, args: Given<PauseRolloutInput, 'kind' | 'namespace'>): Promise<void> =>
    pauseRollout(writer, args, true),
  resumeRollout: (writer: Writer, args: Given<PauseRolloutInput, 'kind' | 'namespace'>): Promise<void> =>
    pauseRollout(writer, args, false),
  scale: async (writer: Writer, { replicas, ...args }: Given<ScaleInput, 'kind' | 'namespace'>): Promise<void> => {
    const { kind, namespace } = meant(writer, args);
    if (!kind.scale) throw badInput(`${kind.plural} cannot be scaled`);
    writer.view.check('patch', kind, namespace, args.name, 'scale');
    const live = await writer.live(kind, namespace, args.name);
    const body = { spec: { replicas } };
    const { revision } = await patchScale(writer.registry, kind, live, { type: 'merge', body }, writer.options);
    const isSame = kind.scale.replicas(live.object) === replicas;
    const object = writer.dryRun
      ? kind.scale.withReplicas(live.object, replicas)
      : (await writer.live(kind, namespace, args.name)).object;
    writer.note(kind, isSame ? 'UNCHANGED' : 'CHANGED', isSame ? 'unchanged' : 'scaled', { ...live, revision, object });
  },
  scaleNodes,
  addNodes,
  removeNodes,
  setImage: (writer: Writer, args: Given<SetImageInput, 'kind' | 'namespace' | 'container'>): Promise<void> =>
    setImage(writer, args),
} as const;

/** The kind that is meant, and the namespace where it has one. @throws StatusError 404 */
function meant(
  { registry }: Writer,
  args: { readonly kind: string; readonly apiVersion?: string | null | undefined; readonly namespace: string },
) {
  const kind = kindNamed(registry, args.kind, args.apiVersion);
  return { kind, namespace: kind.namespaced ? args.namespace : '' };
}
