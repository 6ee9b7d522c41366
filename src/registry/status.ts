import type { FieldError } from '../resources/field-error.js';

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** metav1.Status, the form of every error (and of some successes) that the API answers. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

/** What the messages call a resource: group and plural. */
export interface Named {
  readonly group: string;
  readonly plural: string;
}

const qualified = (r: Named) => (r.group ? `${r.plural}.${r.group}` : r.plural);

/** An error with the `Status` that clients get for it: reason, code, wording and causes as kube-apiserver writes them. */
export class StatusError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly details?: StatusDetails,
    /** `metadata.continue` of the status: how a client goes on after its `continue` token expired. */
    readonly continueToken?: string,
  ) {
    super(message);
    this.name = 'StatusError';
  }

  get status(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken ? { continue: this.continueToken } : {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }

  static is(error: unknown, reason: string): boolean {
    return error instanceof StatusError && error.reason === reason;
  }

  static notFound(resource: Named, name: string): StatusError {
    return new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, details(resource, name));
  }

  /** @param taken whether the object that has the name is on its way out, and whether the new one has a `generateName` as well */
  static alreadyExists(resource: Named, name: string, taken: { isGoing: boolean; isDrawn: boolean }): StatusError {
    const going = taken.isGoing ? 'object is being deleted: ' : '';
    const drawn = taken.isDrawn ? ', the server was not able to generate a unique name for the object' : '';
    return new StatusError(409, 'AlreadyExists', `${going}${qualified(resource)} "${name}" already exists${drawn}`, {
      ...details(resource, name),
      ...(taken.isDrawn ? { retryAfterSeconds: 1 } : {}),
    });
  }

  /** The stored object is not the one the caller has read. */
  static conflict(
    resource: Named,
    name: string,
    why = 'the object has been modified; please apply your changes to the latest version and try again',
  ): StatusError {
    return new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
      details(resource, name),
    );
  }

  static forbidden(resource: Named, name: string, why: string, causes?: StatusCause[]): StatusError {
    return new StatusError(403, 'Forbidden', `${qualified(resource)}${name && ` "${name}"`} is forbidden: ${why}`, {
      ...details(resource, name),
      ...(causes ? { causes } : {}),
    });
  }

  /** 422 with one cause per field error, as upstream orders and words them. `kind` is the Kind, not the resource. */
  static invalid(kind: { group: string; kind: string }, name: string, errors: readonly FieldError[]): StatusError {
    const texts = [...new Set(errors.map(e => e.message))];
    const subject = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
    const problem = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
    return new StatusError(422, 'Invalid', `${subject} "${name}" is invalid: ${problem}`, {
      ...(name ? { name } : {}),
      ...(kind.group ? { group: kind.group } : {}),
      kind: kind.kind,
      causes: errors.map(e => ({ reason: e.reason, message: e.body, field: e.field })),
    });
  }

  static badRequest(message: string): StatusError {
    return new StatusError(400, 'BadRequest', message);
  }

  static methodNotSupported(resource: Named, verb: string): StatusError {
    return new StatusError(
      405,
      'MethodNotAllowed',
      `${verb} is not supported on resources of kind "${qualified(resource)}"`,
      {
        ...(resource.group ? { group: resource.group } : {}),
        kind: resource.plural,
      },
    );
  }

  /** The revision asked for is no longer in the log. */
  static expired(message: string, continueToken?: string): StatusError {
    return new StatusError(410, 'Expired', message, undefined, continueToken);
  }

  /** @param details empty where upstream's router refuses, which always has some */
  static unsupportedMediaType(message: string, details?: StatusDetails): StatusError {
    return new StatusError(415, 'UnsupportedMediaType', message, details);
  }

  /** @param details empty where upstream's router refuses, which always has some */
  static notAcceptable(message: string, details?: StatusDetails): StatusError {
    return new StatusError(406, 'NotAcceptable', message, details);
  }

  static tooLarge(message: string): StatusError {
    return new StatusError(413, 'RequestEntityTooLarge', message);
  }

  static unauthorized(): StatusError {
    return new StatusError(401, 'Unauthorized', 'Unauthorized');
  }

  static internal(message: string): StatusError {
    return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
  }
}

function details(resource: Named, name: string): StatusDetails {
  return { ...(name ? { name } : {}), ...(resource.group ? { group: resource.group } : {}), kind: resource.plural };
}

/** What an error says; a text for anything else that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
