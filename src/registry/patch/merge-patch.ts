import { isObject, type JsonObject, setKey } from '../../resources/json.js';

/**
 * JSON merge patch (RFC 7396): objects merge, `null` removes, anything else replaces. Unlike the RFC, upstream's library drops
 * nulls of objects in lists as well, if the list does not take the place of an object. Shares with `target` what did not change
 * and gives `target` itself back where nothing did.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) && !isObject(target))
    return patch.map(item => (item === null ? null : mergePatch(undefined, item)));
  if (!isObject(patch)) return patch;
  const base = isObject(target) ? target : undefined;
  let result: JsonObject | undefined = base ? undefined : {};
  for (const [key, value] of Object.entries(patch)) {
    const present = base !== undefined && Object.hasOwn(base, key);
    if (value === null) {
      if (!present) continue;
      result ??= { ...base };
      delete result[key];
      continue;
    }
    const old = present ? base[key] : undefined;
    const merged = mergePatch(old, value);
    if (present && merged === old) continue;
    result ??= { ...base };
    setKey(result, key, merged);
  }
  return result ?? base;
}
