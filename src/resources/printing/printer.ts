import type { Cell, Column, Printer } from '../definition.js';
import type { KubeObject } from '../types.js';
import { age } from './age.js';

/** A column with what its cell shows of an object; `now` is the cluster's time in ms. */
export type PrintedColumn<T extends KubeObject> = Column & { readonly cell: (object: T, now: number) => Cell };

/** A column that is always shown. */
export function column<T extends KubeObject>(
  name: string,
  description: string,
  cell: (object: T, now: number) => Cell,
  type: Column['type'] = 'string',
): PrintedColumn<T> {
  return { name, type, description, priority: 0, cell };
}

/** A column that is shown with `-o wide`. */
export function wide<T extends KubeObject>(
  name: string,
  description: string,
  cell: (object: T, now: number) => Cell,
  type: Column['type'] = 'string',
): PrintedColumn<T> {
  return { name, type, description, priority: 1, cell };
}

/** The first column of almost every kind. */
export const NAME: PrintedColumn<KubeObject> = {
  ...column('Name', 'Name of the object, unique among those of its kind in its namespace.', o => o.metadata.name),
  format: 'name',
};

/** The column of ages. */
export const AGE: PrintedColumn<KubeObject> = column('Age', 'Time since the object was created.', (o, now) =>
  age(o.metadata.creationTimestamp, now),
);

/** A printer made of columns, in the order of `kubectl get -o wide`. */
export function printer<T extends KubeObject>(...columns: PrintedColumn<T>[]): Printer<T> {
  return {
    columns: columns.map(({ cell: _, ...shown }) => shown),
    cells: (object, now) => columns.map(({ cell }) => cell(object, now)),
  };
}

/** What is printed of a kind that has no columns of its own. */
export const nameAndAge: Printer<KubeObject> = {
  ...printer(NAME, { ...AGE, name: 'Created At', type: 'date', cell: o => o.metadata.creationTimestamp }),
};

/** What kubectl prints where there is nothing. */
export const NONE = '<none>';

/** `text`, or `<none>` if it is empty. */
export const orNone = (text: string | undefined): string => text || NONE;
