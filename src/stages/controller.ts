import { Random } from '../clock/random.js';
import { keyOf, splitKey } from '../controllers/runtime/keys.js';
import { type Controller, type ControllerContext, nothing, type Queue, source } from '../controllers/runtime/types.js';
import { podsByNode } from '../registry/indexes.js';
import { messageOf, StatusError } from '../registry/status.js';
import { toYaml } from '../registry/yaml.js';
import { qualifiedName, type ResourceDefinition, storeKey } from '../resources/definition.js';
import { nodes, pods, stages } from '../resources/index.js';
import { equalJson } from '../resources/json.js';
import type { Stage } from '../resources/stage/types.js';
import type { Environment } from '../resources/templates/template.js';
import type { KubeObject, Node, Pod } from '../resources/types.js';
import type { Change, Entry } from '../store/entry.js';
import type { StageHost } from './host.js';
import { type Lifecycle, Lifecycles } from './lifecycles.js';
import { play, StageError } from './play.js';
import { chosen, type LivingStage } from './stage.js';

/** As kwok's controller signs its Events. */
const COMPONENT = 'kwok_controller';
const KUBELET_PORT = 10250;
/** How many stages without delay an object goes through in a second before it has to wait: they lead in a circle. */
const MOST_AT_ONCE = 100;
const PAUSE = 1000;

const NO_KEYS: readonly string[] = [];
const STAGES = qualifiedName(stages);

/** What is going on with an object. */
interface Progress {
  readonly uid: string;
  /** What it was looked at for: the version of the object, and of the stages for its kind. */
  readonly revision: number;
  readonly stage: LivingStage | undefined;
  /** When that is to be played, ms since the epoch. */
  readonly dueAt: number;
  readonly dice: Random;
  isPlayed: boolean;
  /** Names of the stages that have been played on it before. */
  readonly before: Set<string>;
  /** Whether that is at once. */
  readonly isImmediate: boolean;
  /** How many were played at once since a moment. */
  burst: { at: number; count: number };
}

/**
 * Leads objects through the stages that there are for their kind: looks which is for an object each time that it changes, waits, and plays
 * it. What is drawn is drawn by the object's uid and version, and a delay counts from when it was written, so that all is the same again in
 * a fork, and after a restart.
 */
