import { describe, expect, it } from 'vitest';
import { type Change, readChanges, writeChanges } from '../../../src/dashboard/changes/change.js';
import { FORMS, type FormKind, type FormName, initialValues } from '../../../src/dashboard/changes/forms.js';
import { kubectlOf } from '../../../src/dashboard/changes/kubectl.js';
import { everyChange } from './every-change.js';

const node = { kind: 'Node', namespace: '', name: 'worker-1' };
const agent = { kind: 'DaemonSet', namespace: 'kube-system', name: 'agent' };
const filled = (form: FormName, values: Record<string, string>, target = form === 'image' ? agent : node) => {
  const kind: FormKind = FORMS[form];
  return kind.change({ ...initialValues(kind), ...values }, target);
};

describe('changes', () => {
  it('go into a URL and come out of it as they were', () => {
    expect(readChanges(writeChanges(everyChange))).toEqual(everyChange);
    expect(writeChanges([])).toBeUndefined();
  });

  it('what is none is left out of a URL', () => {
    expect(readChanges('[{"explode": {}}, {"cordon": "x"}, {"cordon": {"node": "a"}, "taint": {}}, null, 7]')).toEqual(
      [],
    );
    expect(readChanges('[{"cordon": {"node": "a"}}')).toEqual([]);
    expect(readChanges('{"cordon": {"node": "a"}}')).toEqual([]);
  });

  it.each<[Change, string]>([
    [
      { taint: { node: 'a', taints: ['gpu=yes:NoSchedule'], overwrite: true } },
      'kubectl taint nodes a gpu=yes:NoSchedule --overwrite',
    ],
    [{ untaint: { node: 'a', taints: ['gpu'] } }, 'kubectl taint nodes a gpu-'],
    [
      {
        label: {
          ...node,
          labels: [
            { key: 'a', value: "it's" },
            { key: 'b', value: null },
          ],
        },
      },
      `kubectl label node/worker-1 'a=it'\\''s' b-`,
    ],
    [
      { delete: { ...agent, gracePeriod: 0 } },
      'kubectl delete daemonset/agent -n kube-system --grace-period=0 --force',
    ],
    [{ drain: { node: 'a', force: true } }, 'kubectl drain a --ignore-daemonsets --force'],
    [
      { undoRollout: { ...agent, toRevision: 3 } },
      'kubectl rollout undo daemonset/agent -n kube-system --to-revision=3',
    ],
    [
      { patch: { ...agent, type: 'MERGE', patch: { a: 1 } } },
      `kubectl patch daemonset/agent -n kube-system --type=merge -p '{"a":1}'`,
    ],
  ])('%j is in kubectl %s', (change, command) => {
    expect(kubectlOf(change)).toBe(command);
  });
});

describe('forms', () => {
  it('make a change of what is filled in', () => {
    expect(filled('taint', { key: 'gpu', value: 'yes' })).toEqual({
      taint: { node: 'worker-1', taints: ['gpu=yes:NoSchedule'], overwrite: true },
    });
    expect(filled('label', { labels: 'a=b  c- d=' })).toEqual({
      label: {
        ...node,
        labels: [
          { key: 'a', value: 'b' },
          { key: 'c', value: null },
          { key: 'd', value: '' },
        ],
        overwrite: true,
      },
    });
    expect(filled('addNodes', { count: '2', labels: 'zone=a', taints: 'x:NoExecute' })).toEqual({
      scaleNodes: { pool: 'node', add: 2, labels: [{ key: 'zone', value: 'a' }], taints: ['x:NoExecute'] },
    });
    expect(filled('image', { container: 'main', image: ' agent:2 ' })).toEqual({
      setImage: { ...agent, container: 'main', image: 'agent:2' },
    });
    expect(filled('annotate', { annotations: 'a=b c-' })).toEqual({
      annotate: {
        ...node,
        annotations: [
          { key: 'a', value: 'b' },
          { key: 'c', value: null },
        ],
        overwrite: true,
      },
    });
    expect(filled('removeNodes', { count: '3' })).toEqual({ scaleNodes: { pool: 'node', remove: 3 } });
  });

  it('make none while something is missing or cannot be read', () => {
    expect(filled('taint', { key: '' })).toBeUndefined();
    expect(filled('untaint', {})).toBeUndefined();
    expect(filled('label', { labels: '  ' })).toBeUndefined();
    expect(filled('addNodes', { count: '0' })).toBeUndefined();
    expect(filled('patch', { patch: '{"spec":' })).toBeUndefined();
    expect(filled('patch', { patch: '7' })).toBeUndefined();
    expect(filled('apply', { manifests: ' ' })).toBeUndefined();
  });

  it('offer the containers that there are, each with its image', () => {
    const containers = [
      { name: 'main', image: 'agent:1' },
      { name: 'side', image: 'side:7' },
    ];
    const { values, choices } = FORMS.image.startsFrom({ json: { spec: { template: { spec: { containers } } } } });
    expect(values).toEqual({ container: 'main', image: 'agent:1' });
    expect(choices?.container).toEqual([
      { value: 'main', text: 'main', sets: { image: 'agent:1' } },
      { value: 'side', text: 'side', sets: { image: 'side:7' } },
    ]);
  });

  it('offer earlier revisions, the last one first, and none where there is none', () => {
    const revision = (number: number, image: string, changeCause: string | null = null) => ({
      revision: number,
      changeCause,
      json: { data: { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } } },
    });
    const { startsFrom }: FormKind = FORMS.undo;
    const revisions = [revision(1, 'agent:1', 'first'), revision(3, 'agent:3'), revision(2, 'agent:2')];
    expect(startsFrom!({ json: {}, revisions })).toEqual({
      values: { toRevision: '2' },
      choices: {
        toRevision: [
          { value: '2', text: '2 · agent:2' },
          { value: '1', text: '1 · agent:1 · first' },
        ],
      },
    });
    expect(startsFrom!({ json: {}, revisions: [revision(1, 'agent:1')] }).choices).toEqual({ toRevision: [] });
    expect(startsFrom!({ json: {} })).toEqual({});
  });

  it('begin tolerations with those that are there, and keep them as they were', () => {
    const tolerations = [
      { operator: 'Exists' },
      { key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' },
      { key: 'edge', operator: 'Exists', effect: 'NoExecute' },
      { key: 'any', operator: 'Exists' },
    ];
    const { startsFrom }: FormKind = FORMS.tolerations;
    const { values = {} } = startsFrom!({ json: { spec: { template: { spec: { tolerations } } } } });
    expect(values.tolerations).toBe('* gpu=yes:NoSchedule edge:NoExecute any');
    expect(FORMS.tolerations.change(values as { tolerations: string }, agent)).toEqual({
      patch: {
        ...agent,
        type: 'JSON',
        patch: [{ op: 'add', path: '/spec/template/spec/tolerations', value: tolerations }],
      },
    });
  });
});
