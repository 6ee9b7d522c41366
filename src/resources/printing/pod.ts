import type { Pod } from '../types.js';
import { AGE, NAME, printer } from './printer.js';
export const printPod = printer<Pod>(NAME, AGE);
