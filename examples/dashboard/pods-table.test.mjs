import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { createCluster } from 'kubette';
import { showPods } from './pods-table.mjs';

const manifests = readFileSync(new URL('../fluentd-elasticsearch.yaml', import.meta.url), 'utf8');

for (const fault of ['watchEnds', 'watchGone', 'halfFrame', 'duplicateEvents', 'reorderedEvents']) {
  test(`the table is right in the end, despite ${fault}`, { timeout: 20_000 }, async t => {
    const cluster = await createCluster({ clock: 'virtual', manifests });
    t.after(() => cluster.close());
    await cluster.settled();
    cluster.faults.add({ match: { verbs: ['watch'], resources: ['pods'] }, when: { nth: 1 }, fault });
    const { url } = await cluster.listen();
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'kubette', server: url, skipTLSVerify: true }, { name: 'test' });

    const shown = new EventEmitter();
    const empty = once(shown, 'empty');
    const stop = await showPods(config, names => names.length === 0 && shown.emit('empty'));
    t.after(stop);
    await cluster.object('ds/fluentd-elasticsearch', 'kube-system').delete();
    await cluster.advance('1m');
    await empty;
    cluster.faults.verify();
  });
}
