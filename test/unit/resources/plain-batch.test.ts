import { describe, expect, it } from 'vitest';
import { scheduleProblem } from '../../../src/resources/cron-schedule.js';
import type { JsonObject } from '../../../src/resources/json.js';
import { parseIndexes } from '../../../src/resources/validation/job-indexes.js';
import { created, createErrors, printed, statusUpdated, updated, updateErrors } from './objects.js';
import { changed, draft, kindOf, type Plain } from './plain.js';

const JOBS = 'jobs.batch';
const CRON_JOBS = 'cronjobs.batch';
const UID = '5e9d7d2c-0000-4000-8000-000000000001';
const TEMPLATE = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'pi:1' }] } };

const job = (changes: JsonObject = {}) => draft(JOBS, { template: TEMPLATE }, changes);
const cronJob = (changes: JsonObject = {}) =>
  draft(CRON_JOBS, { schedule: '*/5 * * * *', jobTemplate: { spec: { template: TEMPLATE } } }, changes);

const LABELS = {
  'batch.kubernetes.io/controller-uid': UID,
  'controller-uid': UID,
  'batch.kubernetes.io/job-name': 'thing',
  'job-name': 'thing',
};
const INDEXED = { 'spec.completionMode': 'Indexed', 'spec.completions': 5, 'spec.backoffLimitPerIndex': 1 };

