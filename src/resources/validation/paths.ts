import { type FieldError, invalid } from '../field-error.js';

const MAX_MODE = 0o777;

/** A path that does not go up: none of its steps is `..`. */
export function checkNoBackstep(errors: FieldError[], field: string, path: string): void {
  if (path.split('/').includes('..')) errors.push(invalid(field, path, "must not contain '..'"));
}

/** A path below where it starts from. */
export function checkDescendingPath(errors: FieldError[], field: string, path: string): void {
  if (path.startsWith('/')) errors.push(invalid(field, path, 'must be a relative path'));
  checkNoBackstep(errors, field, path);
}

/** A path below, whose first step is none of the names that kubelets keep to themselves (`..data`). */
export function checkOwnPath(errors: FieldError[], field: string, path: string): void {
  checkDescendingPath(errors, field, path);
  if (path.startsWith('..') && !path.startsWith('../')) {
    errors.push(invalid(field, path, "must not start with '..'"));
  }
}

/** Permissions of a file; absent is fine. */
export function checkFileMode(errors: FieldError[], field: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > MAX_MODE)) {
    errors.push(invalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive'));
  }
}
