import { execFileSync } from 'node:child_process';

/**
 * What `find` finds; where that is nothing, after installing a Debian package, which takes root and Debian's package tool. A test
 * that gets `undefined` is to be skipped, and the reason has been printed.
 */
export function fromDebian(name: string, find: () => string | undefined): string | undefined {
  const found = find();
  if (found) return found;
  if (process.getuid?.() !== 0) return skipped(name, 'it is not there, and only root can install it');
  try {
    console.warn(`tests: installing ${name} (apt-get install ${name})`);
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { stdio: 'ignore' });
  } catch (error) {
    return skipped(name, `installing it failed: ${error instanceof Error ? error.message : error}`);
  }
  return find() ?? skipped(name, 'it was installed, but is at none of the places known');
}

function skipped(name: string, reason: string): undefined {
  console.warn(`tests with ${name} are skipped: ${reason}`);
  return undefined;
}
