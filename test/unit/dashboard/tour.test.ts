import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readChanges, writeChanges } from '../../../src/dashboard/changes/change.js';
import { tour as en } from '../../../src/dashboard/i18n/tour.en.js';
import { tour as zhTW } from '../../../src/dashboard/i18n/tour.zh-TW.js';
import { Picture } from '../../../src/dashboard/model/picture.js';
import { CHAPTERS } from '../../../src/dashboard/tour/chapters.js';
import { agent } from '../../../src/dashboard/tour/manifests.js';
import { Seen } from '../../../src/dashboard/tour/seen.js';
import { daemonSet, message, owner, row } from './messages.js';

describe('the tour', () => {
  it.each(Object.entries({ en, zhTW }))('has in %s a text for each step of each chapter', (_, texts) => {
    expect(texts.chapters.map(({ steps }) => steps.length)).toEqual(CHAPTERS.map(({ steps }) => steps.length));
    for (const { title, intro, end, steps } of texts.chapters) {
      for (const text of [title, intro, end, ...steps.flatMap(Object.values)]) expect(text).toMatch(/\S/);
    }
  });

  it('does what it tells by changes, with manifests that can be read', () => {
    const changes = CHAPTERS.flatMap(({ eras, setup, steps }) => [
      ...setup,
      ...steps.flatMap(({ deeds }) => eras.flatMap((_, cluster) => deeds(cluster))),
    ]).flatMap(deed => ('deleteAgentOn' in deed || 'send' in deed ? [] : [deed]));
    expect(readChanges(writeChanges(changes))).toEqual(changes);
    const everything = agent({
      priority: 'important',
      hostPort: 9000,
      pushTo: 'http://sink:8080/in',
      nodeSelector: { disk: 'ssd' },
      disks: ['ssd', 'hdd'],
      tolerates: 'gpu',
      strategy: 'type: RollingUpdate\nrollingUpdate: {maxUnavailable: 0, maxSurge: 1}',
    });
    const [document] = parseAllDocuments(everything);
    expect(document!.errors).toEqual([]);
    expect(document!.toJS()).toMatchObject({
      kind: 'DaemonSet',
      spec: {
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          spec: {
            nodeSelector: { disk: 'ssd' },
            tolerations: [{ key: 'gpu', operator: 'Exists' }],
            priorityClassName: 'important',
            containers: [{ name: 'agent', ports: [{ hostPort: 9000 }] }],
          },
        },
      },
    });
  });

  it('sees in a picture whether what it speaks of has come about', () => {
    const picture = new Picture();
    const here = { name: 'tour-1', cells: '0R' };
    picture.apply(
      message({
        owners: [owner('agent'), owner('web', 'Deployment')],
        daemonSets: [daemonSet('agent')],
        rows: [
          row('tour-1', here.cells),
          row('tour-2', "0R'"),
          row('tour-3', '0M1R'),
          row('tour-4', '1R'),
          row('other', '0R'),
        ],
      }),
    );
    const seen = new Seen(picture, ({ name }) => name.startsWith('tour-'));
    expect(seen.nodes).toEqual(['tour-1', 'tour-2', 'tour-3', 'tour-4']);
    expect(seen.nodes.filter(node => seen.well(node))).toEqual(['tour-1']);
    expect(seen.allWell).toBe(false);
    expect(seen.only('tour-1')).toBe(false);
    expect(seen.count(({ state }) => state === 'missing')).toBe(1);
    expect(seen.count(({ outdated }) => outdated)).toBe(1);
    expect(seen.pods('tour-3', 'web')).toEqual([{ state: 'ready', outdated: false }]);
  });
});
