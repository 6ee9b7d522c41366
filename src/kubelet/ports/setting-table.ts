import type { KubeObject } from '../../resources/types.js';

/** How a setting is written down, and how it is read. */
interface Setting<T> {
  readonly annotation: string;
  /** Undefined for what makes no sense, which counts as absent. */
  read(text: string): T | undefined;
  /** What would make sense, in words. */
  readonly meant: string;
}

/** The settings of `S`, each with the annotation that says it. */
export type SettingTable<S> = { readonly [K in keyof S]-?: Setting<Exclude<S[K], undefined>> };

/** Who says something by annotations. */
export type Bearer = Pick<KubeObject, 'metadata'>;

/**
 * What `bearers` say.
 * @param bearers the nearest first, which counts
 * @returns `defaults` itself where nobody says anything
 */
export function readSettings<S extends object>(
  table: SettingTable<S>,
  bearers: readonly (Bearer | undefined)[],
  defaults: S,
): S {
  let settings: S | undefined;
  for (const bearer of bearers.toReversed()) {
    const annotations = bearer?.metadata.annotations;
    if (!annotations) continue;
    for (const key in table) {
      const value = readOne(table, key, annotations);
      if (value !== undefined) settings = { ...(settings ?? defaults), [key]: value };
    }
  }
  return settings ?? defaults;
}

/** What one annotation says; undefined if it says nothing. */
export function readOne<S, K extends keyof S>(
  table: SettingTable<S>,
  key: K,
  annotations: Readonly<Record<string, string>> = {},
): Exclude<S[K], undefined> | undefined {
  const text = annotations[table[key].annotation];
  return text === undefined ? undefined : table[key].read(text);
}

/** The annotations of `bearer` that make no sense. */
export function badSettings<S>(table: SettingTable<S>, { metadata }: Bearer): { key: string; message: string }[] {
  return rows(table).flatMap(({ annotation, meant, read }) => {
    const text = metadata.annotations?.[annotation];
    return text === undefined || read(text) !== undefined
      ? []
      : [{ key: annotation, message: `"${text}" is not ${meant}` }];
  });
}

/** The annotations of a table by what they are called in a configuration: `serveBody` for `kubette.dev/serve-body`. */
export function annotationsByOption<S>(table: SettingTable<S>): Record<string, string> {
  return Object.fromEntries(rows(table).map(({ annotation }) => [optionOf(annotation), annotation]));
}

const optionOf = (annotation: string) =>
  annotation.slice(annotation.indexOf('/') + 1).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const rows = <S>(table: SettingTable<S>) => Object.values<Setting<unknown>>(table);
