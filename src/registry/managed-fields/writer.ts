import type { ResourceDefinition } from '../../resources/definition.js';
import { equalJson } from '../../resources/json.js';
import { structType } from '../../resources/schema.js';
import type { KubeObject } from '../../resources/types.js';
import { intersection, isEmptySet, union } from './field-set.js';
import { readManagers } from './managers.js';
import { withRecord } from './tracking.js';
import { compare } from './typed.js';

/**
 * Under which name a write was made: who owns what it changed. Undefined where nobody does, as of what was removed, or several do and it
 * cannot be told which of them it was.
 */
export function writerBetween(
  kind: ResourceDefinition,
  before: KubeObject | undefined,
  after: KubeObject,
): string | undefined {
  const owned = withRecord(kind, after).metadata.managedFields ?? [];
  const old = before ? (withRecord(kind, before).metadata.managedFields ?? []) : [];
  const { added, modified } = compare(before ?? {}, after, structType(kind.schema));
  const changed = union(added, modified);
  const owners = [...readManagers(owned).values()].filter(({ set }) => !isEmptySet(intersection(set, changed)));
  // Whoever wrote something new is in the record since then; whoever wrote the same fields again is not told of.
  const isNews = (time: string | undefined) =>
    owned.some(entry => entry.time === time && !old.some(one => equalJson(one, entry)));
  const newest = owners.reduce<string>((time, owner) => (owner.time && owner.time > time ? owner.time : time), '');
  const likely = owners.length > 1 && isNews(newest) ? owners.filter(({ time }) => time === newest) : owners;
  const names = new Set(likely.map(({ manager }) => manager));
  return names.size === 1 ? [...names][0] : undefined;
}
