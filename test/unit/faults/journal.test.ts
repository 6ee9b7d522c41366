import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { Journal, type JournalMatch, type Told } from '../../../src/faults/journal.js';
import { Unmet } from '../../../src/faults/unmet.js';

const AGENT = { group: 'apps', plural: 'daemonsets', subresource: '', namespace: 'default', name: 'agent' };
const told = (more: Partial<Told> = {}): Told => ({
  method: 'PUT',
  url: '/apis/apps/v1/namespaces/default/daemonsets/agent?dryRun=All',
  verb: 'update',
  resource: AGENT,
  user: 'admin',
  userAgent: 'kubectl/v1.35.0 (linux/amd64)',
  code: 200,
  milliseconds: 2,
  faults: [],
  ...more,
});
const pods = { group: '', plural: 'pods', subresource: '', namespace: 'kube-system', name: '' };
const listed = told({ method: 'GET', url: '/api/v1/namespaces/kube-system/pods', verb: 'list', resource: pods });
const status = told({ verb: 'patch', resource: { ...AGENT, subresource: 'status' }, code: 409, faults: ['again'] });
const version = told({ method: 'GET', url: '/version', verb: 'get', resource: undefined, user: 'operator', code: 0 });

function journalOf(...requests: Told[]): Journal {
  const journal = new Journal(new VirtualClock());
  for (const request of requests) journal.add(request, false);
  return journal;
}

describe('what is found', () => {
  const journal = journalOf(told(), listed, status, version);
  it.each<[JournalMatch, number[]]>([
    [{}, [1, 2, 3, 4]],
    [{ verbs: ['update', 'patch'] }, [1, 3]],
    [{ verbs: ['*'] }, [1, 2, 3, 4]],
    [{ resources: ['daemonsets'] }, [1]],
    [{ resources: ['daemonsets.apps/status', 'pods'] }, [2, 3]],
    [{ resources: ['*'] }, [1, 2, 3]],
    [{ namespace: 'kube-*' }, [2]],
    [{ name: 'agent' }, [1, 3]],
    [{ user: 'operator' }, [4]],
    [{ userAgent: 'linux' }, [1, 2, 3, 4]],
    [{ path: '/version' }, [4]],
    [{ path: '/apis/*' }, [1, 3]],
    [{ code: 409 }, [3]],
    [{ code: [0, 200] }, [1, 2, 4]],
    [{ fault: 'again' }, [3]],
    [{ fault: 'other' }, []],
    [{ verbs: ['update'], code: 409 }, []],
  ])('%j', (match, numbers) => {
    expect(journal.find(match).map(({ number }) => number)).toEqual(numbers);
    expect(journal.count(match)).toBe(numbers.length);
  });

  it('is told with all that is known of it', () => {
    expect(journal.find({ code: 409 })).toEqual([
      {
        number: 3,
        time: Date.UTC(2025, 0, 1),
        user: 'admin',
        userAgent: 'kubectl/v1.35.0 (linux/amd64)',
        method: 'PUT',
        url: '/apis/apps/v1/namespaces/default/daemonsets/agent?dryRun=All',
        verb: 'patch',
        resource: 'daemonsets.apps/status',
        namespace: 'default',
        name: 'agent',
        code: 409,
        milliseconds: 2,
        open: false,
        faults: ['again'],
      },
    ]);
  });
});