export function stageController(context: ControllerContext, host: StageHost): Controller {
  const { registry } = context;
  const lifecycles = Lifecycles.of(registry);
  const recorder = context.recorder(COMPONENT);
  const startTime = registry.clock.now();
  const progresses = new Map<string, Progress>();

  const keyIn = (resource: string, entry: { namespace?: string; name: string }) => `${resource} ${keyOf(entry)}`;

  function* keysOfAll(kind: ResourceDefinition): Iterable<string> {
    for (const entry of registry.all(kind)) yield keyIn(entry.resource, entry);
  }

  /** Other stages for a kind may be for any of its objects. */
  function* keysAbout({ entry, previous }: Change): Iterable<string> {
    for (const one of [entry, previous]) {
      if (!one) continue;
      const { apiGroup = 'v1', kind } = (one.object as Stage).spec.resourceRef;
      const definition = registry.kinds.byKind(apiGroup, kind);
      if (definition && !definition.virtual) yield* keysOfAll(definition);
    }
  }

  function objectKeys(change: Change): Iterable<string> {
    const { resource } = change.entry;
    if (resource === STAGES) return [...keysAbout(change), ...keysOf(change)];
    return lifecycles.of(resource) ? keysOf(change) : NO_KEYS;
  }

  function keysOf({ type, entry }: Change): readonly string[] {
    const key = keyIn(entry.resource, entry);
    if (type === 'DELETED') progresses.delete(key);
    return type === 'DELETED' || !lifecycles.of(entry.resource) ? NO_KEYS : [key];
  }

  /** A node that comes, or falls silent or wakes up, takes its pods with it. */
  function podKeys({ type, entry, previous }: Change<Node>): Iterable<string> {
    if (!lifecycles.rules(pods) || type === 'DELETED') return NO_KEYS;
    if (previous && equalJson(previous.object.metadata.annotations, entry.object.metadata.annotations)) return NO_KEYS;
    return podsByNode(registry)
      .get(entry.name)
      .map(pod => keyIn(storeKey(pods as unknown as ResourceDefinition), pod));
  }

  /** When the object and the stages for it were what they are now; the present, if nobody knows any more. */
  async function since(revision: number): Promise<number> {
    const now = registry.clock.now();
    try {
      return Math.min(now, (await registry.log.stampOf(revision)).time);
    } catch (error) {
      if (error instanceof RangeError) return now;
      throw error;
    }
  }

  async function look(key: string, { object, uid, revision }: Entry, lifecycle: Lifecycle): Promise<Progress> {
    const former = progresses.get(key);
    const newest = Math.max(revision, lifecycle.revision);
    if (former?.uid === uid && former.revision === newest) return former;
    const from = await since(newest);
    const dice = new Random(`${uid}/${revision}`);
    const matching = lifecycle.stages.filter(stage => stage.matches(object));
    for (const stage of matching) lifecycles.noteMatch(stage, uid);
    const stage = matching.length > 0 ? chosen(matching, object, dice) : undefined;
    const delay = stage?.delay(object, from, dice) ?? 0;
    const [before, burst] =
      former?.uid === uid ? [former.before, former.burst] : [new Set<string>(), { at: from, count: 0 }];
    const due = { dueAt: from + delay, isImmediate: delay === 0, isPlayed: false };
    const progress: Progress = { uid, revision: newest, stage, dice, before, burst, ...due };
    progresses.set(key, progress);
    return progress;
  }

  /** The node of an object: its own, or itself. Undefined if it has none, `false` if that is not there (yet). */
  function nodeOf(kind: ResourceDefinition, object: KubeObject): Node | undefined | false {
    if (storeKey(kind) === 'nodes') return object as Node;
    if (storeKey(kind) !== 'pods') return undefined;
    const name = (object as Pod).spec.nodeName;
    return (name !== undefined && registry.get(nodes, '', name)?.object) || false;
  }

  function environmentOf(object: KubeObject, node: Node | undefined, dice: Random): Environment {
    const named = (name: string | undefined) => (name ? registry.get(nodes, '', name)?.object : node);
    return {
      now: registry.clock.now(),
      startTime,
      dice,
      version: host.version,
      yaml: toYaml,
      nodeIP: name => host.nodeIP(named(name)) ?? '',
      nodeName: () => node?.metadata.name ?? '',
      nodePort: () => KUBELET_PORT,
      podIP: (name, hostNetwork) => {
        const there = named(name);
        if (hostNetwork) return host.nodeIP(there) ?? '';
        return (object as Partial<Pod>).status?.podIP ?? host.podIP(there) ?? '';
      },
    };
  }

  /** Whether an object has gone through too many stages at once to go on without a pause. */
  function isInCircle({ burst, stage, isImmediate }: Progress, object: KubeObject): boolean {
    const now = registry.clock.now();
    if (!isImmediate) return false;
    if (now - burst.at >= PAUSE) Object.assign(burst, { at: now, count: 0 });
    if (++burst.count <= MOST_AT_ONCE) return false;
    if (burst.count === MOST_AT_ONCE + 1) {
      const message = `stages lead in a circle without any delay, the last one is ${stage!.name}`;
      lifecycles.noteFailure(stage!, message);
      recorder.event(object, 'Warning', 'StagesInCircle', message);
    }
    return true;
  }

  async function playOn(
    kind: ResourceDefinition,
    entry: Entry,
    progress: Progress,
    node: Node | undefined,
  ): Promise<void> {
    const { object } = entry;
    const stage = progress.stage!;
    try {
      await play(
        registry,
        kind,
        entry,
        stage,
        environmentOf(object, node, progress.dice),
        ({ type, reason, message }) => recorder.event(object, type, reason, message),
      );
      lifecycles.noteFired(stage);
    } catch (error) {
      // Somebody else was faster.
      if (StatusError.is(error, 'NotFound') || StatusError.is(error, 'Conflict')) return;
      if (!(error instanceof StageError) && !isRefusal(error)) throw error;
      lifecycles.noteFailure(stage, messageOf(error));
      recorder.event(object, 'Warning', 'StageFailed', `stage ${stage.name}: ${messageOf(error)}`);
    }
  }

  return {
    name: 'stages',
    workers: 128,
    watches: [{ keys: objectKeys, inherits: nothing }, source(nodes, podKeys, nothing)],
    start(queue: Queue) {
      host.onChange(() => {
        for (const kind of [nodes, pods] as unknown as ResourceDefinition[])
          if (lifecycles.rules(kind)) for (const key of keysOfAll(kind)) queue.add(key);
      });
    },
    async reconcile(key: string, queue: Queue) {
      const space = key.indexOf(' ');
      const resource = key.slice(0, space);
      const { namespace, name } = splitKey(key.slice(space + 1));
      const kind = registry.kinds.byResource(resource);
      const lifecycle = lifecycles.of(resource);
      const found = kind && lifecycle && registry.get(kind, namespace, name);
      const node = found && nodeOf(kind, found.object);
      if (!found || node === false) {
        progresses.delete(key);
        return;
      }
      const turn = node && host.nextChange(node);
      if (turn) queue.addAfter(key, turn.at - registry.clock.now(), turn.comesRound ? 'upkeep' : undefined);
      if (node && host.isDown(node)) return;
      const progress = await look(key, found, lifecycle);
      const { stage, dueAt } = progress;
      // Others may have written meanwhile: they have woken it.
      const entry = registry.get(kind, namespace, name);
      if (!stage || progress.isPlayed || entry?.revision !== found.revision) return;
      const wait = dueAt - registry.clock.now();
      if (wait > 0) return queue.addAfter(key, wait, progress.before.has(stage.name) ? 'upkeep' : undefined);
      if (isInCircle(progress, entry.object)) return queue.addAfter(key, PAUSE, 'upkeep');
      progress.isPlayed = true;
      progress.before.add(stage.name);
      try {
        await playOn(kind, entry, progress, node);
      } catch (error) {
        progress.isPlayed = false;
        throw error;
      }
    },
  };
}

/** What would be refused again. */
const isRefusal = (error: unknown): boolean => error instanceof StatusError && error.code >= 400 && error.code < 500;
