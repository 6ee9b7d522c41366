import { customKinds } from '../custom/definition.js';
import type { CustomResource, CustomResourceDefinition } from '../custom/types.js';
import type { ResourceDefinition, Strategy } from '../definition.js';
import type { FieldError } from '../field-error.js';
import { compileStage } from './compile.js';
import { STAGE_DEFINITION } from './schema.js';
import type { Stage } from './types.js';

/** A custom kind that is there from the start. */
const [kind] = customKinds(
  STAGE_DEFINITION as CustomResourceDefinition,
  () => false,
  object => object,
);
const { strategy } = kind!;

/** What is wrong by the schema, and if that is nothing, with what has to be read. */
const checked = (errors: readonly FieldError[] = [], object: CustomResource): FieldError[] =>
  errors.length > 0 ? [...errors] : [...compileStage(object as unknown as Stage).errors];

/** kwok's stages: by which pods, nodes and other objects live, where there are any for their kind. */
export const stages = {
  ...kind!,
  strategy: {
    ...strategy,
    validate: object => checked(strategy.validate?.(object), object),
    validateUpdate: (object, old) => checked(strategy.validateUpdate?.(object, old), object),
  } satisfies Strategy<CustomResource>,
} as unknown as ResourceDefinition<Stage>;
