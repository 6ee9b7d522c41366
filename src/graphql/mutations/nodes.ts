import type { AnyDefinition } from '../../registry/types.js';
import { nodes as nodeKind } from '../../resources/index.js';
import { nodeLike, plainNode } from '../../resources/plain-node.js';
import type { Draft, Node, Taint } from '../../resources/types.js';
import { badInput } from '../errors.js';
import type { AddNodesInput, EntryInput, RemoveNodesInput, ScaleNodesInput } from '../generated.js';
import { isMeantBy } from '../resolvers/node.js';
import { selectObjects } from '../resolvers/pages.js';
import { mappingOf } from './entries.js';
import type { Writer } from './writer.js';

const nodes = nodeKind as unknown as AnyDefinition;

/** As many nodes as one mutation may make or remove. */
const MAX_NODES = 5000;

/**
 * Adds taints to a node.
 * @throws GraphQLError for what is no taint, or of a key and an effect that the node has already; StatusError as REST answers
 */
export async function taint(writer: Writer, name: string, words: readonly string[], overwrite: boolean): Promise<void> {
  const added = words.map(parseTaint);
  await changeTaints(writer, name, 'tainted', there => {
    const isNew = (old: Taint) => added.some(({ key, effect }) => key === old.key && effect === old.effect);
    const replaced = there.find(isNew);
    if (replaced && !overwrite) {
      throw badInput(`node ${name} already has a taint ${replaced.key}:${replaced.effect}, and overwrite is false`);
    }
    return [...there.filter(old => !isNew(old)), ...added];
  });
}

/** Takes taints off a node. @throws GraphQLError if it has none such; StatusError as REST answers */
export async function untaint(writer: Writer, name: string, words: readonly string[]): Promise<void> {
  await changeTaints(writer, name, 'untainted', there => {
    const missing = words.find(word => !there.some(old => isMeantBy(old, word)));
    if (missing !== undefined) throw badInput(`taint ${JSON.stringify(missing)} not found on node ${name}`);
    return there.filter(old => !words.some(word => isMeantBy(old, word)));
  });
}

async function changeTaints(
  writer: Writer,
  name: string,
  done: string,
  change: (there: readonly Taint[]) => readonly Taint[],
): Promise<void> {
  writer.view.check('get', nodes, '', name);
  const { object } = await writer.live<Node>(nodes, '', name);
  const { resourceVersion } = object.metadata;
  const taints = change(object.spec.taints ?? []);
  // The list is replaced as a whole: nobody else may have changed it since it was looked at.
  const body = { metadata: { resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } };
  await writer.patch(nodes, '', name, { type: 'merge', body }, done);
}

/** @throws GraphQLError for what is no `key=value:Effect` or `key:Effect` */
function parseTaint(words: string): Taint {
  const { key, value, effect } = /^(?<key>[^=:]+)(?:=(?<value>[^:]*))?:(?<effect>\w+)$/.exec(words)?.groups ?? {};
  if (!key || !effect) throw badInput(`${JSON.stringify(words)} is no taint: use key=value:Effect or key:Effect`);
  return { key, ...(value ? { value } : {}), effect: effect as Taint['effect'] };
}

/** Keeps new pods off a node, or lets them on again. @throws StatusError as REST answers */
export async function setUnschedulable(writer: Writer, name: string, unschedulable: boolean): Promise<void> {
  const body = { spec: { unschedulable: unschedulable || null } };
  await writer.patch(nodes, '', name, { type: 'merge', body }, unschedulable ? 'cordoned' : 'uncordoned');
}

/**
 * Makes and removes nodes of a pool.
 * @throws GraphQLError for numbers that make no sense; StatusError as REST answers
 */
export async function scaleNodes(writer: Writer, args: ScaleNodesInput & Pool): Promise<void> {
  writer.view.checkList(nodes);
  const numbered = members(writer, args.pool);
  const wanted = wantedSize(numbered.length, args);
  const surplus = numbered.slice(wanted).map(
    ({ name }) =>
      () =>
        writer.delete(nodes, '', name),
  );
  const labels = mappingOf(args.labels);
  const taints = args.taints.map(parseTaint);
  const added = namesAfter(args.pool, numbered, Math.max(0, wanted - numbered.length)).map(
    name => () => writer.create(nodes, plainNode(name, labels, taints)),
  );
  await together(writer, [...surplus, ...added]);
}

