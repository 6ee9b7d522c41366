import { parseManifests } from '../registry/manifests.js';
import { isObject, type JsonObject } from '../resources/json.js';

/** A change as the graph takes it: `{ taint: { node: …, taints: […] } }`. */
export type Change = Readonly<Record<string, JsonObject>>;

/** Changes that are given by a word each, in the order of kubectl's commands. */
export interface Shortcuts {
  /** `NODE=key=value:Effect` */
  readonly taint?: readonly string[];
  /** `NODE` */
  readonly cordon?: readonly string[];
  /** `NODE` */
  readonly drain?: readonly string[];
  /** `NODE=key=value`, `NODE=key-` */
  readonly label?: readonly string[];
  /** `NODE` */
  readonly removeNode?: readonly string[];
}

/**
 * The changes that a file tells of, in its order: manifests, which are applied; and changes as the graph takes them, one or a list of
 * them, in which labels and annotations may be a mapping.
 * @throws Error for what is neither; StatusError for text that cannot be read
 */
export function readChanges(text: string): Change[] {
  const changes: Change[] = [];
  let manifests: object[] = [];
  const applyThem = () => {
    if (manifests.length > 0) changes.push(applying(manifests));
    manifests = [];
  };
  for (const document of parseManifests(text).flatMap(inLists)) {
    if (isObject(document) && 'apiVersion' in document && 'kind' in document) manifests.push(document);
    else {
      applyThem();
      changes.push(changeOf(document));
    }
  }
  applyThem();
  return changes;
}

/** As `kubectl apply` does by default, it takes over what it changes. */
const applying = (manifests: readonly object[]): Change => ({
  apply: { manifests: manifests.map(manifest => JSON.stringify(manifest)).join('\n---\n'), force: true },
});

const inLists = (document: unknown): unknown[] => {
  if (Array.isArray(document)) return document;
  const changes = isObject(document) && Object.keys(document).length === 1 ? document.changes : undefined;
  return Array.isArray(changes) ? changes : [document];
};

function changeOf(document: unknown): Change {
  const [[name, given] = ['', undefined], ...more] = isObject(document) ? Object.entries(document) : [];
  if (!name || more.length > 0 || !isObject(given)) {
    throw new Error(
      `${JSON.stringify(document)?.slice(0, 200)} is neither a manifest nor a change such as {taint: {node: worker-1, taints: ["gpu=yes:NoSchedule"]}}`,
    );
  }
  const input = Object.entries(given).map(([key, value]) =>
    (key === 'labels' || key === 'annotations') && isObject(value) ? [key, entriesOf(value)] : [key, value],
  );
  return { [name]: Object.fromEntries(input) as JsonObject };
}

const entriesOf = (mapping: JsonObject) =>
  Object.entries(mapping).map(([key, value]) => ({ key, value: value === null ? null : String(value) }));

/** The changes that words of the command line tell of. @throws Error for a word that is none */
export function changesOfWords({ taint, cordon, drain, label, removeNode }: Shortcuts): Change[] {
  return [
    ...(label ?? []).map(labeling),
    ...(taint ?? []).map(tainting),
    ...(cordon ?? []).map(node => ({ cordon: { node } })),
    ...(drain ?? []).map(node => ({ drain: { node, force: true, deleteEmptyDirData: true } })),
    ...(removeNode?.length ? [{ removeNodes: { names: [...removeNode] } }] : []),
  ];
}

function tainting(word: string): Change {
  const [node, taint] = parted(word);
  if (!node || !taint) throw new Error(`${word} is no taint of a node: --taint NODE=key=value:Effect`);
  if (taint.endsWith('-')) return { untaint: { node, taints: [taint.slice(0, -1)] } };
  return { taint: { node, taints: [taint], overwrite: true } };
}

function labeling(word: string): Change {
  const [name, label] = parted(word);
  const [key, value] = label?.endsWith('-') ? [label.slice(0, -1), null] : parted(label ?? '');
  if (!name || !key || value === undefined) throw new Error(`${word} is no label of a node: --label NODE=key=value`);
  return { label: { kind: 'Node', name, labels: [{ key, value }], overwrite: true } };
}

/** What is before the first `=`, and what is after it. */
function parted(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
