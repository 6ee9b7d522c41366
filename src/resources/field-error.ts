/** What upstream calls the type of a field error; `Status.details.causes[].reason` is derived from it. */
export type FieldErrorType =
  | 'Invalid value'
  /** Told as an invalid value, but with a reason of its own. */
  | 'Invalid type'
  | 'Required value'
  | 'Unsupported value'
  | 'Forbidden'
  | 'Duplicate value'
  | 'Too long'
  | 'Too many'
  | 'Not found'
  | 'Internal error';

const CAUSE_REASONS: Record<FieldErrorType, string> = {
  'Invalid value': 'FieldValueInvalid',
  'Invalid type': 'FieldValueTypeInvalid',
  'Required value': 'FieldValueRequired',
  'Unsupported value': 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  'Duplicate value': 'FieldValueDuplicate',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
  'Not found': 'FieldValueNotFound',
  'Internal error': 'InternalError',
};

/** In place of a value that messages do not repeat. */
export const OMITTED: unique symbol = Symbol('omitted');

/** One thing wrong with one field of an object. */
export class FieldError {
  constructor(
    /** Dotted path as upstream writes it: `spec.template.spec.containers[0].name`, `metadata.labels[app]`. */
    readonly field: string,
    readonly type: FieldErrorType,
    readonly detail: string,
    /** The offending value; left out for types that carry none. */
    readonly value?: unknown,
  ) {}

  /** `Status.details.causes[].reason`. */
  get reason(): string {
    return CAUSE_REASONS[this.type];
  }

  /** `Invalid value: "x": must be …`: the text after the field in upstream's messages (values as JSON, as since 1.34). */
  get body(): string {
    const hasValue =
      this.type === 'Too many'
        ? this.value !== undefined
        : this.value !== OMITTED &&
          this.type !== 'Required value' &&
          this.type !== 'Forbidden' &&
          this.type !== 'Too long';
    const value = hasValue ? `: ${this.value === undefined ? 'null' : JSON.stringify(this.value)}` : '';
    const type = this.type === 'Invalid type' ? 'Invalid value' : this.type;
    return `${type}${value}${this.detail ? `: ${this.detail}` : ''}`;
  }

  /** The whole sentence: `spec.selector: Invalid value: …`. */
  get message(): string {
    return `${this.field}: ${this.body}`;
  }
}

export const invalid = (field: string, value: unknown, detail: string) =>
  new FieldError(field, 'Invalid value', detail, value);
export const required = (field: string, detail = '') => new FieldError(field, 'Required value', detail);
export const forbidden = (field: string, detail: string) => new FieldError(field, 'Forbidden', detail);
export const duplicate = (field: string, value: unknown) => new FieldError(field, 'Duplicate value', '', value);
/** `supported values: "A", "B"`. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]) =>
  new FieldError(
    field,
    'Unsupported value',
    `supported values: ${supported.map(s => JSON.stringify(s)).join(', ')}`,
    value,
  );
export const notFound = (field: string, value: unknown) => new FieldError(field, 'Not found', '', value);
export const tooMany = (field: string, count: number, max: number) =>
  new FieldError(field, 'Too many', `must have at most ${max} items`, count);
export const tooLong = (field: string, max: number) =>
  new FieldError(field, 'Too long', `may not be more than ${max} bytes`);
