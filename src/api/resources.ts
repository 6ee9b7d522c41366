import { authorizeResource } from '../registry/authorize.js';
import { checkPatchType } from '../registry/patches.js';
import type { Registry } from '../registry/registry.js';
import { withoutVersion } from '../registry/revisions.js';
import { patchScale, putScale, SCALE, scaleEntry } from '../registry/scale.js';
import { type Status, StatusError } from '../registry/status.js';
import { type Deed, failed } from '../registry/turns.js';
import type {
  AnyDefinition,
  DeleteOptions,
  DeleteResult,
  ListOptions,
  ListResult,
  PatchType,
} from '../registry/types.js';
import { groupVersionOf, isCustom, type Subresource, type Verb } from '../resources/definition.js';
import type { Scale } from '../resources/scale.js';
import { META } from '../resources/schema.js';
import type { Draft } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import type { ApiAccess } from './access.js';
import { sendList, sendObject } from './answers.js';
import { decodeBody, decodeDraft, decodePatch } from './body.js';
import { methodNotAllowed } from './errors.js';
import { type Exchange, mediaTypeOf, patchTypeOf } from './http.js';
import { bool, deleteOptions, deleteParameters, readParameters, writeParameters } from './parameters.js';
import type { ClusterProxy } from './proxy.js';
import { attributesOf, type Target, verbOf } from './routes.js';
import { staleRevision } from './stale.js';
import type { Streaming } from './streaming/index.js';
import { postSubresource } from './subresources.js';
import { answerVirtual } from './virtual.js';
import type { Watchers } from './watch.js';

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

const WRITES: ReadonlySet<Verb> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** The verbs on resources: reads the request, asks the registry, answers. One way for every kind. */
export class ResourceApi {
  constructor(
    readonly registry: Registry,
    readonly watchers: Watchers,
    readonly access: ApiAccess,
    readonly streaming: Streaming,
    readonly proxy: ClusterProxy,
  ) {}

  /** Answers a request to what the path names. Reads answer at once, writes once they are committed. */
  handle(exchange: Exchange, target: Target): void {
    const verb = verbOf(exchange.req.method!, target);
    exchange.target = target;
    if (!verb || !(target.subresource ?? target.definition).verbs.includes(verb)) {
      throw verb && isCustom(target.definition)
        ? StatusError.methodNotSupported(target.definition, verb)
        : methodNotAllowed();
    }
    exchange.verb = verb;
    if (isCustom(target.definition)) exchange.forms = 'custom';
    else if (verb === 'list' || verb === 'watch') exchange.forms = 'list';
    // Whether somebody may write is decided when the write is.
    const stores = WRITES.has(verb) && !target.definition.virtual && !connects(target);
    const waits = stores && this.registry.turns.matter;
    if (!waits) this.#authorize(exchange, target);
    if (isConnection(exchange, target)) this.#authorize(exchange, target, 'create');
    if (target.definition.deprecation) exchange.warn(target.definition.deprecation);
    if (target.definition.virtual) {
      answerVirtual(this.registry, exchange, target, this.access).catch(error => exchange.fail(error));
      return;
    }
    const { inherent, turns } = this.registry;
    if (waits) {
      this.#inTurn(exchange, target, verb).catch(error => exchange.fail(error));
    } else if (!inherent.lacks(target.definition)) {
      this.#answer(exchange, target, verb);
    } else {
      exchange
        .deed()
        .then(deed => turns.take(() => inherent.needed(target.definition), { ...deed, outcome: made }))
        .then(() => this.#answer(exchange, target, verb))
        .catch(error => exchange.fail(error));
    }
  }

  /** A request comes when all of it is there: whoever is slow to send it holds nobody up. */
  async #inTurn(exchange: Exchange, target: Target, verb: Verb): Promise<void> {
    const deed = await exchange.deed();
    await this.registry.turns.take(async () => {
      this.#authorize(exchange, target);
      await this.registry.inherent.needed(target.definition);
      await this.#write(exchange, target, verb);
    }, deed);
  }

