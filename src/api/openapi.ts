import { createHash } from 'node:crypto';
import { StatusError } from '../registry/status.js';
import type { AnyDefinition } from '../registry/types.js';
import {
  apiVersionOf,
  type GroupVersionKind,
  isCustom,
  listKindOf,
  type Subresource,
  schemaNameOf,
  type Verb,
} from '../resources/definition.js';
import { META, nameOf } from '../resources/schema.js';
import { type Exchange, JSON_TYPE } from './http.js';
import { matches, parseAccept } from './negotiate.js';
import { type ParameterName, parameterObject, READ_PARAMETERS, WRITE_PARAMETERS } from './openapi-parameters.js';
import { encodeOpenApi2 } from './openapi-protobuf.js';
import { hasSchema, type SchemaObject, Schemas, V2, V3 } from './openapi-schemas.js';
import type { GroupVersion, Routes } from './routes.js';

/** One HTTP method at one path, before it is put into either dialect. */
interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly description: string;
  readonly kind: GroupVersionKind;
  readonly parameters: readonly ParameterName[];
  /** Name of the body's schema. */
  readonly body?: string;
  /** Custom kinds take no strategic merge patch. */
  readonly isCustom?: boolean;
  /** Name of the answer's schema, and the codes it comes with. */
  readonly answer: string;
  readonly codes: readonly number[];
}

interface PathItem {
  readonly path: string;
  readonly parameters: readonly ParameterName[];
  readonly operations: readonly Operation[];
}

interface Document {
  readonly body: Buffer;
  readonly mediaType: string;
  readonly hash: string;
}

/**
 * `/openapi/v2` and `/openapi/v3`: paths from the table of kinds, types from the schema data. Documents are made when
 * they are first asked for, and kept.
 */
export class OpenApi {
  readonly #v3 = new Map<string, Document>();
  #v2: Document | undefined;
  #v2Protobuf: Document | undefined;
  /** The kinds that the documents tell of. */
  #madeOf: readonly AnyDefinition[] = [];

  /** @param version of Kubernetes, for `info.version` */
  constructor(
    readonly routes: Routes,
    readonly version: string,
    /** What the paths of this server begin with. */
    private readonly prefix: string,
  ) {}

