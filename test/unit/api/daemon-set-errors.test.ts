import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tooMany } from '../../../src/resources/field-error.js';
import { TestServer } from './serve.js';
import { type Body, daemonSet, failure, SETS, Sets } from './sets.js';

let server: TestServer;
const sets = new Sets(() => server);
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());
beforeEach(() => sets.clear());

const make = (set: Body) => server.post(SETS, set);

describe('how it is said what is wrong', () => {
  it('VAL-00, T47: one thing: without brackets, and as a cause', async () => {
    const { code, body } = await make(daemonSet('x', { minReadySeconds: -1 }));
    expect(code).toBe(422);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'DaemonSet.apps "x" is invalid: spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
      reason: 'Invalid',
      details: {
        name: 'x',
        group: 'apps',
        kind: 'DaemonSet',
        causes: [
          {
            reason: 'FieldValueInvalid',
            message: 'Invalid value: -1: must be greater than or equal to 0',
            field: 'spec.minReadySeconds',
          },
        ],
      },
      code: 422,
    });
  });

  it('VAL-00, VAL-02, T47: several: in brackets, by their order, with values as JSON', async () => {
    const spec = {
      selector: { matchLabels: { app: 'other' } },
      updateStrategy: { rollingUpdate: { maxUnavailable: '150%' } },
    };
    const { body } = await make(daemonSet('x', spec));
    expect(body.message).toBe(
      'DaemonSet.apps "x" is invalid: [spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`, spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "150%": must not be greater than 100%]',
    );
    expect(body.details.causes).toHaveLength(2);
  });

  it('VAL-00: what is missing or forbidden carries no value', async () => {
    const { body } = await make(
      daemonSet('x', {
        template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [], activeDeadlineSeconds: 5 } },
      }),
    );
    expect(body.details.causes.map((cause: Body) => cause.message)).toEqual([
      'Required value',
      'Forbidden: activeDeadlineSeconds in DaemonSet is not Supported',
    ]);
  });

  it('VAL-00: other failures name the resource, and no causes', async () => {
    const missing = await sets.get('x');
    expect(missing.body.details).toEqual({ name: 'x', group: 'apps', kind: 'daemonsets' });
    const { metadata } = await sets.make();
    const { body } = await sets.put('x', daemonSet('x', {}, { resourceVersion: String(metadata.resourceVersion - 1) }));
    expect(body.details).toEqual({ name: 'x', group: 'apps', kind: 'daemonsets' });
  });

  it('VAL-01: the reasons of causes', async () => {
    const containers = [
      { name: 'main', image: 'a:1', imagePullPolicy: 'Sometimes' },
      { name: 'main', image: 'a:1' },
    ];
    const template = { metadata: { labels: { app: 'agent' } }, spec: { containers, activeDeadlineSeconds: 1 } };
    const annotations = { large: 'x'.repeat(262_144) };
    const { body } = await make(daemonSet('', { template, minReadySeconds: -1 }, { annotations }));
    expect(body.details.causes.map(({ field, reason }: Body) => [field, reason])).toEqual([
      ['metadata.name', 'FieldValueRequired'],
      ['metadata.annotations', 'FieldValueTooLong'],
      ['spec.template.spec.containers[0].imagePullPolicy', 'FieldValueNotSupported'],
      ['spec.template.spec.containers[1].name', 'FieldValueDuplicate'],
      ['spec.template.spec.activeDeadlineSeconds', 'FieldValueForbidden'],
      ['spec.minReadySeconds', 'FieldValueInvalid'],
    ]);
    // There is nothing in a DaemonSet that there could be too much of.
    expect(tooMany('field', 2, 1).reason).toBe('FieldValueTooMany');
  });

  it('VAL-03: an update tells each problem once, in its message and among its causes', async () => {
    await sets.make();
    const { body } = await sets.put('x', daemonSet('x', { minReadySeconds: -1, revisionHistoryLimit: -1 }));
    expect(body.details.causes.map(({ field }: Body) => field)).toEqual([
      'spec.minReadySeconds',
      'spec.revisionHistoryLimit',
    ]);
    expect(body.message.match(/spec\.minReadySeconds/g)).toHaveLength(1);
  });

  it('VAL-95, T46: another selector: 422 with two causes, or with one if the labels follow', async () => {
    await sets.make();
    const selector = { matchLabels: { app: 'other' } };
    const alone = await sets.patch('x', { spec: { selector } });
    expect(alone).toMatchObject({ code: 422 });
    expect(alone.body.details.causes.map(({ field }: Body) => field)).toEqual([
      'spec.template.metadata.labels',
      'spec.selector',
    ]);
    const together = await sets.patch('x', {
      spec: { selector, template: { metadata: { labels: selector.matchLabels } } },
    });
    expect(together).toMatchObject(
      failure(
        'Invalid',
        422,
        'DaemonSet.apps "x" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
      ),
    );
  });

  it('VAL-31: a body that names another object is refused before it is looked at', async () => {
    await sets.make();
    expect(await sets.put('x', daemonSet('other'))).toMatchObject(
      failure('BadRequest', 400, 'the name of the object (other) does not match the name on the URL (x)'),
    );
    expect(await sets.put('x', daemonSet('x', {}, { namespace: 'other' }))).toMatchObject(
      failure(
        'BadRequest',
        400,
        'the namespace of the object (other) does not match the namespace on the request (default)',
      ),
    );
  });
});

describe('fields that there are not', () => {
  const set = () => daemonSet('x', { replicas: 3 });
  const warning = '299 - "unknown field \\"spec.replicas\\""';

  it('VAL-04: are left out where nobody asks', async () => {
    const { code, body, headers } = await server.post(`${SETS}?fieldValidation=Ignore`, set());
    expect([code, headers.warning]).toEqual([201, undefined]);
    expect(body.spec).not.toHaveProperty('replicas');
  });

  it('VAL-04: are left out with a warning', async () => {
    const { code, body, headers } = await server.post(`${SETS}?fieldValidation=Warn`, set());
    expect([code, headers.warning]).toEqual([201, warning]);
    expect(body.spec).not.toHaveProperty('replicas');
  });

  it('VAL-04: are refused where that is asked for', async () => {
    const { code, body } = await server.post(`${SETS}?fieldValidation=Strict`, set());
    expect([code, body.reason]).toEqual([400, 'BadRequest']);
    expect(body.message).toMatch(/strict decoding error: unknown field "spec\.replicas"$/);
    expect((await sets.get('x')).code).toBe(404);
  });
});
