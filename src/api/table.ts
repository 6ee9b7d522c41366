import { metadataJson } from '../registry/client-view.js';
import { StatusError } from '../registry/status.js';
import type { AnyDefinition } from '../registry/types.js';
import type { Entry } from '../store/entry.js';
import { type ListDocument, mapped } from './list-document.js';

/** What each row of a Table carries of its object. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** `meta.k8s.io/v1` or `v1beta1`: the two answer alike. */
export type MetaVersion = 'v1' | 'v1beta1';

/** The list's metadata, as `JSON.stringify` is to write it. */
export interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** @throws StatusError 400 for an unknown policy. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const policy = query.get('includeObject');
  if (!policy) return 'Metadata';
  if (policy === 'None' || policy === 'Metadata' || policy === 'Object') return policy;
  throw StatusError.badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(policy)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

export interface TableOptions {
  readonly version: MetaVersion;
  readonly include: IncludeObject;
  /** The cluster's time, for ages. */
  readonly now: number;
  /** False for all but the first event of a watch: columns are told once. */
  readonly columns: boolean;
}

/**
 * A Table: what `kubectl get` prints.
 * @param meta the list's metadata; for one object, its resource version.
 */
export function tableOf(
  definition: AnyDefinition,
  entries: readonly Entry[],
  meta: ListMeta,
  { version, include, now, columns }: TableOptions,
): ListDocument {
  const { order } = definition.printer;
  const ordered = order ? [...entries].sort((a, b) => order(a.object, b.object)) : entries;
  const row = (entry: Entry) => {
    const cells = JSON.stringify(definition.printer.cells(entry.object, now));
    const object =
      include === 'None' ? 'null' : include === 'Object' ? entry.bytes.toString() : partialJson(entry, version);
    return `"cells":${cells},"object":${object}}`;
  };
  return {
    head: `{"kind":"Table","apiVersion":"meta.k8s.io/${version}","metadata":${JSON.stringify(meta)},"columnDefinitions":${columns ? columnsJson(definition) : 'null'}`,
    key: 'rows',
    items: mapped(ordered, row),
  };
}

/** PartialObjectMetadata of one object, as JSON. */
export function partialJson(entry: Entry, version: MetaVersion): string {
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${metadataJson(entry)}}`;
}

/** A PartialObjectMetadataList. */
export function partialListOf(entries: readonly Entry[], meta: ListMeta, version: MetaVersion): ListDocument {
  return {
    head: `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${version}","metadata":${JSON.stringify(meta)}`,
    key: 'items',
    items: mapped(entries, entry => partialJson(entry, version).slice(1)),
  };
}

const columnsOf = new WeakMap<AnyDefinition, string>();

function columnsJson(definition: AnyDefinition): string {
  let json = columnsOf.get(definition);
  if (json === undefined) {
    const columns = definition.printer.columns.map(({ name, type, format = '', description, priority }) => ({
      name,
      type,
      format,
      description,
      priority,
    }));
    json = JSON.stringify(columns);
    columnsOf.set(definition, json);
  }
  return json;
}