  /**
   * Answers a request.
   * @param segments of the path: `['openapi', 'v3', 'apis', 'apps', 'v1']`
   * @returns false if there is no such document
   * @throws StatusError 406 for a form that is not served
   */
  send(exchange: Exchange, segments: readonly string[]): boolean {
    const [, dialect, ...rest] = segments;
    this.#forgetOutdated();
    if (dialect === 'v2' && rest.length === 0) {
      const wanted = formOf2(exchange);
      if (!wanted) exchange.empty(406, ['Vary', 'Accept']);
      else if (wanted === 'protobuf') {
        this.#v2Protobuf ??= documentOf(encodeOpenApi2(this.#build2()), PROTOBUF_TYPE);
        sendDocument(exchange, this.#v2Protobuf);
      } else {
        this.#v2 ??= documentOf(jsonOf(this.#build2()));
        sendDocument(exchange, this.#v2);
      }
      return true;
    }
    if (dialect !== 'v3') return false;
    if (rest.length === 0) {
      exchange.json(200, { paths: this.#index() });
      return true;
    }
    const groupVersion = this.routes.groupVersions().find(v => rootOf(v) === `/${rest.join('/')}`);
    if (!groupVersion) return false;
    acceptJson(exchange);
    sendDocument(exchange, this.#document3(groupVersion));
    return true;
  }

  /** Kinds come and go: documents made of another table are not shown again. */
  #forgetOutdated(): void {
    const kinds = this.routes.listed();
    if (kinds.length === this.#madeOf.length && kinds.every((kind, i) => kind === this.#madeOf[i])) return;
    this.#madeOf = kinds;
    this.#v3.clear();
    this.#v2 = undefined;
    this.#v2Protobuf = undefined;
  }

  /** `/openapi/v3`: the documents, with hashes so that clients can keep them. */
  #index(): Record<string, { serverRelativeURL: string }> {
    return Object.fromEntries(
      this.routes.groupVersions().map(groupVersion => {
        const path = rootOf(groupVersion).slice(1);
        return [
          path,
          { serverRelativeURL: `${this.prefix}/openapi/v3/${path}?hash=${this.#document3(groupVersion).hash}` },
        ];
      }),
    );
  }

  #document3(groupVersion: GroupVersion): Document {
    const key = apiVersionOf(groupVersion);
    let document = this.#v3.get(key);
    if (!document) {
      document = documentOf(jsonOf(this.#build3(groupVersion)));
      this.#v3.set(key, document);
    }
    return document;
  }

  #build3(groupVersion: GroupVersion): object {
    const schemas = new Schemas(V3);
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    const paths: Record<string, object> = {};
    for (const { path, parameters, operations } of this.#paths(groupVersion, schemas)) {
      const item: Record<string, object> = { parameters: parameters.map(name => parameterObject(name, 3)) as object };
      for (const operation of operations) {
        const content = Object.fromEntries(
          mediaTypes(operation.action).map(type => [type, { schema: ref(operation.answer) }]),
        );
        item[operation.method] = {
          tags: [tagOf(groupVersion)],
          description: operation.description,
          operationId: operation.id,
          ...(operation.parameters.length
            ? { parameters: operation.parameters.map(name => parameterObject(name, 3)) }
            : {}),
          ...(operation.body
            ? {
                requestBody: {
                  content: Object.fromEntries(
                    bodyTypes(operation).map(type => [type, { schema: ref(operation.body!) }]),
                  ),
                },
              }
            : {}),
          responses: responses(operation, { content }),
          'x-kubernetes-action': operation.action,
          'x-kubernetes-group-version-kind': operation.kind,
        };
      }
      paths[path] = item;
    }
    return {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: this.version },
      paths,
      components: { schemas: sortKeys(schemas.all), securitySchemes: { BearerToken: BEARER } },
    };
  }

  #build2(): object {
    const schemas = new Schemas(V2);
    const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
    const paths: Record<string, object> = {};
    for (const groupVersion of this.routes.groupVersions()) {
      for (const { path, parameters, operations } of this.#paths(groupVersion, schemas)) {
        const item: Record<string, object> = { parameters: parameters.map(name => parameterObject(name, 2)) as object };
        for (const operation of operations) {
          const body = operation.body
            ? [{ in: 'body', name: 'body', required: operation.method !== 'delete', schema: ref(operation.body) }]
            : [];
          item[operation.method] = {
            consumes: operation.body ? bodyTypes(operation) : ['*/*'],
            description: operation.description,
            operationId: operation.id,
            parameters: [...body, ...operation.parameters.map(name => parameterObject(name, 2))],
            produces: mediaTypes(operation.action),
            responses: responses(operation, { schema: ref(operation.answer) }),
            schemes: ['http', 'https'],
            tags: [tagOf(groupVersion)],
            'x-kubernetes-action': operation.action,
            'x-kubernetes-group-version-kind': operation.kind,
          };
        }
        paths[path] = item;
      }
    }
    return {
      swagger: '2.0',
      info: { title: 'Kubernetes', version: this.version },
      paths,
      definitions: sortKeys(schemas.all),
      securityDefinitions: { BearerToken: BEARER },
    };
  }

  /** The paths of a group version; the types they mention are added to `schemas`. */
  #paths(groupVersion: GroupVersion, schemas: Schemas): PathItem[] {
    const items = this.routes
      .resources(groupVersion)
      .flatMap(definition => pathsOf(definition, schemas))
      .filter(({ operations }) => operations.length > 0);
    return items.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

function pathsOf(definition: AnyDefinition, schemas: Schemas): PathItem[] {
  const { group, version, kind, plural, namespaced, verbs } = definition;
  const gvk = { group, kind, version };
  const root = rootOf(definition);
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
  const one = schemas.add(definition.schema, gvk);
  const list = verbs.includes('list') ? schemas.addList(definition.schema, gvk, listKindOf(definition)) : one;
  const status = schemas.add(`${META}.Status`);
  const deletes = schemas.add(`${META}.DeleteOptions`, { group: '', kind: 'DeleteOptions', version: 'v1' });
  const patch = schemas.add(`${META}.Patch`);
  const scope: ParameterName[] = namespaced ? ['namespace', 'pretty'] : ['pretty'];
  const scoped = `${idPart(definition)}${namespaced ? 'Namespaced' : ''}${kind}`;
  const deletedAs = definition.strategy.returnsDeletedObject ? one : status;
  const has = (verb: Verb) => verbs.includes(verb);

  const listing = (id: string): Operation => ({
    method: 'get',
    action: 'list',
    id,
    description: `list or watch objects of kind ${kind}`,
    kind: gvk,
    parameters: READ_PARAMETERS,
    answer: list,
    codes: [200],
  });
  const onCollection: Operation[] = [];
  if (has('list')) onCollection.push(listing(`list${scoped}`));
  if (has('create')) {
    const parameters = WRITE_PARAMETERS;
    onCollection.push({
      method: 'post',
      action: 'post',
      id: `create${scoped}`,
      description: `create ${a(kind)}`,
      kind: gvk,
      parameters,
      body: one,
      answer: one,
      codes: [200, 201, 202],
    });
  }
  if (has('deletecollection')) {
    const parameters: ParameterName[] = [
      ...READ_PARAMETERS.filter(p => p !== 'watch' && p !== 'allowWatchBookmarks'),
      ...DELETE_PARAMETERS,
    ];
    onCollection.push({
      method: 'delete',
      action: 'deletecollection',
      id: `deleteCollection${scoped}`,
      description: `delete collection of ${kind}`,
      kind: gvk,
      parameters,
      body: deletes,
      answer: status,
      codes: [200],
    });
  }

  const custom = isCustom(definition);
  const whole = {
    suffix: scoped,
    verbs: verbs.filter(verb => verb !== 'create'),
    what: `the specified ${kind}`,
    body: one,
    kind: gvk,
    patch,
    isCustom: custom,
  };
  const onObject = objectOperations(whole);
  if (has('delete')) {
    onObject.push({
      method: 'delete',
      action: 'delete',
      id: `delete${scoped}`,
      description: `delete ${a(kind)}`,
      kind: gvk,
      parameters: DELETE_PARAMETERS,
      body: deletes,
      answer: deletedAs,
      codes: [200, 202],
    });
  }

  const items: PathItem[] = [
    { path: collection, parameters: scope, operations: onCollection },
    { path: `${collection}/{name}`, parameters: ['name', ...scope], operations: onObject },
  ];
  if (namespaced && has('list')) {
    const operations = [listing(`list${idPart(definition)}${kind}ForAllNamespaces`)];
    items.push({ path: `${root}/${plural}`, parameters: ['pretty'], operations });
  }
  for (const subresource of definition.subresources) {
    const { body, kind: subkind } = subresourceType(definition, subresource, schemas);
    const suffix = scoped + subresource.name.charAt(0).toUpperCase() + subresource.name.slice(1);
    const operations = objectOperations({
      suffix,
      verbs: subresource.verbs,
      what: `${subresource.name} of the specified ${kind}`,
      body,
      kind: subkind,
      patch,
      isCustom: custom,
    });
    items.push({ path: `${collection}/{name}/${subresource.name}`, parameters: ['name', ...scope], operations });
  }
  return items;
}

const DELETE_PARAMETERS: readonly ParameterName[] = [
  'dryRun',
  'gracePeriodSeconds',
  'orphanDependents',
  'propagationPolicy',
];

interface ObjectOperations {
  /** What operation ids end with. */
  readonly suffix: string;
  readonly verbs: readonly Verb[];
  /** What the descriptions call it. */
  readonly what: string;
  readonly body: string;
  readonly kind: GroupVersionKind;
  readonly patch: string;
  readonly isCustom: boolean;
}

/** Read, replace, patch, and (for subresources) post. */
function objectOperations({ suffix, verbs, what, body, kind, patch, isCustom }: ObjectOperations): Operation[] {
  const operations: Operation[] = [];
  const common = { kind, answer: body };
  if (verbs.includes('get'))
    operations.push({
      ...common,
      method: 'get',
      action: 'get',
      id: `read${suffix}`,
      description: `read ${what}`,
      parameters: [],
      codes: [200],
    });
  if (verbs.includes('update'))
    operations.push({
      ...common,
      method: 'put',
      action: 'put',
      id: `replace${suffix}`,
      description: `replace ${what}`,
      parameters: WRITE_PARAMETERS,
      body,
      codes: [200, 201],
    });
  if (verbs.includes('patch')) {
    const parameters: ParameterName[] = [...WRITE_PARAMETERS, 'force'];
    operations.push({
      ...common,
      method: 'patch',
      action: 'patch',
      id: `patch${suffix}`,
      description: `partially update ${what}`,
      parameters,
      body: patch,
      isCustom,
      codes: [200, 201],
    });
  }
  if (verbs.includes('create')) {
    operations.push({
      ...common,
      method: 'post',
      action: 'post',
      id: `create${suffix}`,
      description: `create ${what}`,
      parameters: WRITE_PARAMETERS,
      body,
      codes: [200, 201, 202],
    });
  }
  return operations;
}

/** The type of a subresource's body: the resource's own, or that of the kind it names. */
function subresourceType(
  definition: AnyDefinition,
  subresource: Subresource,
  schemas: Schemas,
): { body: string; kind: GroupVersionKind } {
  const { group = definition.group, version = definition.version, kind } = subresource;
  const gvk = { group, kind, version };
  if (kind === definition.kind) return { body: nameOf(definition.schema), kind: gvk };
  const name = schemaNameOf(gvk);
  return { body: hasSchema(name) ? schemas.add(name, gvk) : nameOf(definition.schema), kind: gvk };
}

function bodyTypes(operation: Operation): string[] {
  if (operation.action !== 'patch') return ['*/*'];
  return [
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
    ...(operation.isCustom ? [] : ['application/strategic-merge-patch+json']),
  ];
}

function mediaTypes(action: string): string[] {
  const types = [JSON_TYPE, 'application/vnd.kubernetes.protobuf', 'application/yaml'];
  return action === 'list'
    ? [...types, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']
    : types;
}

function responses(operation: Operation, content: object): Record<string, object> {
  const DESCRIPTIONS: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };
  const answers = operation.codes.map(code => [String(code), { description: DESCRIPTIONS[code], ...content }] as const);
  return { ...Object.fromEntries(answers), 401: { description: 'Unauthorized' } };
}

const BEARER: SchemaObject = {
  description: 'Bearer Token authentication',
  type: 'apiKey',
  name: 'authorization',
  in: 'header',
};

/** `v1` → `/api/v1`, `apps/v1` → `/apis/apps/v1`. */
function rootOf({ group, version }: GroupVersion): string {
  return group ? `/apis/${group}/${version}` : `/api/${version}`;
}

/** `apps/v1` → `AppsV1`, `v1` → `CoreV1`: the middle of operation ids. */
function idPart(groupVersion: GroupVersion): string {
  return tagOf(groupVersion)
    .split('_')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `scheduling.k8s.io/v1` → `scheduling_v1`, `v1` → `core_v1`. */
function tagOf({ group, version }: GroupVersion): string {
  return `${(group || 'core').replace(/\.k8s\.io$/, '').replaceAll('.', '_')}_${version}`;
}

const a = (kind: string) => `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;

function sortKeys(object: Record<string, SchemaObject>): Record<string, SchemaObject> {
  return Object.fromEntries(Object.entries(object).sort(([x], [y]) => (x < y ? -1 : 1)));
}

const jsonOf = (document: object) => Buffer.from(JSON.stringify(document));

function documentOf(body: Buffer, mediaType = JSON_TYPE): Document {
  return { body, mediaType, hash: createHash('sha512').update(body).digest('hex').toUpperCase() };
}

function sendDocument(exchange: Exchange, { body, mediaType, hash }: Document): void {
  exchange.document(`"${hash}"`, mediaType, body);
}

const PROTOBUF_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Subtypes of the protobuf forms; the ones with an `@`, which is no character of media types, are what clients ask for. */
const PROTOBUF = /^com\.github\.proto-openapi\.spec\.v[23][.@]v1\.0\+protobuf$/;

/** What v2 is wanted as; undefined if as neither. */
function formOf2({ req }: Exchange): 'json' | 'protobuf' | undefined {
  const wanted = parseAccept(req.headers.accept || '*/*').find(
    clause => PROTOBUF.test(clause.subtype) || matches(clause, 'application', 'json'),
  );
  return wanted && (PROTOBUF.test(wanted.subtype) ? 'protobuf' : 'json');
}

/** v3 comes as JSON, which all its clients take. Who takes only protobuf must be told that there is none. */
function acceptJson({ req }: Exchange): void {
  const clauses = parseAccept(req.headers.accept ?? '');
  if (clauses.length > 0 && clauses.every(clause => PROTOBUF.test(clause.subtype))) {
    throw StatusError.notAcceptable(`only the following media types are accepted: ${JSON_TYPE}`);
  }
}