describe('a Job', () => {
  it.each<[JsonObject, JsonObject]>([
    [
      {},
      {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        manualSelector: false,
        podReplacementPolicy: 'TerminatingOrFailed',
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': UID } },
      },
    ],
    [{ 'spec.completions': 3 }, { parallelism: 1, completions: 3 }],
    [INDEXED, { backoffLimit: 2147483647 }],
    [
      { 'spec.podFailurePolicy.rules': [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
      {
        podReplacementPolicy: 'Failed',
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
        },
      },
    ],
  ])('with %o gets its defaults', (changes, expected) => {
    const { spec } = created(kindOf(JOBS), job(changes));
    expect(spec).toMatchObject(expected);
    expect(spec.template).toMatchObject({ metadata: { labels: LABELS } });
  });

  it('of one queue has no completions', () => {
    expect(created(kindOf(JOBS), job({ 'spec.parallelism': 3 })).spec).not.toHaveProperty('completions');
  });

  it('is labelled as its pods are', () => {
    const { metadata } = created(kindOf(JOBS), job({ 'spec.template.metadata.labels': { app: 'pi' } }));
    expect(metadata.labels).toEqual({ app: 'pi', ...LABELS });
  });

  it('can be given a selector', () => {
    const { spec } = created(
      kindOf(JOBS),
      job({
        'spec.manualSelector': true,
        'spec.selector': { matchLabels: { a: 'b' } },
        'spec.template.metadata.labels': { a: 'b' },
      }),
    );
    expect(spec).toMatchObject({
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } } },
    });
  });

  it.each<[JsonObject, string[]]>([
    [
      { 'spec.template.spec.restartPolicy': undefined },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      { 'spec.parallelism': -1, 'spec.completions': -1, 'spec.backoffLimit': -1, 'spec.ttlSecondsAfterFinished': -1 },
      ['parallelism', 'completions', 'backoffLimit', 'ttlSecondsAfterFinished'].map(
        field => `spec.${field}: Invalid value: -1: must be greater than or equal to 0`,
      ),
    ],
    [
      { 'spec.selector': { matchLabels: { a: 'b' } } },
      [
        'spec.selector: Invalid value: {"matchLabels":{"a":"b","batch.kubernetes.io/controller-uid":"5e9d7d2c-0000-4000-8000-000000000001"}}: `selector` not auto-generated',
        `spec.template.metadata.labels: Invalid value: ${JSON.stringify(LABELS)}: \`selector\` does not match template \`labels\``,
      ],
    ],
    [
      { 'spec.manualSelector': true },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
      ],
    ],
    [
      { 'spec.completionMode': 'Odd' },
      ['spec.completionMode: Unsupported value: "Odd": supported values: "NonIndexed", "Indexed"'],
    ],
    [
      { 'spec.completionMode': 'Indexed', 'spec.parallelism': 2 },
      ['spec.completions: Required value: when completion mode is Indexed'],
    ],
    [
      { 'spec.backoffLimitPerIndex': 1 },
      ['spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode'],
    ],
    [
      { ...INDEXED, 'metadata.name': 'a'.repeat(62) },
      [
        `metadata.name: Invalid value: "${'a'.repeat(62)}": will not able to create pod with invalid DNS label: ${'a'.repeat(62)}-4`,
      ],
    ],
    [
      { ...INDEXED, 'spec.maxFailedIndexes': 6 },
      ['spec.maxFailedIndexes: Invalid value: 6: must be less than or equal to completions'],
    ],
    [
      { 'spec.managedBy': 'me' },
      ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      {
        'spec.template.spec.restartPolicy': 'OnFailure',
        'spec.podReplacementPolicy': 'TerminatingOrFailed',
        'spec.podFailurePolicy.rules': [
          { action: 'Fail', onExitCodes: { containerName: 'x', operator: 'In', values: [2, 0, 2] } },
          { action: 'FailIndex' },
        ],
      },
      [
        'spec.podFailurePolicy.rules[0].action: Unsupported value: "Fail": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
        'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "x": must be one of the container or initContainer names in the pod template',
        'spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
        'spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 2',
        'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,0,2]: must be ordered',
        'spec.podFailurePolicy.rules[1].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
        'spec.podFailurePolicy.rules[1]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
        'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
        'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
      ],
    ],
    [
      { ...INDEXED, 'spec.successPolicy.rules': [{ succeededIndexes: '1,3-9' }, { succeededCount: 6 }, {}] },
      [
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "1,3-9": error parsing succeededIndexes: too large index: "9"',
        'spec.successPolicy.rules[1].succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)',
        'spec.successPolicy.rules[2]: Required value: at least one of succeededCount or succeededIndexes must be specified',
      ],
    ],
  ])('with %o is refused', (changes, expected) => {
    expect(createErrors(kindOf(JOBS), job(changes))).toEqual(expected);
  });

  const immutable = (field: string, value: unknown) =>
    `spec.${field}: Invalid value: ${JSON.stringify(value)}: field is immutable`;

  it.each<[JsonObject, JsonObject, (string | RegExp)[]]>([
    [{}, { 'spec.parallelism': 4, 'spec.suspend': true, 'spec.backoffLimit': 1 }, []],
    [{}, { 'spec.completions': 2 }, [immutable('completions', 2)]],
    [INDEXED, { 'spec.completions': 2, 'spec.parallelism': 2 }, []],
    [
      INDEXED,
      { 'spec.completions': 2 },
      ['spec.completions: Invalid value: 2: can only be modified in tandem with spec.parallelism'],
    ],
    [{}, { 'spec.template.spec.nodeSelector': { a: 'b' } }, [/^spec.template: Invalid value: .*: field is immutable$/]],
    [{ 'spec.suspend': true }, { 'spec.template.spec.nodeSelector': { a: 'b' } }, []],
    [
      { 'spec.suspend': true },
      { 'spec.template.spec.affinity': { nodeAffinity: {}, podAffinity: {} } },
      [/^spec.template: /],
    ],
    [{ 'spec.suspend': true }, { 'spec.template.spec.affinity': { nodeAffinity: {} } }, []],
    [{}, { 'spec.managedBy': 'a.io/b' }, [immutable('managedBy', 'a.io/b')]],
  ])('with %o, changed by %o', (before, changes, expected) => {
    const errors = updateErrors(kindOf(JOBS), job(before), o => changed(o, changes));
    expect(errors).toHaveLength(expected.length);
    expected.forEach((pattern, i) => {
      if (typeof pattern === 'string') expect(errors[i]).toBe(pattern);
      else expect(errors[i]).toMatch(pattern);
    });
  });

  const START = '2026-01-01T00:00:00Z';
  const condition = (type: string) => ({ type, status: 'True' });
  const DONE = {
    startTime: START,
    completionTime: '2026-01-01T00:01:00Z',
    succeeded: 1,
    conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
  };

  function statusErrors(before: JsonObject, after: JsonObject): string[] {
    const kind = kindOf(JOBS);
    const old = changed(created(kind, job()), { status: before });
    const told = statusUpdated(kind, old, o => changed(o, { status: after }));
    return kind.strategy.validateStatusUpdate?.(told, old).map(e => e.message) ?? [];
  }

  it.each<[JsonObject, JsonObject, string[]]>([
    [{}, { startTime: START, active: 1, ready: 1 }, []],
    [{ startTime: START, active: 1 }, DONE, []],
    [
      {},
      { ...DONE, conditions: [condition('Complete')], active: 1 },
      [
        'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
        'status.active: Invalid value: 1: active>0 is invalid for finished job',
      ],
    ],
    [
      {},
      { active: -1, ready: 2, completionTime: START },
      [
        'status.active: Invalid value: -1: must be greater than or equal to 0',
        'status.completionTime: Invalid value: "2026-01-01T00:00:00Z": cannot set completionTime when there is no Complete=True condition',
        'status.ready: Invalid value: 2: cannot set more ready pods than active',
      ],
    ],
    [
      { startTime: START, failed: 2, conditions: [condition('FailureTarget')] },
      { failed: 1 },
      [
        'status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition',
        'status.failed: Invalid value: 1: cannot decrease the failed counter',
        'status.startTime: Required value: startTime cannot be removed for unsuspended job',
      ],
    ],
    [
      {},
      { completedIndexes: '0', failedIndexes: '0' },
      [
        'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
        'status.failedIndexes: Invalid value: "0": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
        'status.failedIndexes: Invalid value: "0": failedIndexes and completedIndexes overlap at index: 0',
      ],
    ],
  ])('with the status %o, told %o', (before, after, expected) => {
    expect(statusErrors(before, after)).toEqual(expected);
  });

  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{}, {}, { Status: 'Running', Completions: '0/1', Duration: '' }],
    [{ 'spec.parallelism': 3 }, {}, { Completions: '0/1 of 3' }],
    [{}, { startTime: '2026-01-01T23:59:00Z', active: 1 }, { Status: 'Running', Duration: '60s' }],
    [{}, DONE, { Status: 'Complete', Completions: '1/1', Duration: '60s' }],
    [{}, { conditions: [condition('Suspended')] }, { Status: 'Suspended' }],
  ])('with %o and the status %o is printed', (changes, status, expected) => {
    const kind = kindOf(JOBS);
    const shown = printed(kind, changed(created(kind, job(changes)), { status }));
    expect(shown).toMatchObject({
      ...expected,
      Name: 'thing',
      Age: '24h',
      Containers: 'main',
      Images: 'pi:1',
      Selector: `batch.kubernetes.io/controller-uid=${UID}`,
    });
  });

  it('is selected by its successes, and leaves its pods behind', () => {
    const { selectableFields, strategy } = kindOf(JOBS);
    expect(selectableFields['status.successful']?.(job({ 'status.succeeded': 2 }))).toBe('2');
    expect(strategy.defaultPropagation).toBe('Orphan');
  });
});

