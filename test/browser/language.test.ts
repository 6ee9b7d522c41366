import { readFileSync } from 'node:fs';
import { type Cluster, createCluster } from 'kubette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src/dashboard/i18n/en.js';
import { zhTW } from '../../src/dashboard/i18n/zh-TW.js';
import { pods } from '../../src/resources/index.js';
import { at, executablePath, type Surfer, surf } from './browser.js';

const workload = (kind: string, name: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: default}
spec:
  replicas: 3
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "${name}:1"}]}
`;

const CHANGES = [{ cordon: { node: 'worker-1' } }, { taint: { node: 'worker-2', taints: ['a=b:NoExecute'] } }];

/** Each view and each tab of the panel: what of the URL leads there, and what is to be waited for. */
const VIEWS: readonly (readonly [query: string, shown: string])[] = [
  ['', '.sets button'],
  ['at=40', '.banner.past'],
  ['at=999999', '.banner.lost'],
  ['view=matrix', '.sets button'],
  ['view=rollouts', '.card'],
  ['view=rollouts&of=Deployment', '.card'],
  ['view=rollouts&of=Deployment/default/web', '.pods'],
  ['view=rollouts&of=StatefulSet/default/db', '.pods'],
  [`view=try&changes=${encodeURIComponent(JSON.stringify(CHANGES))}`, '.outcome'],
  ...[1, 2, 3, 4, 5, 6, 7].map(chapter => [`view=tour&chapter=${chapter}`, '.steps .step'] as const),
  ...['why', 'yaml', 'events', 'history', 'ask'].flatMap(tab =>
    ['node/worker-1', 'ds/kube-system/fluentd-elasticsearch', 'ds/kube-system/fluentd-elasticsearch/worker-1'].map(
      of => [`sel=${of}&tab=${tab}`, '.tab-panel > *'] as const,
    ),
  ),
  ['sel=node/no-such-node', '.tab-panel [role=status], .tab-panel .quiet'],
];

/** What is said in English on the page: texts, names of things for screen readers, tips. What Kubernetes and kubectl say is left out. */
const ENGLISH = `(() => {
  const THEIRS = 'pre, code, .reason, .kubectl, .events, .checks q, [lang=en]';
  const found = new Set();
  // Names of things and commands may stand in a sentence.
  const NAMES = /\\S+=\\S+.*|daemon pods?|kubectl.*|(Node|Pod|DaemonSet|Deployment|StatefulSet) [a-z0-9-]+/gi;
  const take = text => { if (/\\b[A-Za-z][a-z]+ +[a-z]{2,}\\b/.test(text.replace(NAMES, ''))) found.add(text.trim()); };
  const all = new Set();
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest(THEIRS) || element.closest('script, style, noscript')) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'aria-roledescription', 'alt']) {
      const text = element.getAttribute(name);
      if (text) all.add(text);
    }
    for (const node of element.childNodes) if (node.nodeType === 3 && node.data.trim()) all.add(node.data);
  }
  for (const text of all) take(text);
  return { sentences: [...found], texts: [...all].map(text => text.trim()) };
})()`;

describe.skipIf(!executablePath)('in Traditional Chinese', () => {
  let cluster: Cluster;
  let surfer: Surfer;
  let url: string;

  beforeAll(async () => {
    surfer = await surf({ locale: 'zh-TW' });
    cluster = await createCluster({ clock: 'virtual' });
    await cluster.apply(readFileSync(at('examples/fluentd-elasticsearch.yaml'), 'utf8'));
    await cluster.apply(`${workload('Deployment', 'web')}---\n${workload('StatefulSet', 'db')}`);
    await cluster.settled();
    await cluster.apply(workload('Deployment', 'web').replace('web:1', 'web:2'));
    ({ url } = await cluster.listen());
  });

  afterAll(async () => {
    await surfer?.close();
    await cluster?.close();
  });

  /** Texts of ours that are another one in Chinese, as they are in English; what is also the name of a kind is left out. */
  const ours = new Set<string>(
    Object.entries(en).flatMap(([key, text]) =>
      zhTW[key as keyof typeof en] === text || text === 'Node' ? [] : [text],
    ),
  );

  const expectChinese = async () => {
    const { sentences, texts } = await surfer.page.evaluate<{ sentences: string[]; texts: string[] }>(ENGLISH);
    expect(texts.length).toBeGreaterThan(20);
    expect(sentences).toEqual([]);
    expect(texts.filter(text => ours.has(text))).toEqual([]);
  };

  it.each(VIEWS)('/?%s says nothing of its own in English', async (query, shown) => {
    await surfer.page.goto(`${url}/?${query}`);
    await surfer.page.locator(shown).first().waitFor();
    await expectChinese();
  });

  it('nor does the panel of a pod', async () => {
    const { name } = cluster.registry.all(pods).find(pod => pod.name.startsWith('web-'))!;
    await surfer.page.goto(`${url}/?sel=object/Pod/default/${name}`);
    await surfer.page.locator('.tab-panel .facts, .tab-panel dl').first().waitFor();
    await expectChinese();
  });

  it('nor does any form', async () => {
    await surfer.page.goto(`${url}/?view=try`);
    const what = surfer.page.getByLabel(zhTW['try.what'], { exact: true });
    for (const form of await what
      .locator('option')
      .evaluateAll(options => options.map(o => o.getAttribute('value')!))) {
      await what.selectOption(form);
      await surfer.page.locator('.change-form .consequence').waitFor();
      await expectChinese();
    }
  });
});
