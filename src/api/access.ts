import type { Access } from '../access/access.js';
import type { Guard } from './guard.js';

/** What the API asks about whoever asks it. */
export interface ApiAccess extends Access {
  readonly guard: Guard;
}
