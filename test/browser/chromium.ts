import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const find = () => process.env.CHROMIUM_PATH ?? PATHS.find(path => existsSync(path));

/**
 * The path of a Chromium. Where there is none it is installed, which takes root and Debian's package tool; a test that gets
 * `undefined` is to be skipped, and the reason has been printed.
 */
export function chromium(): string | undefined {
  const found = find();
  if (found) return found;
  if (process.getuid?.() !== 0) return skipped('there is no Chromium, and only root can install one');
  try {
    console.warn('browser tests: installing Chromium (apt-get install chromium)');
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'ignore' });
  } catch (error) {
    return skipped(
      `there is no Chromium, and installing one failed: ${error instanceof Error ? error.message : error}`,
    );
  }
  return find() ?? skipped('Chromium was installed, but is at none of the places known');
}

function skipped(reason: string): undefined {
  console.warn(`browser tests are skipped: ${reason}`);
  return undefined;
}
