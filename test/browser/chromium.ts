import { existsSync } from 'node:fs';
import { fromDebian } from '../support/debian.js';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of a Chromium, installed where there is none; see {@link fromDebian}. */
export const chromium = (): string | undefined =>
  fromDebian('chromium', () => process.env.CHROMIUM_PATH ?? PATHS.find(path => existsSync(path)));
