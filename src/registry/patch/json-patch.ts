import { equalJson, isObject, type JsonObject, setKey } from '../../resources/json.js';

/** An operation that cannot be carried out, worded as upstream's JSON patch library words it. */
export class JsonPatchError extends Error {}

interface Operation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: unknown;
}

/**
 * JSON patch (RFC 6902), with the particulars of the library that kube-apiserver uses: negative indices count from the end,
 * `test` against an absent key passes if the value is null, the whole document can be replaced and tested but not added.
 * `document` is never changed; the result shares with it what the operations did not touch.
 *
 * @throws JsonPatchError at the first operation that does not apply.
 */
export function jsonPatch(document: unknown, operations: readonly unknown[]): unknown {
  return operations.reduce(
    (result: unknown, operation) => applyOperation(result, isObject(operation) ? operation : {}),
    document,
  );
}

function applyOperation(document: unknown, operation: Operation): unknown {
  const { op } = operation;
  switch (op) {
    case 'add':
      return add(document, pathOf(operation, op), operand(operation));
    case 'remove':
      return remove(document, pathOf(operation, op));
    case 'replace':
      return replace(document, pathOf(operation, op), operand(operation));
    case 'move': {
      const from = fromOf(operation, op);
      const value = read(document, from, op);
      return add(remove(document, from, op), pathOf(operation, op), value, op);
    }
    case 'copy':
      return add(document, pathOf(operation, op), read(document, fromOf(operation, op), op), op);
    case 'test':
      return test(document, pathOf(operation, op), operand(operation));
    default:
      throw new JsonPatchError(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
  }
}

function pathOf(operation: Operation, op: string): string {
  if (typeof operation.path !== 'string')
    throw new JsonPatchError(`${op} operation failed to decode path: missing value`);
  return operation.path;
}

function fromOf(operation: Operation, op: string): string {
  if (typeof operation.from !== 'string')
    throw new JsonPatchError(`${op} operation failed to decode from: missing value`);
  return operation.from;
}

function operand(operation: Operation): unknown {
  return operation.value ?? null;
}

/** The reference tokens of a JSON pointer; `undefined` for the whole document and for pointers without a leading slash. */
function tokensOf(path: string): string[] | undefined {
  if (!path.startsWith('/')) return undefined;
  return path
    .slice(1)
    .split('/')
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Container = JsonObject | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/**
 * Rebuilds the way from the document's root to the container that `path` ends in, with `change` applied to a copy of
 * that container.
 */
function edit(
  document: unknown,
  path: string,
  op: string,
  change: (container: Container, key: string) => void,
): unknown {
  const tokens = tokensOf(path);
  const missing = () =>
    new JsonPatchError(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
  if (!tokens) throw missing();
  const key = tokens.pop()!;
  const rebuild = (node: unknown, depth: number): Container => {
    if (!isContainer(node)) throw missing();
    const copy: Container = Array.isArray(node) ? [...node] : { ...node };
    if (depth === tokens.length) {
      change(copy, key);
      return copy;
    }
    const token = tokens[depth]!;
    const child = rebuild(childOf(node, token, missing), depth + 1);
    if (Array.isArray(copy)) copy[indexOf(copy, token)] = child;
    else setKey(copy, token, child);
    return copy;
  };
  return rebuild(document, 0);
}

function childOf(node: Container, token: string, missing: () => JsonPatchError): unknown {
  if (Array.isArray(node)) {
    const index = /^-?\d+$/.test(token) ? indexOf(node, token) : -1;
    if (index < 0) throw missing();
    return node[index];
  }
  if (!Object.hasOwn(node, token)) throw missing();
  return node[token];
}

/** The index that `token` means in `array`, bounds checked; `extra` more than its length is allowed (1 for add). */
function indexOf(array: readonly unknown[], token: string, extra = 0): number {
  if (!/^-?\d+$/.test(token))
    throw new JsonPatchError(`strconv.Atoi: parsing ${JSON.stringify(token)}: invalid syntax`);
  const index = Number(token);
  const size = array.length + extra;
  if (index >= size || index < -size)
    throw new JsonPatchError(`Unable to access invalid index: ${token}: invalid index referenced`);
  return index < 0 ? index + size : index;
}

function add(document: unknown, path: string, value: unknown, op = 'add'): unknown {
  return edit(document, path, op, (container, key) => {
    if (!Array.isArray(container)) setKey(container, key, value);
    else if (key === '-') container.push(value);
    else container.splice(indexOf(container, key, 1), 0, value);
  });
}

function remove(document: unknown, path: string, op = 'remove'): unknown {
  return edit(document, path, op, (container, key) => {
    if (Array.isArray(container)) {
      container.splice(indexOf(container, key), 1);
    } else {
      if (!Object.hasOwn(container, key))
        throw new JsonPatchError(
          `error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`,
        );
      delete container[key];
    }
  });
}

function replace(document: unknown, path: string, value: unknown): unknown {
  if (path === '') {
    if (!isContainer(value)) throw new JsonPatchError('replace operation value must be object or array');
    return value;
  }
  return edit(document, path, 'replace', (container, key) => {
    if (Array.isArray(container)) {
      container[indexOf(container, key)] = value;
    } else {
      if (!Object.hasOwn(container, key))
        throw new JsonPatchError(`replace operation does not apply: doc is missing key: ${path}: missing value`);
      setKey(container, key, value);
    }
  });
}

/** The value at `path`. @throws JsonPatchError if there is none. */
function read(document: unknown, path: string, op: string): unknown {
  const missing = () =>
    new JsonPatchError(`${op} operation does not apply: doc is missing from path: ${path}: missing value`);
  const tokens = tokensOf(path);
  if (!tokens) throw missing();
  return tokens.reduce((node: unknown, token) => {
    if (!isContainer(node)) throw missing();
    return childOf(node, token, missing);
  }, document);
}

function test(document: unknown, path: string, expected: unknown): unknown {
  if (!equalJson(path === '' ? document : readOrNull(document, path), expected)) {
    throw new JsonPatchError(`testing value ${path} failed: test failed`);
  }
  return document;
}

/** As {@link read}, but an absent last key counts as null. */
function readOrNull(document: unknown, path: string): unknown {
  const missing = () => new JsonPatchError(`test operation does not apply: is missing path: ${path}: missing value`);
  const tokens = tokensOf(path);
  if (!tokens) throw missing();
  const key = tokens.pop()!;
  const container = tokens.reduce((node: unknown, token) => {
    if (!isContainer(node)) throw missing();
    return childOf(node, token, missing);
  }, document);
  if (!isContainer(container)) throw missing();
  if (Array.isArray(container)) return container[indexOf(container, key)];
  return Object.hasOwn(container, key) ? container[key] : null;
}
