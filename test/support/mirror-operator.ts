/** What an operator can do wrong, so that nobody sees it while all goes well. */
export interface Bugs {
  /** After a 410 it lists again, and looks only at what is there. */
  readonly forgetsToForget?: boolean;
  /** A write that conflicts is let be. */
  readonly givesUp?: boolean;
  /** What an object refers to is taken to have been told of before. */
  readonly trustsOrder?: boolean;
  /** It waits for a while in place of waiting for what there is. */
  readonly sleeps?: boolean;
}

interface Source {
  readonly metadata: { readonly name: string; readonly resourceVersion: string; readonly labels?: object };
  readonly data?: Readonly<Record<string, string>>;
}

const PAUSE_MS = 20;
/** Long enough, on a good day. */
const NAP_MS = 150;
const SUFFIX = '-copy';
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/**
 * A small operator, by fetch alone: of each ConfigMap `x` there is to be a copy `x-copy`, with its data and that of the ConfigMap which its key `base`
 * names; copies of what is not there go.
 */
export class MirrorOperator {
  readonly #maps: string;
  readonly #bugs: Bugs;
  readonly #known = new Map<string, Source>();
  readonly #due = new Set<string>();
  readonly #stopping = new AbortController();
  #version = '';
  #work: Promise<void> = Promise.resolve();
  /** Resolves when it has seen to all that was there at first. */
  readonly ready: Promise<void>;

  constructor(url: string, namespace: string, bugs: Bugs = {}) {
    this.#maps = `${url}/api/v1/namespaces/${namespace}/configmaps`;
    this.#bugs = bugs;
    this.ready = bugs.sleeps ? this.#nap() : this.#tryAgain(() => this.#begin());
    void this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async #nap(): Promise<void> {
    await pause(NAP_MS);
    await this.#sweep();
  }

  async #begin(): Promise<void> {
    await this.#list();
    await this.#work;
    await this.#sweep();
  }

  async #list(): Promise<void> {
    const { items, metadata } = (await this.#ask('GET', '')) as {
      items: Source[];
      metadata: { resourceVersion: string };
    };
    const sources = items.filter(isSource);
    const names = new Set(sources.map(source => source.metadata.name));
    if (!this.#bugs.forgetsToForget)
      for (const name of this.#known.keys()) if (!names.has(name)) this.#told('DELETED', this.#known.get(name)!);
    for (const source of sources) this.#told('ADDED', source);
    this.#version = metadata.resourceVersion;
  }

  /** Copies of what is not there go. */
  async #sweep(): Promise<void> {
    const { items } = (await this.#ask('GET', '')) as { items: Source[] };
    for (const { metadata } of items)
      if (metadata.name.endsWith(SUFFIX) && !this.#known.has(metadata.name.slice(0, -SUFFIX.length)))
        await this.#ask('DELETE', `/${metadata.name}`).catch(ignoring(404));
  }

  async #follow(): Promise<void> {
    if (!this.#bugs.sleeps) await this.ready;
    while (!this.#stopping.signal.aborted) {
      try {
        const from = this.#version ? `&resourceVersion=${this.#version}` : '';
        const { signal } = this.#stopping;
        const answer = await fetch(`${this.#maps}?watch=1${from}`, { signal });
        if (answer.status !== 200) throw Object.assign(new Error('watch'), { code: answer.status });
        let rest = '';
        for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
          const lines = (rest + Buffer.from(chunk).toString()).split('\n');
          rest = lines.pop()!;
          for (const line of lines) this.#hear(JSON.parse(line));
        }
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if ((error as { code?: number }).code === 410) await this.#tryAgain(() => this.#list());
        await pause(PAUSE_MS);
      }
    }
  }

  #hear({ type, object }: { type: string; object: Source & { code?: number } }): void {
    if (type === 'ERROR') throw Object.assign(new Error('watch'), { code: object.code });
    this.#version = object.metadata.resourceVersion;
    if (isSource(object)) this.#told(type, object);
  }

  #told(type: string, source: Source): void {
    const { name } = source.metadata;
    if (type === 'DELETED') this.#known.delete(name);
    else this.#known.set(name, this.#bugs.trustsOrder ? { ...source, data: this.#whole(source) } : source);
    this.#look(name);
    if (this.#bugs.trustsOrder) return;
    for (const [other, { data }] of this.#known) if (data?.base === name) this.#look(other);
  }

  #look(name: string): void {
    if (this.#due.has(name)) return;
    this.#due.add(name);
    this.#work = this.#work.then(() => {
      this.#due.delete(name);
      return this.#bugs.givesUp ? this.#see(name).catch(() => {}) : this.#tryAgain(() => this.#see(name));
    });
  }

  /** Its data, and what it refers to, as far as that is known. */
  #whole({ data }: Source): Record<string, string> {
    return { ...this.#known.get(data?.base ?? '')?.data, ...data };
  }

  async #see(name: string): Promise<void> {
    const source = this.#known.get(name);
    const copy = `/${name}${SUFFIX}`;
    const stands = (await this.#ask('GET', copy).catch(ignoring(404))) as Source | undefined;
    if (!source) {
      if (stands) await this.#ask('DELETE', copy).catch(ignoring(404));
      return;
    }
    const data = this.#bugs.trustsOrder ? source.data : this.#whole(source);
    if (!stands) await this.#ask('POST', '', { metadata: { name: name + SUFFIX }, data });
    else if (JSON.stringify(stands.data) !== JSON.stringify(data)) await this.#ask('PUT', copy, { ...stands, data });
  }

  async #tryAgain(act: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        return await act();
      } catch {
        await pause(PAUSE_MS);
      }
    }
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json', 'user-agent': 'mirror-operator' };
    const answer = await fetch(this.#maps + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}`), { code: answer.status });
    return told;
  }
}

const isSource = ({ metadata: { name } }: Source) => !name.endsWith(SUFFIX) && name !== 'kube-root-ca.crt';

function ignoring(code: number): (error: { code?: number }) => undefined {
  return error => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
