import { AUTHORIZER } from './authorizer.js';
import { KUBERNETES } from './kubernetes.js';
import { LISTS } from './lists.js';
import { NETWORK } from './network.js';
import { type Overload, overload } from './overload.js';
import { STANDARD } from './standard.js';
import { STRINGS } from './strings.js';
import { TIME } from './time.js';

let table: Map<string, Overload[]> | undefined;

const keyOf = (name: string, method: boolean, count: number) => `${method ? '.' : ''}${name}/${count}`;

/** All ways to call a function with so many arguments, the receiver among them. Read when the first rule is. */
function functions(): Map<string, Overload[]> {
  if (table) return table;
  table = new Map();
  for (const row of [...STANDARD, ...TIME, ...STRINGS, ...LISTS, ...NETWORK, ...KUBERNETES, ...AUTHORIZER]) {
    const one = overload(row);
    const key = keyOf(one.name, one.method, one.args.length);
    const others = table.get(key);
    if (others) others.push(one);
    else table.set(key, [one]);
  }
  return table;
}

export const overloads = (name: string, method: boolean, count: number): readonly Overload[] =>
  functions().get(keyOf(name, method, count)) ?? [];

let names: Set<string> | undefined;

/** Whether there is a function of that name, however many arguments it has. */
export function isFunction(name: string, method: boolean): boolean {
  names ??= new Set([...functions().keys()].map(key => key.replace(/\/\d+$/, '')));
  return names.has(method ? `.${name}` : name);
}
