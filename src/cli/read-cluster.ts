import { setTimeout as wait } from 'node:timers/promises';
import { whyLeftOut } from '../cluster/import/index.js';
import { qualifiedName, type ResourceDefinition } from '../resources/definition.js';
import { customResourceDefinitions, namespaces } from '../resources/index.js';
import { without } from '../resources/json.js';
import { kindsOf } from '../resources/old-versions.js';
import type { KubeObject, ObjectMeta } from '../resources/types.js';
import type { Context } from './contexts.js';
import { type Answer, ask } from './http.js';

/** How many objects are asked for at once. */
const PAGE = 500;
/** How often what is refused for a while is asked again. */
const TRIES = 5;

/** What was read of a cluster. */
export interface ClusterRead {
  readonly objects: readonly object[];
  /** What could not be read, a line each. */
  readonly unread: readonly string[];
}

/** What a list is of. */
interface Readable {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Why a list cannot be read. */
class Unreadable extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads all of a cluster that could be imported, by lists alone; nothing is written, and Secrets and all else that is never imported are not
 * even asked for. Where a kind may not be read in the whole cluster, the namespaces are tried one by one.
 * @throws Error if nobody answers, or it is not known who asks
 */
export async function readCluster({ endpoint, namespace }: Context): Promise<ClusterRead> {
  const objects: object[] = [];
  const unread: string[] = [];
  const read = async (readable: Readable, spaces: readonly string[]): Promise<readonly KubeObject[]> => {
    try {
      return await list(readable);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      // A release that does not know a kind has none of it.
      if (error.status === 404) return [];
      if (error.status !== 403 || !readable.namespaced) {
        unread.push(`${readable.name}: ${error.message}`);
        return [];
      }
    }
    const found: KubeObject[] = [];
    const refused: string[] = [];
    for (const space of spaces) {
      try {
        found.push(...(await list(readable, space)));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        refused.push(space);
      }
    }
    if (refused.length > 0)
      unread.push(
        `${readable.name}: may not be read in ${refused.length < spaces.length ? refused.join(', ') : 'any namespace'}`,
      );
    return found;
  };
  const list = async ({ apiVersion, kind, plural }: Readable, space?: string): Promise<KubeObject[]> => {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const path = `${root}${space === undefined ? '' : `/namespaces/${space}`}/${plural}`;
    const found: KubeObject[] = [];
    let begunAnew = false;
    for (let token = ''; ; ) {
      const more = token && `&continue=${encodeURIComponent(token)}`;
      const answer = await patiently(() => ask(endpoint, `${path}?limit=${PAGE}${more}`));
      const body = contentOf(answer);
      if (answer.status === 410 && !begunAnew) {
        // The page is too old by now: the server says how to go on, or else all is read again.
        begunAnew = true;
        token = body.metadata?.continue ?? '';
        if (token === '') found.length = 0;
        continue;
      }
      if (answer.status === 401) throw new Error(`${endpoint.server} does not know who asks: ${body.message ?? ''}`);
      if (answer.status !== 200) throw new Unreadable(answer.status, body.message ?? `answered ${answer.status}`);
      // Items of a list do not say what they are. What nobody needs here is by far the largest part of most.
      for (const item of body.items ?? [])
        found.push({ ...item, apiVersion, kind, metadata: without(item.metadata, 'managedFields') as ObjectMeta });
      token = body.metadata?.continue ?? '';
      if (token === '') return found;
    }
  };

  const spaces = await read(readable(namespaces as unknown as ResourceDefinition), []);
  const names = spaces.length > 0 ? spaces.map(({ metadata }) => metadata.name) : [namespace];
  const definitions = await read(readable(customResourceDefinitions as unknown as ResourceDefinition), []);
  objects.push(...definitions, ...spaces);
  const known = kindsOf('current')
    .stored()
    .filter(kind => !kind.unserved && whyLeftOut(kind) === undefined && !isRead(kind))
    .map(readable);
  for (const one of [...known, ...definitions.flatMap(customOf)]) objects.push(...(await read(one, names)));
  return { objects, unread };
}

const isRead = ({ kind }: ResourceDefinition): boolean =>
  kind === namespaces.kind || kind === customResourceDefinitions.kind;

function readable(kind: ResourceDefinition): Readable {
  const { group, version, plural, namespaced } = kind;
  return {
    name: qualifiedName(kind),
    apiVersion: group ? `${group}/${version}` : version,
    kind: kind.kind,
    plural,
    namespaced,
  };
}

/** What a definition makes readable: in the version that is stored, if that is served. */
function customOf(definition: KubeObject): Readable[] {
  const {
    group,
    names,
    scope,
    versions = [],
  } = (definition as KubeObject & { spec: unknown }).spec as {
    group: string;
    names: { plural: string; kind: string };
    scope: string;
    versions?: { name: string; served: boolean; storage: boolean }[];
  };
  const version = versions.find(({ served, storage }) => served && storage) ?? versions.find(({ served }) => served);
  if (!version) return [];
  return [
    {
      name: `${names.plural}.${group}`,
      apiVersion: `${group}/${version.name}`,
      kind: names.kind,
      plural: names.plural,
      namespaced: scope === 'Namespaced',
    },
  ];
}

/** Asks again after a while where the server asks for patience. */
async function patiently(question: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await question();
    const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
    if (tries === TRIES || !(answer.status === 429 || answer.status === 503) || Number.isNaN(seconds)) return answer;
    await wait(seconds * 1000);
  }
}

interface ListBody {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly KubeObject[] | null;
  readonly message?: string;
}

function contentOf({ status, text }: Answer): ListBody {
  try {
    return JSON.parse(text) as ListBody;
  } catch {
    return { message: `answered ${status}, and not as Kubernetes does` };
  }
}
