import type { ResourceDefinition } from '../resources/definition.js';
import { type FieldSelector, parseFieldSelector, parseLabelSelector, type LabelMatcher } from '../resources/selector.js';
import type { KubeObject } from '../resources/types.js';
import type { Entry } from '../store/entry.js';
import { StatusError } from './status.js';

/** Label and field selectors of a list or a watch, made ready to be asked about many objects. */
export interface Selection<T extends KubeObject = KubeObject> {
  /** True if nothing is left out. */
  readonly everything: boolean;
  /** The one name that a field selector asks for, if it does. */
  readonly name: string | undefined;
  matches(entry: Entry<T>): boolean;
}
