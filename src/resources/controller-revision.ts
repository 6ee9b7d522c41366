import { define } from './define.js';
import { groupVersionOf } from './definition.js';
import { type FieldError, invalid, required } from './field-error.js';
import { equalJson } from './json.js';
import { AGE, column, NAME, NONE, printer } from './printing/printer.js';
import type { ControllerRevision } from './types.js';
import { checkNotNegative, IMMUTABLE } from './validation/messages.js';

export const controllerRevisions = define<ControllerRevision>({
  group: 'apps',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  strategy: {
    setDefaults(object) {
      object.revision ??= 0;
    },
    validate,
    validateUpdate: (object, old) => [
      ...validate(object),
      ...(equalJson(object.data, old.data) ? [] : [invalid('data', object.data, IMMUTABLE)]),
    ],
  },
  printer: printer<ControllerRevision>(
    NAME,
    column('Controller', 'The object whose history this is.', controller),
    column('Revision', 'Place in the history.', o => o.revision),
    AGE,
  ),
});

function validate(object: ControllerRevision): FieldError[] {
  const errors: FieldError[] = [];
  if (object.data === undefined || object.data === null) errors.push(required('data', 'data is mandatory'));
  checkNotNegative(errors, 'revision', object.revision);
  return errors;
}

/** `daemonset.apps/agent` */
function controller({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(o => o.controller);
  if (!owner) return NONE;
  const { group } = groupVersionOf(owner.apiVersion);
  return `${owner.kind.toLowerCase()}${group && `.${group}`}/${owner.name}`;
}