  #answer(exchange: Exchange, target: Target, verb: Verb): void {
    if (connects(target)) {
      const consulted = this.registry.decided(() => this.#consult(exchange, target));
      const connect = () => {
        if (!this.streaming.handle(exchange, target)) this.proxy.handle(exchange, target);
      };
      if (consulted) consulted.then(connect).catch(error => exchange.fail(error));
      else connect();
      return;
    }
    if (target.subresource && this.streaming.handle(exchange, target)) return;
    switch (verb) {
      case 'get':
        this.#get(exchange, target);
        return;
      case 'list':
      case 'watch':
        this.#listOrWatch(exchange, target);
        return;
      default:
        this.#write(exchange, target, verb).catch(error => exchange.fail(error));
    }
  }

  /** Users may have configured that somebody has a say in connections. */
  #consult({ user, warn, query, req }: Exchange, { definition: kind, namespace, name, subresource }: Target): void {
    const about = { operation: 'CONNECT', kind, namespace, name, subresource: subresource!.name, user } as const;
    this.registry.consult({ ...about, options: { warn } }, () => connectOptions(subresource!, query, req.url!));
  }

  /** @throws StatusError 403 */
  #authorize({ user, verb: own, query }: Exchange, target: Target, verb: string = own): void {
    const { authorizer } = this.access;
    if (authorizer.allowsAll) return;
    // A list of one object by its name is no more than that object.
    const name = target.name || (/^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '');
    const asked = verb === 'list' && bool(query, 'watch') ? 'watch' : verb;
    authorizeResource(authorizer, user, { ...attributesOf(target, asked), name });
  }

  #get(exchange: Exchange, target: Target): void {
    const { definition, namespace, name } = target;
    exchange.accepted();
    const version = exchange.query.get('resourceVersion');
    if (version) this.registry.checkReached(version);
    const answer = (entry: Entry | undefined) => {
      if (!entry)
        throw StatusError.notFound(isScale(target) && !isCustom(definition) ? scaleOf(definition) : definition, name);
      const now = this.registry.clock.now();
      if (isScale(target)) sendObject(exchange, 200, SCALE, scaleEntry(definition, entry), now);
      else sendObject(exchange, 200, definition, entry, now);
    };
    if (exchange.stale) {
      staleRevision(this.registry, exchange.stale, version)
        .then(revision => this.registry.past(revision))
        .then(past => past.decided(() => past.read(definition, namespace, name)))
        .then(answer)
        .catch(error => exchange.fail(error));
      return;
    }
    const found = this.registry.decided(() => this.registry.read(definition, namespace, name));
    if (found instanceof Promise) found.then(answer).catch(error => exchange.fail(error));
    else answer(found);
  }

  #listOrWatch(exchange: Exchange, target: Target): void {
    const { definition, namespace, name } = target;
    const accepted = exchange.accepted();
    const parameters = readParameters(exchange.query, target.watch);
    if (parameters.watch) {
      exchange.verb = 'watch';
      // The old paths can watch one object: `/api/v1/watch/namespaces/x/pods/y`.
      if (name) parameters.fieldSelector = selectorOfOne(parameters.fieldSelector, name);
      this.watchers.open(exchange, definition, namespace, parameters, accepted);
      return;
    }
    this.#listed(exchange, definition, { ...parameters, namespace })
      .then(result => sendList(exchange, definition, result, this.registry.clock.now()))
      .catch(error => exchange.fail(error));
  }

  async #listed({ stale }: Exchange, definition: AnyDefinition, options: ListOptions): Promise<ListResult> {
    const { registry } = this;
    if (!stale || options.continue || options.resourceVersionMatch === 'Exact')
      return registry.list(definition, options);
    const revision = await staleRevision(registry, stale, options.resourceVersion);
    return registry.list(definition, {
      ...options,
      resourceVersion: String(revision),
      resourceVersionMatch: 'Exact',
    });
  }

  async #write(exchange: Exchange, target: Target, verb: Verb): Promise<void> {
    exchange.accepted(); // what cannot be answered is not done either
    switch (verb) {
      case 'create':
        return target.subresource
          ? postSubresource(this.registry, exchange, target, this.access)
          : this.#create(exchange, target);
      case 'update':
        return this.#update(exchange, target);
      case 'patch':
        return this.#patch(exchange, target);
      case 'delete':
        return this.#delete(exchange, target);
      case 'deletecollection':
        return this.#deleteCollection(exchange, target);
    }
  }

  async #create(exchange: Exchange, { definition, namespace }: Target): Promise<void> {
    const { req, query, user, warn } = exchange;
    const options = { ...writeParameters('CreateOptions', query, req.headers['user-agent']), namespace, user, warn };
    const draft = decodeDraft(definition, await exchange.body(), mediaTypeOf(req), options);
    exchange.created = draft.metadata.name ?? '';
    const entry = await this.registry.create(definition, draft, options);
    exchange.created = entry.name;
    sendObject(exchange, 201, definition, entry, this.registry.clock.now());
  }

  async #update(exchange: Exchange, target: Target): Promise<void> {
    const { definition, namespace, name } = target;
    const { req, query, user, warn } = exchange;
    const parameters = writeParameters('UpdateOptions', query, req.headers['user-agent']);
    const options = { ...parameters, ...through(target), user, warn };
    const decoded = isScale(target) ? SCALE : definition;
    const draft = decodeDraft(decoded, await exchange.body(), mediaTypeOf(req), options);
    const given = draft.metadata.name ?? '';
    if (given === '')
      throw StatusError.badRequest(
        `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
      );
    if (given !== name)
      throw StatusError.badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
    if (definition.namespaced && draft.metadata.namespace && draft.metadata.namespace !== namespace) {
      throw StatusError.badRequest(
        `the namespace of the object (${draft.metadata.namespace}) does not match the namespace on the request (${namespace})`,
      );
    }
    const metadata = { ...draft.metadata, name, ...(definition.namespaced ? { namespace } : {}) };
    const object = { ...draft, metadata } as Parameters<Registry['update']>[1];
    if (isScale(target)) {
      const entry = await putScale(this.registry, definition, await this.#live(target), object as Scale, options);
      sendObject(exchange, 200, SCALE, entry, this.registry.clock.now());
      return;
    }
    // Who names a uid means an object that has been there.
    const creates =
      definition.strategy.createsOnUpdate &&
      !target.subresource &&
      !metadata.uid &&
      !this.registry.get(definition, namespace, name);
    if (creates) this.#authorize(exchange, target, 'create');
    const entry = creates
      ? await this.registry.create(definition, withoutVersion(object), { ...options, namespace })
      : await this.registry.update(definition, object, options);
    sendObject(exchange, creates ? 201 : 200, definition, entry, this.registry.clock.now());
  }

  async #patch(exchange: Exchange, target: Target): Promise<void> {
    const { definition, namespace, name } = target;
    const { req, query, warn } = exchange;
    const type = PATCH_TYPES[patchTypeOf(req)];
    checkPatchType(definition, type);
    if (!type) throw StatusError.unsupportedMediaType('415: Unsupported Media Type', {});
    const { force, ...parameters } = writeParameters(
      'PatchOptions',
      query,
      req.headers['user-agent'],
      type === 'apply',
    );
    // An apply to a name that is not there creates it.
    if (type === 'apply' && !(await this.#found(target))) this.#authorize(exchange, target, 'create');
    const body = decodePatch(type, await exchange.body(), parameters.fieldValidation !== 'Ignore');
    const patch = { type, ...body, ...(force === undefined ? {} : { force }) };
    if (isScale(target)) {
      const options = { ...parameters, user: exchange.user, warn };
      const entry = await patchScale(this.registry, definition, await this.#live(target), patch, options);
      sendObject(exchange, 200, SCALE, entry, this.registry.clock.now());
      return;
    }
    const { entry, created } = await this.registry.patch(definition, namespace, name, patch, {
      ...parameters,
      ...through(target),
      user: exchange.user,
      warn,
    });
    sendObject(exchange, created ? 201 : 200, definition, entry, this.registry.clock.now());
  }

  /** The newest state of the object; webhooks may have to convert it. */
  #found({ definition, namespace, name }: Target): Entry | undefined | Promise<Entry | undefined> {
    return this.registry.decided(() => this.registry.get(definition, namespace, name));
  }

  /** @throws StatusError 404 */
  async #live(target: Target): Promise<Entry> {
    const entry = await this.#found(target);
    if (!entry) throw StatusError.notFound(target.definition, target.name);
    return entry;
  }

  async #delete(exchange: Exchange, { definition, namespace, name }: Target): Promise<void> {
    const options = await this.#deleteOptions(exchange, definition);
    const result = await this.registry.delete(definition, namespace, name, options);
    if (!result.removed || definition.strategy.returnsDeletedObject) {
      const code = !result.removed && options.orphanDependents === false ? 202 : 200;
      sendObject(exchange, code, definition, result.entry, this.registry.clock.now());
    } else {
      exchange.status(200, deleted(definition, result));
    }
  }

  async #deleteOptions(exchange: Exchange, { strategy }: AnyDefinition): Promise<DeleteOptions> {
    const { user, warn } = exchange;
    const options = deleteOptions(await deleteBody(exchange, this.registry.kinds.all()));
    const isLeftOpen = options.propagationPolicy === undefined && options.orphanDependents === undefined;
    if (isLeftOpen && strategy.deletionWarning) warn(strategy.deletionWarning);
    return { ...options, user, warn };
  }

  async #deleteCollection(exchange: Exchange, { definition, namespace }: Target): Promise<void> {
    const { watch: _, ...parameters } = readParameters(exchange.query, false);
    const options = await this.#deleteOptions(exchange, definition);
    const result = await this.registry.deleteCollection(definition, { ...parameters, namespace }, options);
    sendList(exchange, definition, result, this.registry.clock.now());
  }
}

/** What came of it that objects of a kind were to be there. */
const made: Deed['outcome'] = failure => (failure ? failed(failure) : { code: 200 });

const CONNECTIONS = ['exec', 'attach', 'portforward', 'proxy'];
const connects = ({ subresource }: Target) => subresource !== undefined && CONNECTIONS.includes(subresource.name);

/** How somebody wants to be connected, as an object: `PodExecOptions`. */
function connectOptions({ name, kind }: Subresource, query: URLSearchParams, url: string): Draft {
  const given = (key: string, value: unknown) =>
    value === undefined || value === '' || value === false ? {} : { [key]: value };
  const list = (key: string) => (query.has(key) ? query.getAll(key) : undefined);
  const streams = ['stdin', 'stdout', 'stderr', 'tty'].map(stream => given(stream, bool(query, stream)));
  const path = name === 'proxy' ? /\/proxy(\/[^?]*)?/.exec(url)?.[1] : undefined;
  return Object.assign(
    { kind, apiVersion: 'v1', metadata: {} },
    ...streams,
    given('container', query.get('container') ?? undefined),
    given('command', list('command')),
    given('ports', list('ports')?.map(Number)),
    given('path', path),
  );
}

/** A WebSocket always begins with GET, but what is done by it takes the permission to create, as since 1.35. */
function isConnection({ webSocket }: Exchange, { subresource }: Target): boolean {
  return webSocket !== undefined && subresource?.verbs.includes('create') === true;
}

/**
 * The field selector of a watch whose path names an object.
 * @throws StatusError 400 if it selects by anything but that name
 */
function selectorOfOne(given: string | undefined, name: string): string {
  const selector = `metadata.name=${name}`;
  if (given && given !== selector && given !== `metadata.name==${name}`)
    throw StatusError.badRequest("fieldSelector metadata.name doesn't match requested name");
  return selector;
}

/** Upstream's built-in kinds miss the scale of what is not there, rather than the object. */
const scaleOf = ({ group, plural }: AnyDefinition) => ({ group, plural: `${plural}/scale` });

const isScale = ({ subresource }: Target) => subresource?.name === 'scale';

/** Which part of the object a subresource writes. */
function through({ subresource }: Target): { subresource?: string } {
  return subresource ? { subresource: subresource.name } : {};
}

const DELETE_OPTIONS = {
  group: 'meta.k8s.io',
  version: 'v1',
  kind: 'DeleteOptions',
  schema: `${META}.DeleteOptions`,
};

/** DeleteOptions come in the body, or in the query if there is none. */
async function deleteBody(exchange: Exchange, kinds: readonly AnyDefinition[]): Promise<Record<string, unknown>> {
  const { req, query } = exchange;
  const bytes = await exchange.body();
  if (bytes.length === 0) return deleteParameters(query);
  return decodeBody(DELETE_OPTIONS, bytes, mediaTypeOf(req), apiVersion => {
    // The options are registered in every version of every group.
    const { group, version } = groupVersionOf(apiVersion);
    return group === DELETE_OPTIONS.group || kinds.some(kind => kind.group === group && kind.version === version);
  });
}

/** The answer to a deletion that is complete. */
function deleted(definition: AnyDefinition, { entry }: DeleteResult): Omit<Status, 'code'> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: entry.name,
      ...(definition.group ? { group: definition.group } : {}),
      kind: definition.plural,
      uid: entry.uid,
    },
  };
}
