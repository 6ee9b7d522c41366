/** Any JSON that came from a server. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
export type Answered = any;

/** Fields that two correct servers may rightly write differently. */
const DROP = new Set(
  `uid resourceVersion creationTimestamp managedFields selfLink lastTransitionTime lastProbeTime lastUpdateTime lastHeartbeatTime
  startTime startedAt finishedAt podIP podIPs hostIP hostIPs containerID observedGenerationTime firstTimestamp lastTimestamp
  eventTime endpoints.kubernetes.io/last-change-trigger-time`.split(/\s+/),
);

/** Lists that upstream sorts by address, and addresses are left out. */
const UNORDERED = new Set(['addresses', 'notReadyAddresses', 'endpoints']);

interface Revision {
  revision: number;
  metadata: { name: string; labels?: Record<string, string> };
}

/** Takes identities, clocks, random suffixes and hash values out of answers, so that they can be compared. */
export class Normaliser {
  readonly #hashes = new Map<string, string>();
  readonly #prefixes = new Set<string>();

  learnRevisions(revisions: readonly Revision[]): void {
    for (const { metadata, revision } of revisions) {
      const hash = metadata.labels?.['controller-revision-hash'] ?? metadata.name.split('-').pop()!;
      this.#hashes.set(hash, `rev${revision}`);
    }
  }

  /** Tells ReplicaSets apart by the revision that they were first seen with, and knows the pods of those that are gone. */
  learnSets(sets: readonly Answered[]): void {
    for (const { metadata } of sets) {
      this.#prefixes.add(`${metadata.name}-`);
      const hash = metadata.labels?.['pod-template-hash'];
      const revision = metadata.annotations?.['deployment.kubernetes.io/revision'];
      if (hash && !this.#hashes.has(hash)) this.#hashes.set(hash, `set${revision}`);
    }
  }

  learnGenerated(objects: readonly { metadata: { generateName?: string } }[]): void {
    for (const { metadata } of objects) if (metadata.generateName) this.#prefixes.add(metadata.generateName);
  }

  text(text: string): string {
    let s = text;
    for (const prefix of this.#prefixes) {
      const literal = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      s = s.replace(new RegExp(`${literal}[a-z0-9]{5}\\b`, 'g'), `${prefix}*`);
    }
    for (const [hash, revision] of this.#hashes) s = s.split(hash).join(`<${revision}>`);
    return (
      s
        .replace(/0xc[0-9a-f]+/g, '0x<pointer>')
        .replace(/\b10\.\d+\.\d+\.\d+\b/g, '<ip>')
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
        // A uid may begin like a revision.
        .replace(/(in record \(|current: |in object meta: )\d+/g, '$1<rv>')
    );
  }

  value(value: Answered, key?: string): Answered {
    if (typeof value === 'string') return key === 'deletionTimestamp' ? '<set>' : this.text(value);
    if (Array.isArray(value)) {
      const list = value.map(item => this.value(item));
      return key !== undefined && UNORDERED.has(key) ? sortedByText(list) : list;
    }
    if (typeof value !== 'object' || value === null) return value;
    const out: Record<string, Answered> = {};
    for (const name of Object.keys(value).sort())
      if (!DROP.has(name)) out[this.text(name)] = this.value(value[name], name);
    if (out.annotations && Object.keys(out.annotations).length === 0) delete out.annotations;
    return out;
  }

  /** Generations of pods do not count for the order: there have been some since 1.33 alone. */
  sorted(list: readonly Answered[]): Answered[] {
    return sortedByText(
      list.map(item => this.value(item)),
      item => (item.spec?.containers ? { ...item, metadata: { ...item.metadata, generation: undefined } } : item),
    );
  }

  /** A scheduling failure counts only while it is the pod's present state: earlier ones depend on timing. */
  events(list: readonly Answered[], pods: readonly Answered[]): Answered[] {
    const waiting = new Map<string, string | undefined>();
    for (const { metadata, spec, status } of pods) {
      const message = status.conditions?.find((c: { type: string }) => c.type === 'PodScheduled')?.message;
      if (!spec.nodeName) waiting.set(metadata.name, message);
    }
    const seen = new Map<string, Answered>();
    for (const { type, reason, message, involvedObject, source, reportingComponent } of list) {
      if (reason === 'FailedScheduling' && waiting.get(involvedObject.name) !== message) continue;
      const component = source?.component || reportingComponent || '';
      const row = this.value({
        type,
        reason,
        message,
        kind: involvedObject.kind,
        name: involvedObject.name,
        component,
      });
      seen.set(JSON.stringify(row), row);
    }
    return [...seen.keys()].sort().map(key => seen.get(key));
  }
}

function sortedByText(list: readonly Answered[], keyOf = (item: Answered): Answered => item): Answered[] {
  const keyed = list.map(item => [JSON.stringify(keyOf(item)), item] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}

/** Where two answers differ: `/3/body/items/0: want … got …`. */
export function differences(want: Answered, got: Answered, path = ''): string[] {
  if (JSON.stringify(want) === JSON.stringify(got)) return [];
  if (isContainer(want) && isContainer(got) && Array.isArray(want) === Array.isArray(got)) {
    const keys = new Set([...Object.keys(want), ...Object.keys(got)]);
    return [...keys].flatMap(key => differences(want[key], got[key], `${path}/${key}`));
  }
  return [`${path}: want ${shown(want)} got ${shown(got)}`];
}

const isContainer = (value: Answered): boolean => typeof value === 'object' && value !== null;
const shown = (value: Answered): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300);
