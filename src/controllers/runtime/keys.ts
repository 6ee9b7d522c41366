/** The key under which a queue holds an object: `namespace/name`. Takes an entry, or the metadata of an object. */
export const keyOf = ({ namespace = '', name }: { readonly namespace?: string; readonly name: string }): string =>
  `${namespace}/${name}`;

/** What {@link keyOf} was made of; names contain no slash. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
