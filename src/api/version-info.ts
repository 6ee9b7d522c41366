/**
 * `/version`: what clients adapt themselves to.
 * @param kubernetes the version whose behaviour this is: `v1.35.0`
 */
export function versionInfo(kubernetes: string): Record<string, string> {
  const [major, minor] = kubernetes.slice(1).split('.') as [string, string];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `${kubernetes}+kubette`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
