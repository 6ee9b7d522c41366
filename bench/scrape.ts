// What a scraper sees of a rollout, by the machine's time:
//   npx tsx bench/scrape.ts [node|pod|service] [nodes] [how long pods take to end] [ms from one round to the next]
import { setTimeout as sleep } from 'node:timers/promises';
import { createCluster } from '../src/index.js';
import { SCRAPED_SERVICE, Scraper, scraped, type Way } from '../test/support/scraper.js';

const [way = 'node', count = '200', stopDelay = '3s', every = '1000'] = process.argv.slice(2);
const nodes = Number(count);

/** Agents of a template that is told apart by `env`. */
const exporter = (env: string) => scraped(env, { stopDelay, startDelay: '500ms', maxUnavailable: '10%' });

async function main() {
  const cluster = await createCluster({ network: 'loopback', nodes });
  const { url } = await cluster.listen();
  const isRolledOut = () => {
    const { status, metadata } = cluster.object('ds/exporter').current!;
    return (
      status.observedGeneration === metadata.generation &&
      status.updatedNumberScheduled === nodes &&
      status.numberAvailable === nodes
    );
  };
  await cluster.apply([exporter('a'), SCRAPED_SERVICE]);
  while (!isRolledOut()) await sleep(100);
  const began = performance.now();
  const scraper = new Scraper(cluster, url, 'exporter', way as Way);
  const round = () => Promise.all([scraper.round(), sleep(Number(every))]);
  await round();
  await cluster.apply(exporter('b'));
  do await round();
  while (!isRolledOut());
  await round();
  const { lost, wrong, ...counts } = scraper.close();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`by ${way}, ${nodes} nodes, pods end after ${stopDelay}, ${seconds} s:`, {
    ...counts,
    lost: lost.length,
    wrong: wrong.length,
  });
  for (const line of [...lost, ...wrong].slice(0, 10)) console.log(line);
  await cluster.close();
}

await main();
