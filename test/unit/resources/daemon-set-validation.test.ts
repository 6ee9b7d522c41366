import { describe, expect, it } from 'vitest';
import { daemonSets } from '../../../src/resources/index.js';
import type { IntOrString, NodeSelectorTerm, PodSpec } from '../../../src/resources/types.js';
import { validateDaemonSet } from '../../../src/resources/validation/daemon-set.js';
import { type Change, created, createErrors, daemonSet, ofMetadata, ofPods, ofSpec } from './objects.js';

/** What is wrong with a new set that is right but for one change. */
function problemsOf(change: Change): string[] {
  const set = daemonSet();
  change(set);
  return createErrors(daemonSets, set);
}

const MISMATCH = (labels: string) =>
  `spec.template.metadata.labels: Invalid value: ${labels}: \`selector\` does not match template \`labels\``;
const OF_APP = '{"app":"agent"}';
const NEGATIVE = 'must be greater than or equal to 0';
const NAME_FORM =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const KEY_FORM =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_FORM =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const selecting = (...matchExpressions: object[]) => ofSpec({ selector: { matchExpressions } });

describe('TestValidateDaemonSet', () => {
  it.each<[string, Change]>([
    ['what is least', () => {}],
    ['a selector of another kind', selecting({ key: 'app', operator: 'In', values: ['agent'] })],
    ['the network of the node', ofPods({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' })],
    ['VAL-51: no history', ofSpec({ revisionHistoryLimit: 0 })],
  ])('accepts %s', (_, change) => {
    expect(problemsOf(change)).toEqual([]);
  });

  it.each<[string, Change, string[]]>([
    ['VAL-10: no name', ofMetadata({ name: '' }), ['metadata.name: Required value: name or generateName is required']],
    ['VAL-11: capitals', ofMetadata({ name: 'Agent' }), [`metadata.name: Invalid value: "Agent": ${NAME_FORM}`]],
    ['VAL-12: no namespace', ofMetadata({ namespace: '' }), ['metadata.namespace: Required value']],
    [
      'VAL-13: a key of a label',
      ofMetadata({ labels: { 'a b': 'c' } }),
      [`metadata.labels: Invalid value: "a b": ${KEY_FORM}`],
    ],
    [
      'VAL-13: a value of a label',
      ofMetadata({ labels: { a: 'b c' } }),
      [`metadata.labels: Invalid value: "b c": ${VALUE_FORM}`],
    ],
    [
      'VAL-13: a key of an annotation',
      ofMetadata({ annotations: { 'a b': 'any text' } }),
      [`metadata.annotations: Invalid value: "a b": ${KEY_FORM}`],
    ],
    ['VAL-20, T46: no selector', ofSpec({ selector: undefined }), [MISMATCH(OF_APP)]],
    [
      'VAL-21, T46: an empty selector',
      ofSpec({ selector: {} }),
      ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset'],
    ],
    [
      'VAL-21: a selector of no labels',
      ofSpec({ selector: { matchLabels: {} } }),
      [expect.stringMatching(/^spec\.selector: Invalid value: .*: empty selector is invalid for daemonset$/)],
    ],
    ['VAL-22: a selector of others', ofSpec({ selector: { matchLabels: { app: 'web' } } }), [MISMATCH(OF_APP)]],
    [
      'VAL-22: a template without labels',
      set => {
        set.spec.template.metadata = {};
      },
      [
        expect.stringMatching(
          /^spec\.template\.metadata\.labels: Invalid value: .*: `selector` does not match template `labels`$/,
        ),
      ],
    ],
    ...(['In', 'NotIn'].map(operator => [
      `VAL-23: ${operator} without values`,
      selecting({ key: 'app', operator }),
      [
        "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ]) as [string, Change, string[]][]),
    ...(['Exists', 'DoesNotExist'].map(operator => [
      `VAL-24: ${operator} with values`,
      selecting({ key: 'app', operator, values: ['agent'] }),
      [
        "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
    ]) as [string, Change, string[]][]),
    [
      'VAL-25: an operator that is none',
      selecting({ key: 'app', operator: 'Like', values: ['agent'] }),
      ['spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator'],
    ],
    ...(['OnFailure', 'Never'].map(restartPolicy => [
      `VAL-40: restartPolicy ${restartPolicy}`,
      ofPods({ restartPolicy } as Partial<PodSpec>),
      [`spec.template.spec.restartPolicy: Unsupported value: "${restartPolicy}": supported values: "Always"`],
    ]) as [string, Change, string[]][]),
    [
      'VAL-41: a deadline',
      ofPods({ activeDeadlineSeconds: 60 }),
      ['spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported'],
    ],
    [
      'VAL-42: ephemeral containers',
      ofPods({ ephemeralContainers: [{ name: 'e', image: 'a:1' }] }),
      ['spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template'],
    ],
    ['VAL-43: no containers', ofPods({ containers: [] }), ['spec.template.spec.containers: Required value']],
    [
      'VAL-44: a disk that many write to',
      ofPods({ volumes: [{ name: 'd', gcePersistentDisk: { pdName: 'p' } }] }),
      [
        'spec.template.spec.volumes[0].gcePersistentDisk.readOnly: Invalid value: false: must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only',
      ],
    ],
    [
      'VAL-50: minReadySeconds below zero',
      ofSpec({ minReadySeconds: -1 }),
      [`spec.minReadySeconds: Invalid value: -1: ${NEGATIVE}`],
    ],
    [
      'VAL-51: revisionHistoryLimit below zero',
      ofSpec({ revisionHistoryLimit: -1 }),
      [`spec.revisionHistoryLimit: Invalid value: -1: ${NEGATIVE}`],
    ],
    [
      'VAL-60: a strategy that there is not',
      ofSpec({ updateStrategy: { type: 'Recreate' } }),
      ['spec.updateStrategy: Unsupported value: {"type":"Recreate"}: supported values: "RollingUpdate", "OnDelete"'],
    ],
  ])('rejects %s', (_, change, problems) => {
    expect(problemsOf(change)).toEqual(problems);
  });

  it('rejects an empty template: VAL-22, VAL-43', () => {
    expect(problemsOf(ofSpec({ template: {} }))).toEqual([
      expect.stringMatching(/^spec\.template\.metadata\.labels: /),
      'spec.template.spec.containers: Required value',
    ]);
  });

  it('VAL-61, storage_test: misses a strategy, and what belongs to it, where no defaults were set', () => {
    const problems = (updateStrategy: object) => {
      const set = created(daemonSets, daemonSet());
      return validateDaemonSet({ ...set, spec: { ...set.spec, updateStrategy } }).map(e => e.message);
    };
    expect(problems({ type: 'RollingUpdate' })).toEqual(['spec.updateStrategy.rollingUpdate: Required value']);
    expect(problems({})).toEqual([
      'spec.updateStrategy: Unsupported value: {}: supported values: "RollingUpdate", "OnDelete"',
    ]);
  });

  it('T47: says all that is wrong: of the metadata, the selector, the template, then the rest', () => {
    const wrong = problemsOf(set => {
      Object.assign(set.metadata, { name: 'Agent' });
      Object.assign(set.spec, { minReadySeconds: -1, revisionHistoryLimit: -1, updateStrategy: { type: 'X' } });
      set.spec.selector = { matchLabels: { app: 'web' } };
      Object.assign(set.spec.template.spec, { containers: [], restartPolicy: 'Never', activeDeadlineSeconds: 1 });
    });
    expect(wrong.map(message => message.split(':')[0])).toEqual([
      'metadata.name',
      'spec.template.metadata.labels',
      'spec.template.spec.containers',
      'spec.template.spec.restartPolicy',
      'spec.template.spec.activeDeadlineSeconds',
      'spec.minReadySeconds',
      'spec.updateStrategy',
      'spec.revisionHistoryLimit',
    ]);
  });
});

describe('node affinity by field', () => {
  const path =
    'spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0]';
  const problems = (field: object) => {
    const nodeSelectorTerms = [{ matchFields: [field] } as NodeSelectorTerm];
    return problemsOf(
      ofPods({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } }),
    );
  };
  it.each<[string, object, string[]]>([
    ['the name of a node', { key: 'metadata.name', operator: 'In', values: ['n'] }, []],
    ['not the name of a node', { key: 'metadata.name', operator: 'NotIn', values: ['n'] }, []],
    [
      'VAL-70: another operator',
      { key: 'metadata.name', operator: 'Exists', values: ['n'] },
      [`${path}.operator: Invalid value: "Exists": not a valid selector operator`],
    ],
    ...[[], ['n', 'm']].map((values): [string, object, string[]] => [
      `VAL-71: ${values.length} values`,
      { key: 'metadata.name', operator: 'In', values },
      [
        `${path}.values: Required value: must be only one value when \`operator\` is 'In' or 'NotIn' for node field selector`,
      ],
    ]),
    [
      'VAL-72: another field',
      { key: 'metadata.namespace', operator: 'In', values: ['n'] },
      [`${path}.key: Invalid value: "metadata.namespace": not a valid field selector key`],
    ],
  ])('%s', (_, field, wrong) => {
    expect(problems(field)).toEqual(wrong);
  });
});

describe('TestDaemonSetUpdateMaxSurge', () => {
  const path = 'spec.updateStrategy.rollingUpdate';
  const both = `${path}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`;
  const form =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  it.each<[string, IntOrString, IntOrString, string[]]>([
    ['one unavailable', 1, 0, []],
    ['a percent unavailable', '1%', 0, []],
    ['all unavailable', '100%', 0, []],
    ['one more', 0, 1, []],
    ['a percent more', 0, '1%', []],
    ['all once more', '0%', '100%', []],
    ['VAL-65: none at all', 0, 0, [both]],
    ['VAL-65, VAL-96: no percent of either', '0%', '0%', [both]],
    ['VAL-65, VAL-96: none, in two ways', '0%', 0, [both]],
    ['VAL-66: both', 1, 1, [`${path}.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero`]],
    [
      'VAL-66: percents of both',
      '1%',
      '100%',
      [`${path}.maxSurge: Invalid value: "100%": may not be set when maxUnavailable is non-zero`],
    ],
    ['VAL-62: fewer than none unavailable', -1, 0, [`${path}.maxUnavailable: Invalid value: -1: ${NEGATIVE}`]],
    ['VAL-62: fewer than none more', 0, -1, [`${path}.maxSurge: Invalid value: -1: ${NEGATIVE}`]],
    ['VAL-63: a text', '10', 0, [`${path}.maxUnavailable: Invalid value: "10": ${form}`]],
    ['VAL-63: part of a percent', 0, '1.5%', [`${path}.maxSurge: Invalid value: "1.5%": ${form}`]],
    [
      'VAL-64: more than all unavailable',
      '101%',
      0,
      [`${path}.maxUnavailable: Invalid value: "101%": must not be greater than 100%`],
    ],
    [
      'VAL-64: more than all more',
      0,
      '101%',
      [`${path}.maxSurge: Invalid value: "101%": must not be greater than 100%`],
    ],
  ])('%s: %j and %j', (_, maxUnavailable, maxSurge, messages) => {
    expect(problemsOf(ofSpec({ updateStrategy: { rollingUpdate: { maxUnavailable, maxSurge } } }))).toEqual(messages);
  });

  it('VAL-65: neither said, and no defaults', () => {
    const set = created(daemonSets, daemonSet());
    set.spec.updateStrategy.rollingUpdate = {};
    expect(validateDaemonSet(set).map(e => e.message)).toEqual([both]);
  });

  it('VAL-96: are not looked at without rolling updates', () => {
    const updateStrategy = { type: 'OnDelete', rollingUpdate: { maxUnavailable: 1, maxSurge: '300%' } };
    expect(problemsOf(ofSpec({ updateStrategy }))).toEqual([]);
  });
});