/** Writes that are decided one after the other, and committed together. */
async function together(writer: Writer, writes: readonly (() => Promise<void>)[]): Promise<void> {
  await writer.inSteps(async () => {
    const results = await Promise.allSettled(writes.map(write => write()));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  });
}

/**
 * Makes nodes like one that is there: with its labels, taints and capacity, but for those taints that tell of its state.
 * @throws GraphQLError for numbers that make no sense; StatusError as REST answers
 */
export async function addNodes(
  writer: Writer,
  args: AddNodesInput & { readonly count: number; readonly labels: readonly EntryInput[] },
): Promise<void> {
  const { like, count } = args;
  checkNumber(count);
  writer.view.checkList(nodes);
  const taints = args.taints?.map(parseTaint);
  if (like != null) writer.view.check('get', nodes, '', like);
  const model = like == null ? undefined : (await writer.live<Node>(nodes, '', like)).object;
  const pool = args.pool ?? like?.replace(/-\d{1,9}$/, '') ?? 'node';
  const drafts = namesAfter(pool, members(writer, pool), count).map(name =>
    withLabels(model ? nodeLike(model, name, taints) : plainNode(name, {}, taints ?? []), args.labels),
  );
  await together(
    writer,
    drafts.map(draft => () => writer.create(nodes, draft)),
  );
}

function withLabels(draft: Draft<Node>, entries: readonly EntryInput[]): Draft<Node> {
  const labels = new Map(Object.entries(draft.metadata.labels ?? {}));
  for (const { key, value } of entries) {
    if (value == null) labels.delete(key);
    else labels.set(key, value);
  }
  return { ...draft, metadata: { ...draft.metadata, labels: Object.fromEntries(labels) } };
}

/**
 * Removes nodes.
 * @throws GraphQLError if none are meant; StatusError as REST answers
 */
export async function removeNodes(
  writer: Writer,
  { names, labelSelector }: RemoveNodesInput & { readonly names: readonly string[] },
): Promise<void> {
  if (labelSelector == null && names.length === 0) throw badInput('give names or labelSelector');
  checkNumber(names.length);
  writer.view.checkList(nodes);
  const selected =
    labelSelector == null ? names : selectObjects(nodeKind, writer.registry.all(nodeKind), { labelSelector });
  const meant = selected.map(node => (typeof node === 'string' ? node : node.name));
  const kept = labelSelector == null || names.length === 0 ? meant : meant.filter(name => names.includes(name));
  if (kept.length === 0) throw badInput('there are no such nodes');
  checkNumber(kept.length);
  await together(
    writer,
    kept.map(name => () => writer.delete(nodes, '', name)),
  );
}

/** @throws GraphQLError for more nodes than one change may make or remove, or less than one */
function checkNumber(count: number): void {
  if (count < 0) throw badInput(`there cannot be ${count} nodes`);
  if (count > MAX_NODES) throw badInput(`at most ${MAX_NODES} nodes can be made or removed at once`);
}

/** The names of so many new members of a pool. */
function namesAfter(pool: string, there: ReturnType<typeof members>, count: number): string[] {
  const last = there.at(-1);
  const digits = last?.digits ?? String(count).length;
  return Array.from(
    { length: count },
    (_, i) => `${pool}-${String((last?.number ?? 0) + i + 1).padStart(digits, '0')}`,
  );
}

interface Pool {
  readonly pool: string;
  readonly labels: readonly EntryInput[];
  readonly taints: readonly string[];
}

/** The nodes of a pool, by number. */
function members({ registry }: Writer, pool: string) {
  return registry
    .all(nodeKind)
    .flatMap(({ name }) => {
      const text = name.startsWith(`${pool}-`) ? name.slice(pool.length + 1) : '';
      return /^\d{1,9}$/.test(text) ? [{ name, number: Number(text), digits: text.length }] : [];
    })
    .sort((a, b) => a.number - b.number);
}

function wantedSize(there: number, { count, add, remove }: Pick<ScaleNodesInput, 'count' | 'add' | 'remove'>) {
  const given = [count, add, remove].filter(number => number != null);
  if (given.length !== 1) throw badInput('give one of count, add and remove');
  if (given[0]! < 0) throw badInput(`there cannot be ${given[0]} nodes`);
  const wanted = count ?? (add == null ? there - remove! : there + add);
  if (wanted < 0) throw badInput(`there are ${there} nodes in the pool`);
  if (Math.abs(wanted - there) > MAX_NODES) throw badInput(`at most ${MAX_NODES} nodes can be made or removed at once`);
  return wanted;
}
