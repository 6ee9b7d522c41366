const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { createCluster } = require('kubette');
const { assertThat } = require('kubette/assert');

describe('the log collector', () => {
  let cluster;
  before(async () => {
    cluster = await createCluster({ clock: 'virtual' });
  });
  beforeEach(() => cluster.reset());
  after(() => cluster.close());

  it('leaves the control plane alone', async () => {
    await cluster.apply(readFileSync(join(__dirname, '../fluentd-elasticsearch.yaml'), 'utf8'));
    await cluster.settled();
    assertThat(cluster.object('ds/fluentd-elasticsearch', 'kube-system')).not.toRunOn('control-plane');
  });
});
