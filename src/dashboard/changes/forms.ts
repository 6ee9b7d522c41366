import type { Change, Entry } from './change.js';

/** What can be filled in. */
type FieldName =
  | 'key'
  | 'value'
  | 'effect'
  | 'taints'
  | 'labels'
  | 'annotations'
  | 'force'
  | 'deleteEmptyDirData'
  | 'image'
  | 'container'
  | 'nodeSelector'
  | 'tolerations'
  | 'toRevision'
  | 'replicas'
  | 'pool'
  | 'count'
  | 'manifests'
  | 'patchType'
  | 'patch';

export interface Field {
  readonly name: FieldName;
  readonly type: 'text' | 'number' | 'check' | 'choice' | 'area';
  readonly choices?: readonly Choice[];
  readonly optional?: boolean;
  /** What it says at first. */
  readonly initial?: string;
  /** An example of what is to be written. */
  readonly example?: string;
}

/** One of several that can be chosen, and what is to be said in other fields when it is. */
export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly sets?: Values;
}

/** What an object says that a form begins with, and what it has to choose from. */
export interface Start {
  readonly values?: Values;
  /** Fields in which one of these is chosen. Where there are none, there is no such change. */
  readonly choices?: { readonly [name in FieldName]?: readonly Choice[] };
}

