import { formatTime } from '../../clock/clock.js';
import { byRevision, REVISION, rolledBackAnnotations } from '../../controllers/deployment/annotations.js';
import { TEMPLATE_HASH_LABEL } from '../../controllers/deployment/replica-sets.js';
import { hasRollouts } from '../../explain/rollout.js';
import { indexByController } from '../../registry/indexes.js';
import { kindNamed } from '../../registry/kind-names.js';
import type { AnyDefinition, Patch } from '../../registry/types.js';
import { qualifiedName } from '../../resources/definition.js';
import { controllerRevisions, deployments, replicaSets } from '../../resources/index.js';
import { without } from '../../resources/json.js';
import type { Container, DaemonSet, KubeObject } from '../../resources/types.js';
import type { Deployment } from '../../resources/workload-types.js';
import type { Entry } from '../../store/entry.js';
import { badInput } from '../errors.js';
import type { View } from '../view.js';
import type { Writer } from './writer.js';

/** Tells of when pods were last replaced on demand; as kubectl's own, so that both are one. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

interface Rollout {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Has all pods replaced, by the same template at a new time.
 * @throws GraphQLError for a kind that has no rollouts, or a Deployment that is paused; StatusError as REST answers
 */
export async function restartRollout(writer: Writer, rollout: Rollout): Promise<void> {
  const { kind, entry } = await rolling(writer, rollout);
  const annotations = { [RESTARTED_AT]: formatTime(writer.registry.clock.now()) };
  const body = { spec: { template: { metadata: { annotations } } } };
  await writer.patch(kind, entry.namespace, entry.name, { type: 'strategic', body }, 'restarted');
}

/**
 * Holds the rollout of a Deployment: what changes of its template reaches no pods. Or lets it go on.
 * @throws GraphQLError for a kind that cannot be paused, and where it is so already; StatusError as REST answers
 */
export async function pauseRollout(writer: Writer, rollout: Rollout, paused: boolean): Promise<void> {
  const { kind, entry } = await found(writer, rollout);
  const subject = `${qualifiedName(kind)} ${JSON.stringify(entry.name)}`;
  if (!isDeployment(entry)) throw badInput(`${subject} ${paused ? 'pausing' : 'resuming'} is not supported`);
  if ((entry.object.spec.paused ?? false) === paused)
    throw badInput(`${subject} is ${paused ? 'already paused' : 'not paused'}`);
  const body = { spec: { paused: paused || null } };
  await writer.patch(kind, entry.namespace, entry.name, { type: 'merge', body }, paused ? 'paused' : 'resumed');
}

/**
 * Puts the template of an earlier revision back.
 * @param toRevision the one before the newest if absent or 0
 * @throws GraphQLError as {@link restartRollout} does, and for a revision that there is not; StatusError as REST answers
 */
export async function undoRollout(
  writer: Writer,
  rollout: Rollout & { readonly toRevision?: number | null | undefined },
): Promise<void> {
  const { kind, entry } = await rolling(writer, rollout);
  const choose = isDeployment(entry) ? templatesOfSets(writer.view, entry) : templatesOfRevisions(writer.view, entry);
  const chosen = chosenRevision(choose, rollout.toRevision);
  await writer.patch(kind, entry.namespace, entry.name, chosen.patch, `rolled back to revision ${chosen.revision}`);
}

/**
 * Gives the containers of a template another image.
 * @param rollout what has the template, and the container's name; `*` for all
 * @throws GraphQLError for a kind without template, or a container that there is not; StatusError as REST answers
 */
export async function setImage(
  writer: Writer,
  { kind: named, namespace, name, container, image }: Rollout & { readonly container: string; readonly image: string },
): Promise<void> {
  const kind = kindNamed(writer.registry, named, null) as AnyDefinition;
  writer.view.check('get', kind, namespace, name);
  const { object } = await writer.live<DaemonSet>(kind, namespace, name);
  const { containers = [], initContainers = [] } = object.spec?.template?.spec ?? {};
  const renamed = (all: readonly Container[]) =>
    all.filter(one => container === '*' || one.name === container).map(one => ({ name: one.name, image }));
  const changed = { containers: renamed(containers), initContainers: renamed(container === '*' ? [] : initContainers) };
  if (changed.containers.length + changed.initContainers.length === 0)
    throw badInput(`${kind.plural} ${JSON.stringify(name)} has no container ${JSON.stringify(container)}`);
  const spec = Object.fromEntries(Object.entries(changed).filter(([, list]) => list.length > 0));
  await writer.patch(
    kind,
    namespace,
    name,
    { type: 'strategic', body: { spec: { template: { spec } } } },
    'image updated',
  );
}

/** An object that has rollouts, and is not paused. */
async function rolling(writer: Writer, rollout: Rollout) {
  const { kind, entry } = await found(writer, rollout);
  if (isDeployment(entry) && entry.object.spec.paused) {
    throw badInput(`deployments.apps ${JSON.stringify(entry.name)} is paused: resume it first`);
  }
  return { kind, entry };
}

/** An object that has rollouts. */
async function found(writer: Writer, { kind: named, namespace, name }: Rollout) {
  const kind = kindNamed(writer.registry, named, null);
  if (!hasRollouts(qualifiedName(kind))) throw badInput(`${qualifiedName(kind)} have no rollouts`);
  writer.view.check('get', kind, namespace, name);
  const entry = await writer.live(kind, namespace, name);
  return { kind: kind as AnyDefinition, entry };
}

const isDeployment = (entry: Entry): entry is Entry<Deployment> => entry.resource === qualifiedName(deployments);

/** An earlier template, by the number of its revision, and how it is put back. */
interface Earlier {
  readonly revision: string;
  readonly patch: Patch;
}

/** A ControllerRevision is itself the patch that puts its template back. */
function templatesOfRevisions(view: View, { namespace, uid }: Entry<KubeObject>): Earlier[] {
  view.checkList(controllerRevisions, namespace);
  return [...indexByController(view.registry, controllerRevisions).get(uid)]
    .sort((a, b) => a.object.revision - b.object.revision)
    .map(({ object }) => ({ revision: String(object.revision), patch: { type: 'strategic', body: object.data } }));
}

function templatesOfSets(view: View, { namespace, uid, object: deployment }: Entry<Deployment>): Earlier[] {
  view.checkList(replicaSets, namespace);
  return indexByController(view.registry, replicaSets)
    .get(uid)
    .map(({ object }) => object)
    .sort(byRevision)
    .map(set => {
      const { metadata = {}, ...rest } = set.spec.template;
      const labels = without(metadata.labels ?? {}, TEMPLATE_HASH_LABEL);
      const operations = [
        { op: 'replace', path: '/spec/template', value: { ...rest, metadata: { ...metadata, labels } } },
        { op: 'add', path: '/metadata/annotations', value: rolledBackAnnotations(deployment, set) },
      ];
      return { revision: set.metadata.annotations?.[REVISION] ?? '', patch: { type: 'json', body: operations } };
    });
}

/** @param earlier oldest first */
function chosenRevision(earlier: readonly Earlier[], toRevision: number | null | undefined): Earlier {
  const chosen = toRevision ? earlier.find(({ revision }) => revision === String(toRevision)) : earlier.at(-2);
  if (chosen) return chosen;
  throw badInput(toRevision ? `there is no revision ${toRevision}` : 'there is no earlier revision to go back to');
}