describe('verify', () => {
  it.each<[JournalMatch, Parameters<Journal['verify']>[1], number]>([
    [{ verbs: ['update'] }, undefined, 1],
    [{ verbs: ['update'] }, { times: 1 }, 1],
    [{ name: 'agent' }, { times: { least: 2 } }, 2],
    [{ name: 'agent' }, { times: { least: 1, most: 2 } }, 2],
    [{ name: 'other' }, { times: 0 }, 0],
    [{ name: 'other' }, { times: { most: 0 } }, 0],
  ])('%j %j: %i', (match, times, count) => {
    expect(journalOf(told(), listed, status, version).verify(match, times)).toHaveLength(count);
  });

  it.each<[string, JournalMatch, Parameters<Journal['verify']>[1], string[]]>([
    [
      'tells which requests came closest, and what of the match was not so of them',
      { verbs: ['update', 'patch'], resources: ['daemonsets.apps'], name: 'other', code: 200 },
      undefined,
      [
        'expected 1 request or more with verbs update, patch, resources daemonsets.apps, name other, code 200, found 0; the closest were',
        'update daemonsets.apps default/agent (by admin, kubectl/v1.35.0) → 200: name other: it is agent',
        'patch daemonsets.apps/status default/agent (by admin, kubectl/v1.35.0) → 409: resources daemonsets.apps: it is daemonsets.apps/status; name other: it is agent; code 200: it is 409',
        'get /version (by operator, kubectl/v1.35.0) → broken off: verbs update, patch: it is get; resources daemonsets.apps: it is no resource; name other: it is none; code 200: it is 0',
      ],
    ],
    [
      'tells which there were, if there were too many',
      { name: 'agent' },
      { times: 1 },
      [
        'expected 1 request with name agent, found 2:',
        'update daemonsets.apps default/agent (by admin, kubectl/v1.35.0) → 200',
        'patch daemonsets.apps/status default/agent (by admin, kubectl/v1.35.0) → 409',
      ],
    ],
    [
      'knows of bodies and faults',
      { fault: 'late', body: 'nginx', path: '/version' },
      { times: { least: 2, most: 3 } },
      [
        'expected 2 to 3 requests with fault late, body nginx, path /version, found 0; the closest were',
        'get /version (by operator, kubectl/v1.35.0) → broken off: fault late: it is none; body nginx: it is not kept',
        'patch daemonsets.apps/status default/agent (by admin, kubectl/v1.35.0) → 409: path /version: it is /apis/apps/v1/namespaces/default/daemonsets/agent; fault late: it is again; body nginx: it is not kept',
        'update daemonsets.apps default/agent (by admin, kubectl/v1.35.0) → 200: path /version: it is /apis/apps/v1/namespaces/default/daemonsets/agent; fault late: it is none; body nginx: it is not kept',
      ],
    ],
  ])('%s', (_, match, times, lines) => {
    expect(() => journalOf(told(), status, version).verify(match, times)).toThrow(new Unmet(lines.join('\n    ')));
  });

  it('has nothing to tell of where nothing came', () => {
    expect(() => journalOf().verify({ user: 'me' })).toThrow('expected 1 request or more with user me, found 0');
  });

  it.each<[object, string]>([
    [{ verb: 'get' }, 'match.verb must be one of what there is: verbs, resources, namespace, name'],
    [{ verbs: ['fetch'] }, 'match.verbs[0] must be one of get, list'],
    [{ code: 'ok' }, 'match.code must be a code, or a list of these; 0 for no answer, not "ok"'],
    [{ labels: 'a=b' }, 'match.labels must be one of what there is'],
  ])('%j makes no sense', (match, message) => {
    for (const look of ['find', 'count', 'verify'] as const)
      expect(() => journalOf(told())[look](match as JournalMatch)).toThrow(message);
  });
});

describe('what is kept', () => {
  it('is the latest, by the time of the cluster', async () => {
    const clock = new VirtualClock();
    const journal = new Journal(clock, { size: 3 });
    for (let code = 200; code < 205; code++) {
      journal.add(told({ code }), false);
      clock.moveTo(clock.now() + 1000);
    }
    const start = Date.UTC(2025, 0, 1);
    expect(journal.find().map(({ number, code, time }) => [number, code, time - start])).toEqual([
      [3, 202, 2000],
      [4, 203, 3000],
      [5, 204, 4000],
    ]);
    expect(journal.clear()).toBe(3);
    expect(journal.find()).toEqual([]);
    journal.add(told({ code: 205 }), false);
    expect(journal.find().map(({ number, code }) => [number, code])).toEqual([[6, 205]]);
  });

  it('knows what goes on', () => {
    const journal = new Journal(new VirtualClock());
    const note = journal.add(told({ verb: 'watch' }), true);
    expect(journal.find()).toMatchObject([{ open: true, milliseconds: 2 }]);
    note.open = false;
    note.milliseconds = 900;
    note.body = 'sent';
    expect(journal.find({ body: 'en' })).toMatchObject([{ open: false, milliseconds: 900, body: 'sent' }]);
  });

  it.each([
    [{ size: -1 }, 'journal.size must be a whole number, not -1'],
    [{ size: 1.5 }, 'journal.size must be a whole number, not 1.5'],
    [{ bodies: -1 }, 'journal.bodies must be true, false or a number of bytes, not -1'],
  ])('%j makes no sense', (options, message) => {
    expect(() => new Journal(new VirtualClock(), options)).toThrow(message);
  });
});