/** What a change is made to. */
export interface Target {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export type Values = Readonly<Partial<Record<FieldName, string>>>;

/** One kind of change, as people fill it in. */
export interface FormKind {
  /** The kinds of what it can be made to; none: it names that itself. */
  readonly kinds: readonly string[];
  readonly fields: readonly Field[];
  /** Whether it takes away what does not come back by itself. */
  readonly destroys?: boolean;
  /** Whether fields begin with what the object says: the object is asked for it. */
  readonly startsFrom?: (object: ObjectShape) => Start;
  /** The change; undefined while something is missing or cannot be read. */
  readonly change: (values: Values, target: Target) => Change | undefined;
}

/** The parts of a workload that forms begin with. */
export interface ObjectShape {
  readonly json: { readonly spec?: { readonly replicas?: number; readonly template?: Template } };
  /** The templates that a DaemonSet or StatefulSet had, the present one included. */
  readonly revisions?: readonly {
    readonly revision: number;
    readonly changeCause: string | null;
    readonly json: { readonly data?: { readonly spec?: { readonly template?: Template } } };
  }[];
  /** What a Deployment has instead: its ReplicaSets. */
  readonly children?: readonly {
    readonly images: readonly string[];
    readonly metadata: { readonly revision: string | null; readonly changeCause: string | null };
  }[];
}

interface Template {
  readonly spec?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
    readonly containers?: readonly { readonly name: string; readonly image?: string }[];
  };
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

const NODE = ['Node'];
/** What has a template that is rolled out. */
const ROLLED_OUT = ['DaemonSet', 'Deployment', 'StatefulSet'];
const ANY = [...NODE, ...ROLLED_OUT, 'Pod'];

const choices = (...values: string[]): Choice[] => values.map(value => ({ value, text: value }));

export const FORMS = {
  taint: {
    kinds: NODE,
    fields: [
      { name: 'key', type: 'text', initial: 'dedicated' },
      { name: 'value', type: 'text', optional: true, example: 'gpu' },
      {
        name: 'effect',
        type: 'choice',
        choices: choices('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
        initial: 'NoSchedule',
      },
    ],
    change: ({ key, value, effect }, { name: node }) =>
      key ? { taint: { node, taints: [`${key}${value ? `=${value}` : ''}:${effect}`], overwrite: true } } : undefined,
  },
  untaint: {
    kinds: NODE,
    fields: [{ name: 'taints', type: 'text', example: 'dedicated:NoSchedule' }],
    change: ({ taints }, { name: node }) =>
      words(taints).length ? { untaint: { node, taints: words(taints) } } : undefined,
  },
  cordon: { kinds: NODE, fields: [], change: (_, { name: node }) => ({ cordon: { node } }) },
  uncordon: { kinds: NODE, fields: [], change: (_, { name: node }) => ({ uncordon: { node } }) },
  label: {
    kinds: ANY,
    fields: [{ name: 'labels', type: 'text', example: 'tier=gold old-key-' }],
    change: ({ labels }, target) => {
      const entries = entriesOf(labels);
      return entries.length ? { label: { ...target, labels: entries, overwrite: true } } : undefined;
    },
  },
  annotate: {
    kinds: ANY,
    fields: [{ name: 'annotations', type: 'text', example: 'team=storage old-key-' }],
    change: ({ annotations }, target) => {
      const entries = entriesOf(annotations);
      return entries.length ? { annotate: { ...target, annotations: entries, overwrite: true } } : undefined;
    },
  },
  drain: {
    kinds: NODE,
    destroys: true,
    fields: [
      { name: 'force', type: 'check' },
      { name: 'deleteEmptyDirData', type: 'check' },
    ],
    change: ({ force, deleteEmptyDirData }, { name: node }) => ({
      drain: { node, ...(force ? { force: true } : {}), ...(deleteEmptyDirData ? { deleteEmptyDirData: true } : {}) },
    }),
  },
  addNodes: {
    kinds: [],
    fields: [
      { name: 'pool', type: 'text', initial: 'node' },
      { name: 'count', type: 'number', initial: '1' },
      { name: 'labels', type: 'text', optional: true, example: 'topology.kubernetes.io/zone=a' },
      { name: 'taints', type: 'text', optional: true, example: 'gpu=yes:NoSchedule' },
    ],
    change: ({ pool, count, labels, taints }) =>
      pool && Number(count) > 0
        ? { scaleNodes: { pool, add: Number(count), labels: entriesOf(labels), taints: words(taints) } }
        : undefined,
  },
  removeNodes: {
    kinds: [],
    destroys: true,
    fields: [
      { name: 'pool', type: 'text', initial: 'node' },
      { name: 'count', type: 'number', initial: '1' },
    ],
    change: ({ pool, count }) =>
      pool && Number(count) > 0 ? { scaleNodes: { pool, remove: Number(count) } } : undefined,
  },
  image: {
    kinds: ROLLED_OUT,
    fields: [
      { name: 'container', type: 'text', initial: '*' },
      { name: 'image', type: 'text', example: 'registry.example/agent:2' },
    ],
    startsFrom: ({ json: { spec } }) => {
      const containers = spec?.template?.spec?.containers ?? [];
      const [first] = containers;
      return {
        values: { container: first?.name ?? '*', image: first?.image ?? '' },
        choices: {
          container: containers.map(({ name, image = '' }) => ({ value: name, text: name, sets: { image } })),
        },
      };
    },
    change: ({ container, image }, target) =>
      container && image?.trim() ? { setImage: { ...target, container, image: image.trim() } } : undefined,
  },
  nodeSelector: {
    kinds: ROLLED_OUT,
    fields: [{ name: 'nodeSelector', type: 'text', optional: true, example: 'disk=ssd' }],
    startsFrom: ({ json: { spec } }) => ({
      values: {
        nodeSelector: Object.entries(spec?.template?.spec?.nodeSelector ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      },
    }),
    change: ({ nodeSelector }, target) =>
      template(
        target,
        '/nodeSelector',
        Object.fromEntries(entriesOf(nodeSelector).flatMap(({ key, value }) => (value === null ? [] : [[key, value]]))),
      ),
  },
  tolerations: {
    kinds: ROLLED_OUT,
    fields: [{ name: 'tolerations', type: 'text', optional: true, example: 'gpu=yes:NoSchedule edge:NoExecute *' }],
    startsFrom: ({ json: { spec } }) => ({
      values: { tolerations: (spec?.template?.spec?.tolerations ?? []).map(tolerationText).join(' ') },
    }),
    change: ({ tolerations }, target) => template(target, '/tolerations', words(tolerations).map(tolerationOf)),
  },
  restart: { kinds: ROLLED_OUT, fields: [], change: (_, target) => ({ restartRollout: target }) },
  undo: {
    kinds: ROLLED_OUT,
    fields: [{ name: 'toRevision', type: 'number', optional: true }],
    startsFrom: object => {
      const [present, ...earlier] = templatesOf(object).sort((a, b) => b.revision - a.revision);
      return present
        ? { values: { toRevision: String(earlier[0]?.revision ?? '') }, choices: { toRevision: earlier.map(choiceOf) } }
        : {};
    },
    change: ({ toRevision }, target) => ({
      undoRollout: { ...target, ...(Number(toRevision) > 0 ? { toRevision: Number(toRevision) } : {}) },
    }),
  },
  pause: { kinds: ['Deployment'], fields: [], change: (_, target) => ({ pauseRollout: target }) },
  resume: { kinds: ['Deployment'], fields: [], change: (_, target) => ({ resumeRollout: target }) },
  scale: {
    kinds: ['Deployment', 'StatefulSet', 'ReplicaSet'],
    fields: [{ name: 'replicas', type: 'number', initial: '1' }],
    startsFrom: ({ json: { spec } }) => ({ values: { replicas: String(spec?.replicas ?? 1) } }),
    change: ({ replicas }, target) =>
      replicas !== undefined && /^\d+$/.test(replicas)
        ? { scale: { ...target, replicas: Number(replicas) } }
        : undefined,
  },
  delete: { kinds: ANY, destroys: true, fields: [], change: (_, target) => ({ delete: target }) },
  apply: {
    kinds: [],
    fields: [
      { name: 'manifests', type: 'area' },
      { name: 'force', type: 'check' },
    ],
    change: ({ manifests, force }) =>
      manifests?.trim() ? { apply: { manifests, ...(force ? { force: true } : {}) } } : undefined,
  },
  patch: {
    kinds: ANY,
    fields: [
      { name: 'patchType', type: 'choice', choices: choices('STRATEGIC', 'MERGE', 'JSON'), initial: 'STRATEGIC' },
      { name: 'patch', type: 'area', initial: '{"spec": {}}' },
    ],
    change: ({ patchType, patch }, target) => {
      try {
        const parsed: unknown = JSON.parse(patch ?? '');
        if (typeof parsed !== 'object' || parsed === null) return undefined;
        return { patch: { ...target, type: patchType as 'STRATEGIC', patch: parsed } };
      } catch {
        return undefined;
      }
    },
  },
} as const satisfies Readonly<Record<string, FormKind>>;

export type FormName = keyof typeof FORMS;

/** A template that can be gone back to. */
interface Earlier {
  readonly revision: number;
  readonly changeCause: string | null;
  readonly images: readonly (string | undefined)[];
}

/** The templates that are kept, in no order. */
function templatesOf({ revisions = [], children = [] }: ObjectShape): Earlier[] {
  return [
    ...revisions.map(({ revision, changeCause, json }) => ({
      revision,
      changeCause,
      images: (json.data?.spec?.template?.spec?.containers ?? []).map(({ image }) => image),
    })),
    ...children.flatMap(({ images, metadata: { revision, changeCause } }) =>
      revision ? [{ revision: Number(revision), changeCause, images }] : [],
    ),
  ];
}

/** An earlier revision, told by what it ran. */
const choiceOf = ({ revision, changeCause, images }: Earlier): Choice => ({
  value: String(revision),
  text: [revision, ...images, ...(changeCause ? [changeCause] : [])].join(' · '),
});

/** A part of the pods' template in another form: put in the place of what is there, if anything is. */
const template = (target: Target, path: string, value: unknown): Change => ({
  patch: { ...target, type: 'JSON', patch: [{ op: 'add', path: `/spec/template/spec${path}`, value }] },
});

const words = (text: string | undefined): string[] => text?.split(/[\s,]+/).filter(Boolean) ?? [];

/** `key=value other-`: what to set and what to remove. */
function entriesOf(text: string | undefined): Entry[] {
  return words(text).map(word => {
    if (word.endsWith('-') && !word.includes('=')) return { key: word.slice(0, -1), value: null };
    const [key = '', ...value] = word.split('=');
    return { key, value: value.join('=') };
  });
}

/** `key=value:Effect`, with any part left out; `*` tolerates all. */
function tolerationOf(word: string): Toleration {
  const [rest = '', effect] = word.split(':');
  const [key = '', value] = rest.split('=');
  return {
    ...(key && key !== '*' ? { key } : {}),
    ...(value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value }),
    ...(effect ? { effect } : {}),
  };
}

function tolerationText({ key, operator, value, effect }: Toleration): string {
  return `${key ?? '*'}${operator === 'Exists' ? '' : `=${value ?? ''}`}${effect ? `:${effect}` : ''}`;
}

/** What a form says at first. */
export const initialValues = (form: FormKind): Values =>
  Object.fromEntries(form.fields.flatMap(({ name, initial }) => (initial === undefined ? [] : [[name, initial]])));