describe('a CronJob', () => {
  it('gets its defaults, but none for its jobs', () => {
    const { spec } = created(kindOf(CRON_JOBS), cronJob());
    expect(spec).toMatchObject({
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    expect(Object.keys((spec.jobTemplate as { spec: object }).spec)).toEqual(['template']);
  });

  it.each<[JsonObject, string[]]>([
    [{ 'spec.schedule': undefined }, ['spec.schedule: Required value']],
    [
      { 'spec.schedule': 'TZ=UTC * * * * *' },
      [
        'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    [{ 'spec.timeZone': 'Europe/Berlin' }, []],
    [
      { 'spec.timeZone': 'Europe/Nowhere' },
      ['spec.timeZone: Invalid value: "Europe/Nowhere": unknown time zone Europe/Nowhere'],
    ],
    [{ 'spec.timeZone': '+01:00' }, ['spec.timeZone: Invalid value: "+01:00": unknown time zone +01:00']],
    [{ 'spec.timeZone': '' }, ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string']],
    [
      { 'spec.timeZone': 'Local' },
      [
        'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ],
    ],
    [
      { 'metadata.name': 'a'.repeat(53) },
      [`metadata.name: Invalid value: "${'a'.repeat(53)}": must be no more than 52 characters`],
    ],
    [
      { 'spec.concurrencyPolicy': 'Sometimes', 'spec.failedJobsHistoryLimit': -1, 'spec.startingDeadlineSeconds': -1 },
      [
        'spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0',
        'spec.concurrencyPolicy: Unsupported value: "Sometimes": supported values: "Allow", "Forbid", "Replace"',
        'spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      {
        'spec.jobTemplate.spec.selector': {},
        'spec.jobTemplate.spec.manualSelector': true,
        'spec.jobTemplate.spec.template.spec.restartPolicy': 'Always',
      },
      [
        'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
        'spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated',
        'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
      ],
    ],
  ])('with %o', (changes, expected) => {
    expect(createErrors(kindOf(CRON_JOBS), cronJob(changes))).toEqual(expected);
  });

  it('keeps a long name and a zone that were let through before', () => {
    const kind = kindOf(CRON_JOBS);
    const old = created(
      kind,
      cronJob({ 'metadata.name': 'a'.repeat(60), 'spec.schedule': 'TZ=UTC 1 * * * *', 'spec.timeZone': undefined }),
    );
    const wanted = updated(kind, old, (o: Plain) => changed(o, { 'spec.suspend': true }));
    expect(kind.strategy.validateUpdate?.(wanted, old)).toEqual([]);
    const both = updated(kind, old, (o: Plain) => changed(o, { 'spec.timeZone': 'UTC' }));
    expect(kind.strategy.validateUpdate?.(both, old).map(e => e.message)).toEqual([
      'spec.schedule: Invalid value: "TZ=UTC 1 * * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule',
    ]);
  });

  it('is printed', () => {
    const kind = kindOf(CRON_JOBS);
    const shown = { ...created(kind, cronJob()), status: { lastScheduleTime: '2026-01-01T23:58:00Z', active: [{}] } };
    expect(printed(kind, shown as Plain)).toEqual({
      Name: 'thing',
      Schedule: '*/5 * * * *',
      Timezone: '<none>',
      Suspend: 'False',
      Active: 1,
      'Last Schedule': '2m',
      Age: '24h',
      Containers: 'main',
      Images: 'pi:1',
      Selector: '<none>',
    });
    expect(printed(kind, created(kind, cronJob()))).toMatchObject({ Active: 0, 'Last Schedule': '<none>' });
  });
});

describe('a schedule', () => {
  it.each<[string, string | undefined]>([
    ['* * * * *', undefined],
    ['*/15 0-6,22-23 1,15 JAN-mar Mon', undefined],
    ['? 3/2 * * ?', undefined],
    ['@daily', undefined],
    ['@every 1h30m', undefined],
    ['CRON_TZ=UTC 0 0 * * *', undefined],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
    ['@sometimes', 'unrecognized descriptor: @sometimes'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ])('%s', (schedule, problem) => expect(scheduleProblem(schedule)).toBe(problem));
});

describe('indexes', () => {
  it.each<[string, number | string]>([
    ['', 0],
    ['0', 1],
    ['0,2-4', 4],
    ['1-x', 'cannot convert string to integer for index: "x"'],
    ['2,1', 'non-increasing order, previous: 2, current: 1'],
    [
      '1-2-3',
      `the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by '-'`,
    ],
    ['5', 'too large index: "5"'],
  ])('%s', (text, expected) => {
    const { total, problem } = parseIndexes(text, 5);
    expect(problem ?? total).toBe(expected);
  });
});
