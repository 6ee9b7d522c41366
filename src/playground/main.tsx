import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import { tabsFor } from './examples';
import { paced } from './paced';
import './playground.css';

/** Where this page is, its queries go: also where a fork is served, behind a path of its own. */
const http = new URL(location.pathname.replace(/\/$/, ''), location.href);
const websocket = new URL(http);
websocket.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:';

const ask = createGraphiQLFetcher({
  url: http.href,
  wsClient: createClient({ url: websocket.href, lazy: true }),
});
const fetcher: Fetcher = async (parameters, options) => {
  const answer = await ask(parameters, options);
  return Symbol.asyncIterator in answer ? paced(answer) : answer;
};

/** `/graphql?query=…&variables=…` opens with that query, so that one can be sent to somebody as a link. */
const link = new URLSearchParams(location.search);
const asked = link.get('query');
const linked = asked ? { initialQuery: asked, initialVariables: link.get('variables') ?? '' } : {};

/** The names of some nodes; none if that cannot be told. */
async function someNodes(): Promise<string[]> {
  try {
    const response = await fetch(http, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ nodes(first: 100) { nodes { name } } }' }),
    });
    const { data } = (await response.json()) as { data: { nodes: { nodes: { name: string }[] } } };
    return data.nodes.nodes.map(({ name }) => name);
  } catch {
    return [];
  }
}

const tabs = tabsFor(await someNodes());

createRoot(document.getElementById('playground')!).render(
  <GraphiQL fetcher={fetcher} defaultTabs={tabs} schemaDescription shouldPersistHeaders={false} {...linked}>
    <GraphiQL.Logo>
      <a className="logo" href={http.pathname.slice(0, -'graphql'.length)}>
        Kubette
      </a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
